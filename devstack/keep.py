"""Small values that stay the same from one start to the next, in files that only their owner reads."""

import os
import secrets
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write a file that only we may read, from its first byte on.

    Args:
        path: where; replaced when present.
        text: what.
    """
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def kept_secret(path: Path) -> str:
    """Give the secret in a file, making it on first use.

    Args:
        path: the file, created with mode 0600.

    Returns:
        64 hexadecimal digits from the system's random source.
    """
    if not path.exists():
        write_private(path, secrets.token_hex(32))
    return path.read_text().strip()


def kept_number(path: Path) -> int:
    """Give a remembered number.

    Args:
        path: its file; may be absent.

    Returns:
        The number, or 0 when none was kept.
    """
    try:
        return int(path.read_text())
    except (FileNotFoundError, ValueError):
        return 0


def keep_number(path: Path, number: int) -> None:
    """Remember a number.

    Args:
        path: its file.
        number: its value.
    """
    write_private(path, str(number))
