"""One public key is read as ssh-keygen reads it, and whatever else is pasted is refused with advice."""

import base64
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.tokens.catalogue.key_pairs import (
    OPENSSH,
    blob,
    keygen,
    line,
    made_by_cryptography,
    made_by_keygen,
    mpint,
    public_line,
)
from tokens.catalogue.public_keys import MOST_COMMENT, NotAPublicKey, PublicKey, parse_public_key

needs_keygen = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="there is no ssh-keygen here")
ED = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
# The same line through `ssh-keygen -lf`.
FINGERPRINT = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"
PAIRS = made_by_cryptography()
ACCEPTED = {name: public_line(PAIRS[name]) for name in ("ed25519", "p256", "p384", "p521", "rsa 3072")}
# How many bytes at the end of a key are its own: a change of them is another key, which nobody can tell.
OWN_BYTES = {"ed25519": 32, "rsa 3072": 3 + 4 + 385}
MODULUS, EXPONENT = (1 << 3071) + 3, 65537


def refused(text: str) -> str:
    """The words of the refusal."""
    with pytest.raises(NotAPublicKey) as caught:
        parse_public_key(text)
    assert str(caught.value) == caught.value.words
    assert caught.value.__context__ is None
    return caught.value.words


def rsa(modulus: int = MODULUS, exponent: int = EXPONENT) -> str:
    """A line with these numbers."""
    return line("ssh-rsa", blob(b"ssh-rsa", mpint(exponent), mpint(modulus)))


def ecdsa(size: int, point: bytes, inside: int | None = None) -> str:
    """A line with this point, and the name of another curve inside where one is named."""
    name = f"ecdsa-sha2-nistp{size}"
    return line(name, blob(name.encode(), f"nistp{inside or size}".encode(), point))


@needs_keygen
def test_the_keys_of_ssh_keygen_are_read_as_it_reads_them(tmp_path: Path) -> None:
    for kind, bits in OPENSSH:
        path = made_by_keygen(tmp_path, kind, bits).with_suffix(".pub")
        text = path.read_text()
        key = parse_public_key(text)
        length, fingerprint, comment, _ = keygen("-l", "-f", str(path)).split()
        assert (str(key.bits), key.fingerprint, key.comment) == (length, fingerprint, comment)
        assert f"{key.text} {key.comment}\n" == text
        assert key.bits == int(bits)


@needs_keygen
def test_what_ssh_keygen_converts_as_advised_is_read(tmp_path: Path) -> None:
    for kind, bits, form in (("rsa", "3072", "PEM"), ("ecdsa", "256", "PKCS8"), ("ed25519", "256", "RFC4716")):
        path = made_by_keygen(tmp_path, kind, bits, "-C", form).with_suffix(".pub")
        converted = tmp_path / "key.pub"
        converted.write_text(keygen("-e", "-m", form, "-f", str(path)))
        command = refused(converted.read_text()).partition("“")[2].partition("”")[0].split()
        assert command[0] == "ssh-keygen"
        answer = keygen(*(str(converted) if one == "key.pub" else one for one in command[1:]))
        assert parse_public_key(answer).text == parse_public_key(path.read_text()).text


@needs_keygen
def test_certificates_and_dsa_are_refused(tmp_path: Path) -> None:
    authority = made_by_keygen(tmp_path, "ed25519", "256")
    pair = made_by_keygen(tmp_path, "ecdsa", "256")
    keygen("-q", "-s", str(authority), "-I", "ci", f"{pair}.pub")
    assert "certificate" in refused(Path(f"{pair}-cert.pub").read_text())
    assert "DSA" in refused(public_line(PAIRS["dsa"]))


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_a_paste_puts_around_a_key_changes_nothing(name: str) -> None:
    text = ACCEPTED[name]
    plain = parse_public_key(text)
    assert (plain.text, plain.comment) == (text, "")
    assert (plain.algorithm, plain.blob_text) == tuple(text.split())
    for shown in (
        f"{text}\n",
        f"{text}\r\n",
        f"  \t{text}  ",
        f"\ufeff{text}\u200b",
        text.replace(" ", " \t"),
        f"\n\n{text}",
    ):
        assert parse_public_key(shown) == plain
    named = parse_public_key(f"{text} Emma's  laptop (2026)\r\n")
    assert (named.text, named.comment) == (text, "Emma's laptop (2026)")
    assert named.fingerprint == plain.fingerprint


def test_a_known_key() -> None:
    assert parse_public_key(f"{ED} ci@build") == PublicKey("ssh-ed25519", ED.split()[1], "ci@build", 256, FINGERPRINT)


ABOUT = "AAAA" + "B" * 40
REFUSED = [
    ("", "Nothing was pasted"),
    (" \r\n\u200b", "Nothing was pasted"),
    ("hello", "no public key"),
    ("ssh-keygen -t ed25519", "no public key"),
    ("~/.ssh/id_ed25519.pub", "name of a file"),
    (f"256 {FINGERPRINT} ci@build (ED25519)", "fingerprint"),
    (FINGERPRINT, "fingerprint"),
    (ED.split()[1], "beginning is missing"),
    ("ssh-ed25519", "only the beginning"),
    ("ssh-ed25519 \n", "only the beginning"),
    (f"{ED}\n{ED} again", "several keys"),
    (f"{ED} one {ED} two", "several keys"),
    (f"{ED[:50]}\n{ED[50:]}", "several lines"),
    (f"# the build server\n{ED}", "several lines"),
    (f"bitbucket.org {ED}", "known_hosts"),
    (f"bitbucket.org,10.0.0.1 {ED}", "known_hosts"),
    (f"[10.0.0.1]:7999 {ED}", "known_hosts"),
    (f"|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= {ED}", "known_hosts"),
    (f"@cert-authority *.acme.test {ED}", "known_hosts"),
    (f"restrict {ED}", "authorized_keys"),
    (f"command=\"git-upload-pack 'web'\",no-pty {ED}", "authorized_keys"),
    (f'from="10.0.0.0/8,192.168.0.1" {ED} ci', "authorized_keys"),
    (f"no-pty,no-port-forwarding {ED}", "authorized_keys"),
    (f'restrict,environment="A=B" {ED}', "authorized_keys"),
    (f"sk-ssh-ed25519@openssh.com {ABOUT}", "nobody to touch"),
    (f"sk-ecdsa-sha2-nistp256@openssh.com {ABOUT}", "nobody to touch"),
    (f"ssh-rsa-cert-v01@openssh.com {ABOUT}", "certificate"),
    (f"sk-ssh-ed25519-cert-v01@openssh.com {ABOUT}", "certificate"),
    (f"ssh-dss {ABOUT}", "DSA"),
    (f"ssh-ed448 {ABOUT}", "no key of this kind"),
    (f"ecdsa-sha2-nistp192 {ABOUT}", "no key of this kind"),
    (f"SSH-ED25519 {ED.split()[1]}", "no key of this kind"),
    (f"ssh-rsa {ED.split()[1]}", "differ"),
    (f"{ED} {'x' * (MOST_COMMENT + 1)}", "comment"),
    (f"{ED} ci\u202ebuild", "comment"),
    (f"{ED} token=ATATT3xFfGF0exampleExample123", "secret"),
    ("-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----", "certificate or something else"),
    ("x" * 20_000, "longer than any"),
    (rsa((1 << 2047) + 1), "3072"),
    (rsa((1 << 3070) + 1), "too short"),
    (rsa((1 << 16384) + 1), "more than 16384"),
    (rsa(MODULUS - 1), "weak"),
    (rsa(exponent=3), "weak"),
    (rsa(exponent=65536), "weak"),
    (rsa(exponent=65538), "weak"),
    (rsa(exponent=MODULUS + 2), "weak"),
    (line("ssh-rsa", blob(b"ssh-rsa", mpint(EXPONENT), b"\0" + mpint(MODULUS))), "damaged"),
    (line("ssh-rsa", blob(b"ssh-rsa", mpint(EXPONENT), mpint(MODULUS)[1:])), "damaged"),
    (line("ssh-rsa", blob(b"ssh-rsa", b"", mpint(MODULUS))), "damaged"),
    (line("ssh-rsa", blob(b"ssh-rsa", mpint(EXPONENT))), "cut off"),
    (line("ssh-rsa", blob(b"ssh-rsa", mpint(EXPONENT), mpint(MODULUS), b"")), "damaged"),
    (line("ssh-ed25519", blob(b"ssh-ed25519", b"x" * 31)), "damaged"),
    (line("ssh-ed25519", blob(b"ssh-ed25519", b"x" * 33)), "damaged"),
    (line("ssh-ed25519", blob(b"ssh-ed25519", b"x" * 32) + b"\0"), "damaged"),
    (line("ssh-ed25519", b"\0\0\0\x0bssh-ed25519\xff\xff\xff\xff"), "cut off"),
    (ecdsa(256, b"\x04" + b"\x01" * 64), "damaged"),
    (ecdsa(256, b"\0"), "damaged"),
    (ecdsa(256, b""), "damaged"),
    (ecdsa(256, b"\x02" + b"\x01" * 32), "damaged"),
    (ecdsa(521, b"\x04" + b"\x01" * 130), "damaged"),
]


@pytest.mark.parametrize(("text", "telling"), REFUSED)
def test_anything_else_is_refused_and_says_why(text: str, telling: str) -> None:
    words = refused(text)
    assert telling in words
    assert not {word for word in text.split() if len(word) > 24 and word in words}


def test_a_strong_rsa_key_with_another_exponent_is_taken() -> None:
    assert parse_public_key(rsa(exponent=65539)).bits == 3072
    assert parse_public_key(rsa((1 << 16383) + 1)).bits == 16384


@pytest.mark.parametrize("size", [256, 384, 521])
def test_a_point_of_another_curve_is_refused(size: int) -> None:
    curves: dict[int, ec.EllipticCurve] = {256: ec.SECP256R1(), 384: ec.SECP384R1(), 521: ec.SECP521R1()}
    numbers = ec.derive_private_key(7, curves[size]).public_key().public_numbers()
    width = (size + 7) // 8
    point = b"\x04" + numbers.x.to_bytes(width) + numbers.y.to_bytes(width)
    assert parse_public_key(ecdsa(size, point)).bits == size
    other = 384 if size == 256 else 256
    assert "damaged" in refused(ecdsa(size, point, inside=other))
    assert "damaged" in refused(ecdsa(other, point))
    assert "damaged" in refused(ecdsa(size, b"\x06" + point[1:]))


@pytest.mark.parametrize("name", ACCEPTED)
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_changed_byte_is_refused_or_another_key(name: str, data: st.DataObject) -> None:
    algorithm, text = ACCEPTED[name].split()
    inside = bytearray(base64.b64decode(text))
    place = data.draw(st.integers(0, len(inside) - 1))
    inside[place] ^= data.draw(st.integers(1, 255))
    changed = line(algorithm, bytes(inside))
    if place < len(inside) - OWN_BYTES.get(name, 0):
        refused(changed)
        return
    try:
        key = parse_public_key(changed)
    except NotAPublicKey:
        return
    assert key.fingerprint != parse_public_key(ACCEPTED[name]).fingerprint


@pytest.mark.parametrize("name", ACCEPTED)
@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_cut_or_longer_key_is_refused(name: str, data: st.DataObject) -> None:
    algorithm, text = ACCEPTED[name].split()
    inside = base64.b64decode(text)
    refused(line(algorithm, inside[: data.draw(st.integers(0, len(inside) - 1))]))
    refused(line(algorithm, inside + data.draw(st.binary(min_size=1, max_size=9))))
    refused(f"{algorithm} {text[: data.draw(st.integers(1, len(text) - 1))]}")
    refused(f"{algorithm} {text}{data.draw(st.text('ABab01+/=', min_size=1, max_size=5))}")


@pytest.mark.parametrize("name", ACCEPTED)
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_changed_character_never_passes_for_the_same_key(name: str, data: st.DataObject) -> None:
    text = ACCEPTED[name]
    place = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.characters().filter(lambda one: one != text[place]))
    try:
        key = parse_public_key(text[:place] + sign + text[place + 1 :])
    except NotAPublicKey:
        return
    unchanged = parse_public_key(text)
    # Only what stands for a blank may take a blank's place.
    assert key.fingerprint != unchanged.fingerprint or (text[place] == " " and sign.isspace())


NEAR = st.lists(
    st.sampled_from(
        [
            *ED.split(),
            *ACCEPTED.values(),
            " ",
            "\n",
            "ssh-rsa",
            "-----BEGIN ",
            "PUBLIC KEY-----",
            "=",
            "AAAA",
            "\0",
            ",",
        ]
    )
    | st.text(max_size=8)
).map("".join)


@settings(max_examples=500, deadline=None)
@given(st.text() | NEAR | st.binary().map(lambda raw: raw.decode("latin-1")))
@example("\ud800")
@example("ssh-rsa \ud800")
@example("ssh-rsa AAAA\ud800")
@example(f"{ED} \ud800")
@example("ssh-rsa \x00")
def test_any_text_is_a_public_key_or_refused(text: str) -> None:
    try:
        key = parse_public_key(text)
    except NotAPublicKey:
        return
    assert parse_public_key(key.text) == PublicKey(key.algorithm, key.blob_text, "", key.bits, key.fingerprint)
    assert key.comment.isprintable()
