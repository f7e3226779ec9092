"""The inside of a public key: fields with their lengths before them, judged by kind."""

from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from tokens.catalogue import public_key_words as words

SHORTEST_RSA: Final = 3072
LONGEST_RSA: Final = 16384  # OpenSSH reads no longer one
SMALLEST_EXPONENT: Final = 65537

_CURVES: Final[dict[str, ec.EllipticCurve]] = {
    "nistp256": ec.SECP256R1(),
    "nistp384": ec.SECP384R1(),
    "nistp521": ec.SECP521R1(),
}


class Unreadable(Exception):
    """A key that is damaged or too weak; `words` say which and hold nothing of it."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class _Fields:
    """Takes one field after the other.

    Args:
        blob: the key without its base64.
    """

    def __init__(self, blob: bytes) -> None:
        self._rest = blob

    def take(self) -> bytes:
        """The next field; Unreadable where there is none or less of it than it says."""
        length, rest = int.from_bytes(self._rest[:4]), self._rest[4:]
        if len(self._rest) < 4 or length > len(rest):
            raise Unreadable(words.CUT)
        self._rest = rest[length:]
        return rest[:length]

    def take_number(self) -> int:
        """The next field as a positive whole number without needless bytes (RFC 4251, section 5, "mpint")."""
        field = self.take()
        number = int.from_bytes(field, signed=True)
        if number <= 0 or len(field) != number.bit_length() // 8 + 1:
            raise Unreadable(words.DAMAGED)
        return number

    def end(self) -> None:
        """Unreadable where anything is left."""
        if self._rest:
            raise Unreadable(words.DAMAGED)


def bits_of_blob(algorithm: str, blob: bytes) -> int:
    """Judge a key and tell its length in bits.

    Args:
        algorithm: one of `SIZES`, as it stands before the key.
        blob: the key without its base64.

    Raises:
        Unreadable: damaged, of another kind, or too weak.
    """
    fields = _Fields(blob)
    if fields.take() != algorithm.encode():
        raise Unreadable(words.ANOTHER_NAME)
    bits = SIZES[algorithm](algorithm, fields)
    fields.end()
    return bits


def _ed25519(_: str, fields: _Fields) -> int:
    if len(fields.take()) != 32:
        raise Unreadable(words.DAMAGED)
    return 256


def _ecdsa(algorithm: str, fields: _Fields) -> int:
    name = algorithm.rpartition("-")[2]
    if fields.take() != name.encode():
        raise Unreadable(words.DAMAGED)
    curve, point = _CURVES[name], fields.take()
    # 4 says that both coordinates follow, each as long as the curve.
    if point[:1] != b"\x04" or len(point) != 1 + 2 * ((curve.key_size + 7) // 8) or not _is_on(curve, point):
        raise Unreadable(words.DAMAGED)
    return curve.key_size


def _is_on(curve: ec.EllipticCurve, point: bytes) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(curve, point)
    except ValueError:
        return False
    return True


def _rsa(_: str, fields: _Fields) -> int:
    exponent, modulus = fields.take_number(), fields.take_number()
    bits = modulus.bit_length()
    if bits < SHORTEST_RSA:
        raise Unreadable(words.SHORT_RSA)
    if bits > LONGEST_RSA:
        raise Unreadable(words.LONG_RSA)
    if modulus % 2 == 0 or exponent % 2 == 0 or not SMALLEST_EXPONENT <= exponent < modulus:
        raise Unreadable(words.WEAK_RSA)
    return bits


# How each kind that is accepted is judged.
SIZES: Final[dict[str, Callable[[str, _Fields], int]]] = {
    "ssh-ed25519": _ed25519,
    **{f"ecdsa-sha2-{name}": _ecdsa for name in _CURVES},
    "ssh-rsa": _rsa,
}
