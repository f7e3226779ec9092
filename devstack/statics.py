"""Are the collected static files still those of the sources?"""

import hashlib
from pathlib import Path

from devstack.home import CHECKOUT, MACHINERY

COLLECTED = CHECKOUT / "staticfiles" / "staticfiles.json"
_STAMP = MACHINERY / "static-stamp"


def are_collected() -> bool:
    """Tell whether collecting again would change nothing: the dearest step of a second start."""
    return COLLECTED.exists() and _STAMP.exists() and _STAMP.read_text() == _digest()


def remember_collected() -> None:
    """Note what has just been collected."""
    _STAMP.write_text(_digest())


def _digest() -> str:
    digest = hashlib.sha256()
    sources = [CHECKOUT / "requirements-dev.txt", CHECKOUT / "portal/settings.py", COLLECTED]
    sources += sorted(path for path in (CHECKOUT / "static").rglob("*") if path.is_file())
    for path in sources:
        digest.update(_mark(path).encode())
    return digest.hexdigest()


def _mark(path: Path) -> str:
    facts = path.stat()
    return f"{path}:{facts.st_size}:{facts.st_mtime_ns}\n"
