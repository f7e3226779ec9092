"""A fingerprint tells two secrets apart without keeping either: HMAC-SHA-256, its pepper outside the database."""

import hashlib
import hmac
from collections.abc import Sequence

PEPPER_ID_LENGTH = 8


def pepper_id(pepper: str) -> str:
    """A short public name of a pepper, so that a fingerprint says which one it was made with."""
    return hashlib.sha256(b"pepper-id:" + pepper.encode()).hexdigest()[:PEPPER_ID_LENGTH]


def fingerprint(secret: str, pepper: str) -> str:
    """``<pepper id>:<hex>`` of one secret."""
    digest = hmac.new(pepper.encode(), secret.encode(), hashlib.sha256).hexdigest()
    return f"{pepper_id(pepper)}:{digest}"


def all_fingerprints(secret: str, peppers: Sequence[str]) -> list[str]:
    """The fingerprints under every pepper we still hold, newest first: what a look-up must try."""
    return [fingerprint(secret, pepper) for pepper in peppers]
