"""The portal's signature: Ed25519 (RFC 8032) over what leaves it as evidence. Only the worker holds the private key."""

import base64
import binascii
import hashlib
import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

SEED_BYTES = 32


class NoSigningKey(Exception):
    """This process has no key to sign with; the message says so in words that a page can show."""


class MalformedKey(ValueError):
    """A text is no signing key; the message never quotes it."""


class SigningKey:
    """A private key that signs, and the public half that everybody may have.

    Args:
        seed: the 32 bytes that an Ed25519 private key is.
    """

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public_text = base64.b64encode(public).decode()
        self.key_id = key_id_of(public)

    def __repr__(self) -> str:
        return f"SigningKey({self.key_id})"

    def sign(self, message: bytes) -> bytes:
        """The signature of a message, 64 bytes; always the same for the same message."""
        return self._private.sign(message)


def key_id_of(public: bytes) -> str:
    """A short name of a public key: the first 16 hexadecimal digits of its SHA-256.

    Args:
        public: the raw key, 32 bytes.
    """
    return hashlib.sha256(public).hexdigest()[:16]


def new_seed_text() -> str:
    """A fresh private key as `AUDIT_SIGNING_KEY` takes it: base64 of 32 random bytes."""
    return base64.b64encode(secrets.token_bytes(SEED_BYTES)).decode()


def seed_from_text(text: str, *, demo: bool) -> bytes:
    """Read the setting.

    Args:
        text: base64 of 32 bytes; in the demo any text.
        demo: whether ``DEMO=1``. Demo secrets carry a mark, which base64 of random bytes cannot, so there the seed is
            the SHA-256 of the text. A marked text is no base64 of 32 bytes and so is no key anywhere else.

    Raises:
        MalformedKey: it is not base64 of 32 bytes.
    """
    if demo:
        return hashlib.sha256(text.encode()).digest()
    try:
        seed = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != SEED_BYTES:
        raise MalformedKey("AUDIT_SIGNING_KEY must be base64 of 32 bytes, as manage.py signing_key --new prints it.")
    return seed


def configured_key() -> SigningKey:
    """The key of this process.

    Raises:
        NoSigningKey: it has none.
        MalformedKey: what is set is none.
    """
    text = settings.AUDIT_SIGNING_KEY
    if not text:
        raise NoSigningKey(
            "Evidence packs cannot be made: AUDIT_SIGNING_KEY is not set for the worker. "
            "manage.py signing_key --new makes one."
        )
    return SigningKey(seed_from_text(text, demo=settings.DEMO))
