"""Public halves of SSH keys, told apart by their fingerprint."""

import base64
import binascii
import hashlib


def ssh_fingerprint(line: str) -> str:
    """`SHA256:…` of a public key as OpenSSH shows it; empty where the line is no usable key.

    Args:
        line: type and key, with or without a comment behind them, as Bitbucket lists both.
    """
    raw = _blob(line)
    return "SHA256:" + base64.b64encode(hashlib.sha256(raw).digest()).decode().rstrip("=") if raw else ""


def ssh_key_text(line: str) -> str:
    """Type and base64 of a public key, one blank between them and no comment; empty where the line is no usable key.

    Args:
        line: type and key, with or without a comment behind them, as Bitbucket lists both.
    """
    return " ".join(line.split()[:2]) if _blob(line) else ""


def _blob(line: str) -> bytes:
    words = line.split()
    try:
        return base64.b64decode(words[1] if len(words) > 1 else "", validate=True)
    except (binascii.Error, ValueError):
        return b""
