"""Key pairs, made anew for each run: as cryptography and as ssh-keygen write them."""

import base64
import struct
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat

PASSWORD = b"correct horse"
# As ssh-keygen names kind and length.
OPENSSH = (("ed25519", "256"), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("rsa", "3072"))


def blob(*fields: bytes) -> bytes:
    """Fields with their lengths before them."""
    return b"".join(struct.pack(">I", len(one)) + one for one in fields)


def mpint(number: int) -> bytes:
    """A positive whole number as SSH writes it."""
    return number.to_bytes(number.bit_length() // 8 + 1)


def line(algorithm: str, inside: bytes, comment: str = "") -> str:
    """A line of OpenSSH's."""
    return f"{algorithm} {base64.b64encode(inside).decode()} {comment}".strip()


def made_by_cryptography() -> dict[str, Any]:
    """One private key of each kind."""
    return {
        "ed25519": ed25519.Ed25519PrivateKey.generate(),
        "ed448": ed448.Ed448PrivateKey.generate(),
        "p256": ec.generate_private_key(ec.SECP256R1()),
        "p384": ec.generate_private_key(ec.SECP384R1()),
        "p521": ec.generate_private_key(ec.SECP521R1()),
        "rsa 2048": rsa.generate_private_key(65537, 2048),
        "rsa 3072": rsa.generate_private_key(65537, 3072),
        "dsa": dsa.generate_private_key(1024),  # noqa: S505 - OpenSSH never wrote longer ones
    }


def public_line(key: Any) -> str:
    """The public half as a line of OpenSSH's."""
    form = serialization.PublicFormat.OpenSSH
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # DSA is deprecated
        return str(key.public_key().public_bytes(serialization.Encoding.OpenSSH, form).decode())


def public_block(key: Any, form: serialization.PublicFormat) -> str:
    """The public half as a PEM block."""
    return str(key.public_key().public_bytes(serialization.Encoding.PEM, form).decode())


def private_blocks(key: Any) -> Iterator[tuple[str, str]]:
    """Every way in which the private half can be written, with its name."""
    locks = (serialization.NoEncryption(), serialization.BestAvailableEncryption(PASSWORD))
    for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL, PrivateFormat.OpenSSH):
        for lock in locks:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # DSA is deprecated
                try:
                    written = key.private_bytes(serialization.Encoding.PEM, form, lock).decode()
                except (ValueError, UnsupportedAlgorithm):  # not every kind has every form
                    continue
            yield f"{form} {type(lock).__name__}", written


def keygen(*arguments: str, input_text: str = "") -> str:
    """What ssh-keygen prints."""
    done = subprocess.run(
        ["ssh-keygen", *arguments], input=input_text, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def made_by_keygen(folder: Path, kind: str, bits: str, *more: str, password: str = "") -> Path:
    """The private half's file; the public one stands beside it."""
    path = folder / "_".join(("id", kind, bits, *more, "locked" if password else "open"))
    keygen("-q", "-t", kind, "-b", bits, "-N", password, "-C", "ci@build", *more, "-f", str(path))
    return path
