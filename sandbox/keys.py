"""Texts that open something: how they are made, how they are known again.

Values that belong to the demo itself carry the word SANDBOX, so that nothing real can be mistaken for them.
Prefixes as an Atlassian employee named them:
https://community.atlassian.com/forums/Bitbucket-questions/Can-we-confirm-BitBucket-s-token-prefixes/qaq-p/3093481
"""

import hashlib
import secrets
import uuid
from functools import lru_cache

API_TOKEN = "ATATT3xFfGF0"
ACCESS_TOKEN = "ATCTT3xFfGN0"
APP_PASSWORD = "ATBB"
_SPACE = uuid.UUID("6f2f4a52-6a0c-4f0a-9c9e-0d6b1d1f7c11")


def digest(secret: str) -> str:
    """Give what is remembered of a secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret(prefix: str) -> str:
    """Make a secret that exists once, in the answer that shows it."""
    return prefix + secrets.token_urlsafe(48).replace("-", "x").replace("_", "y")


def demo_secret(prefix: str, seed: int, purpose: str) -> str:
    """Make one of the demo's own secrets: the same for the same seed, and marked as the sandbox's."""
    text = hashlib.sha256(f"sandbox/{seed}/{purpose}".encode()).hexdigest()
    return f"{prefix}SANDBOX{text[:40]}"


@lru_cache(maxsize=50_000)
def stable_uuid(seed: int, *names: object) -> str:
    """Make the same uuid for the same names, without braces."""
    return str(uuid.uuid5(_SPACE, "/".join(str(part) for part in (seed, *names))))


def braced(seed: int, *names: object) -> str:
    """Make the same uuid for the same names, in the braces Bitbucket writes around its own."""
    return "{" + stable_uuid(seed, *names) + "}"
