"""The stand-alone verifier's arithmetic, held to RFC 8032 and to the library that signs."""

import base64
import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from audit.signing import MalformedKey, SigningKey, key_id_of, new_seed_text, seed_from_text
from audit.verifier import NoKey, is_signed, key_from_text
from audit.verifier import key_id_of as verifiers_key_id
from tests.audit.packing import OURS, PUBLIC, THEIRS
from tests.audit.rfc8032 import VECTORS, Vector

ORDER = 2**252 + 27742317777372353535851937790883648493
PRIME = 2**255 - 19
# All encodings of the points whose order divides 8, the non-canonical ones too.
SMALL = [
    (1).to_bytes(32, "little"),
    (1 | 1 << 255).to_bytes(32, "little"),
    (PRIME - 1).to_bytes(32, "little"),
    (PRIME - 1 | 1 << 255).to_bytes(32, "little"),
    bytes(32),
    (1 << 255).to_bytes(32, "little"),
    PRIME.to_bytes(32, "little"),
    (PRIME | 1 << 255).to_bytes(32, "little"),
    (PRIME + 1).to_bytes(32, "little"),
    (PRIME + 1 | 1 << 255).to_bytes(32, "little"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
]


def library_says(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector.name))
def test_the_vectors_of_the_standard(vector: Vector) -> None:
    public, message, signature = (bytes.fromhex(part) for part in (vector.public, vector.message, vector.signature))
    key = SigningKey(bytes.fromhex(vector.seed))
    assert base64.b64decode(key.public_text) == public
    assert key.sign(message) == signature
    assert is_signed(public, message, signature)
    assert not is_signed(public, message + b"\x00", signature)
    assert not is_signed(public, message, signature[:-1] + bytes([signature[-1] ^ 1]))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_what_the_library_signs_is_signed(seed: bytes, message: bytes) -> None:
    key = SigningKey(seed)
    assert is_signed(base64.b64decode(key.public_text), message, key.sign(message))


@given(st.binary(max_size=80), st.integers(0, 63), st.integers(1, 255))
def test_both_refuse_a_signature_with_a_changed_byte(message: bytes, place: int, change: int) -> None:
    signature = bytearray(OURS.sign(message))
    signature[place] ^= change
    assert not is_signed(PUBLIC, message, bytes(signature))
    assert not library_says(PUBLIC, message, bytes(signature))


@given(st.one_of(st.binary(max_size=70), st.binary(min_size=64, max_size=64)), st.binary(max_size=20))
def test_both_agree_on_bytes_that_are_no_signature(signature: bytes, message: bytes) -> None:
    assert is_signed(PUBLIC, message, signature) == library_says(PUBLIC, message, signature)


@given(st.integers(1, 15), st.binary(max_size=20))
def test_both_refuse_a_scalar_that_is_the_right_one_and_more(times: int, message: bytes) -> None:
    """Added multiples of the order change nothing in the equation; such a signature would be a second one."""
    signature = OURS.sign(message)
    scalar = int.from_bytes(signature[32:], "little") + times * ORDER
    if scalar < 2**256:
        forged = signature[:32] + scalar.to_bytes(32, "little")
        assert not is_signed(PUBLIC, message, forged)
        assert not library_says(PUBLIC, message, forged)


@given(st.binary(min_size=31, max_size=33), st.binary(max_size=20))
def test_no_key_is_taken_that_the_library_would_not_take(key: bytes, message: bytes) -> None:
    signature = OURS.sign(message)
    assert not is_signed(key, message, signature) or library_says(key, message, signature)


@pytest.mark.parametrize("key", SMALL, ids=bytes.hex)
@pytest.mark.parametrize("commitment", SMALL[:6], ids=bytes.hex)
def test_a_key_under_which_anything_seems_signed_is_refused(key: bytes, commitment: bytes) -> None:
    for message in (b"", b"anything", b"anything else"):
        assert not is_signed(key, message, commitment + bytes(32))
    with pytest.raises(NoKey):
        key_from_text(key.hex())


def test_such_a_key_would_let_the_library_accept_what_nobody_signed() -> None:
    """Why small keys are refused here: with the neutral point as key, zero signs everything."""
    assert library_says(SMALL[0], b"anything", SMALL[0] + bytes(32))


def test_both_know_a_key_by_the_same_name() -> None:
    assert verifiers_key_id(PUBLIC) == key_id_of(PUBLIC) == OURS.key_id == hashlib.sha256(PUBLIC).hexdigest()[:16]
    assert OURS.key_id != THEIRS.key_id
    assert repr(OURS) == f"SigningKey({OURS.key_id})"


@pytest.mark.parametrize(
    "text", [PUBLIC.hex(), PUBLIC.hex().upper(), OURS.public_text, f"# mine\n\n {PUBLIC.hex()} \n"]
)
def test_key_files(text: str) -> None:
    assert key_from_text(text) == PUBLIC


@pytest.mark.parametrize(
    "text",
    ["", "# nothing", OURS.public_text[:-2], PUBLIC.hex()[:-2], "zz" * 32, f"{PUBLIC.hex()}\n{PUBLIC.hex()}", "é" * 44,
     "-----BEGIN PUBLIC KEY-----", (PRIME + 3).to_bytes(32, "little").hex(), "ff" * 32],
)  # fmt: skip
def test_texts_that_are_no_key(text: str) -> None:
    with pytest.raises(NoKey):
        key_from_text(text)


def test_the_setting() -> None:
    text = new_seed_text()
    assert seed_from_text(text, demo=False) == base64.b64decode(text)
    assert new_seed_text() != text
    assert seed_from_text("SANDBOX-x", demo=True) == hashlib.sha256(b"SANDBOX-x").digest()


@pytest.mark.parametrize("text", ["SANDBOX-x", "x7", base64.b64encode(bytes(31)).decode(), "a" * 43 + "é", "-" * 44])
def test_a_setting_that_is_no_key_is_not_quoted(text: str) -> None:
    with pytest.raises(MalformedKey, match="AUDIT_SIGNING_KEY must be base64 of 32 bytes") as problem:
        seed_from_text(text, demo=False)
    assert text not in str(problem.value)
