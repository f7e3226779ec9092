"""Small values that stay the same from one start to the next, in files that only their owner reads."""

import json
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


def kept_number(path: Path, name: str) -> int:
    """Give a remembered number.

    Args:
        path: a JSON file of numbers by name; may be absent.
        name: which.

    Returns:
        The number, or 0 when none was kept.
    """
    try:
        return int(json.loads(path.read_text()).get(name, 0))
    except (FileNotFoundError, ValueError):
        return 0


def keep_number(path: Path, name: str, number: int) -> None:
    """Remember a number beside those already there.

    Args:
        path: the JSON file.
        name: which.
        number: its value.
    """
    try:
        numbers = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        numbers = {}
    write_private(path, json.dumps({**numbers, name: number}))
