"""A private key is recognised in whatever form and state it is pasted, and what is public is not taken for one."""

import base64
import itertools
import shutil
import textwrap
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import PublicFormat
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokens.catalogue.key_pairs import (
    OPENSSH,
    keygen,
    made_by_cryptography,
    made_by_keygen,
    private_blocks,
    public_block,
    public_line,
)
from tokens.catalogue.masking import HIDDEN, looks_like_secret, mask
from tokens.catalogue.private_keys import has_private_key, hide_private_keys
from tokens.catalogue.public_keys import NotAPublicKey, is_private_key, parse_public_key
from tokens.forms import PlainTextField

needs_keygen = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="there is no ssh-keygen here")
PAIRS = made_by_cryptography()
BLOCKS = {f"{kind} {form}": text for kind, key in PAIRS.items() for form, text in private_blocks(key)}
PUTTY = """\
PuTTY-User-Key-File-3: ssh-ed25519
Encryption: none
Comment: ci@build
Public-Lines: 2
AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9
GKJl
Private-Lines: 1
AAAAIBMade0fNothingAtAllButOfTheRightLengthForAKey0=
Private-MAC: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
"""


def check(text: str) -> None:
    """It is recognised, refused with advice, and hidden; its neighbours are not."""
    assert is_private_key(text)
    assert looks_like_secret(text)
    with pytest.raises(NotAPublicKey, match="burnt") as caught:
        parse_public_key(text)
    assert "Nothing was stored" in caught.value.words
    masked = mask(f"before: {text}")
    assert masked.startswith("before: ")
    assert HIDDEN in masked
    assert not [piece for piece in secret_words(text) if piece in masked]


def secret_words(text: str) -> list[str]:
    """The base64 of a block, without the lines around it."""
    return [word for word in text.split() if len(word) > 20 and not word.startswith("AAAAC3")]


def cut(lines: list[str]) -> list[list[str]]:
    """One to three lines are missing at the start or the end, where a line of the key and a mark stay."""
    return [part for count in (1, 2, 3) for part in (lines[count:], lines[:-count]) if len(part) > 1]


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_that_cryptography_writes(name: str) -> None:
    check(BLOCKS[name])
    for part in cut(BLOCKS[name].splitlines()):
        check("\n".join(part))


@needs_keygen
@pytest.mark.parametrize("password", ["", "correct horse"])
def test_every_block_that_ssh_keygen_writes(tmp_path: Path, password: str) -> None:
    for (kind, bits), more in itertools.product(OPENSSH, [(), ("-m", "PEM"), ("-m", "PKCS8")]):
        if kind == "ed25519" and more:
            continue  # it is written in OpenSSH's form only
        text = made_by_keygen(tmp_path, kind, bits, *more, password=password).read_text()
        check(text)
        for part in cut(text.splitlines()):
            check("\n".join(part))


@pytest.mark.parametrize("name", BLOCKS)
def test_its_beginning_tells_without_the_lines_around_it(name: str) -> None:
    if "TraditionalOpenSSL BestAvailable" in name:
        return  # noise from the first byte on, under headers that tell
    body = BLOCKS[name].splitlines()[1:-1]
    for text in ("\n".join(body), "".join(body), " ".join(body), body[0], f"the key:\n> {body[0]}\n"):
        check(text)


@pytest.mark.parametrize("name", [name for name in BLOCKS if len(BLOCKS[name].splitlines()) > 12])
def test_the_middle_of_a_long_one_is_recognised(name: str) -> None:
    lines = BLOCKS[name].splitlines()
    for part in (lines[4:-4], lines[5:7], lines[-5:-1]):
        for text in ("\n".join(part), "\r\n".join(part), "\n".join(f"> {one}" for one in part), " ".join(part)):
            check(text)


@pytest.mark.parametrize("name", BLOCKS)
def test_mangled_ones(name: str) -> None:
    text = BLOCKS[name]
    for mangled in (
        text.replace("\n", " "),
        text.replace("\n", ""),
        text.replace("\n", "\\n"),
        text.replace("\n", "\r\n"),
        textwrap.indent(text, "> "),
        textwrap.indent(text, "    "),
        text.replace("--", "\u2014"),
        f'private_key = "{text}"',
        base64.b64encode(text.encode()).decode(),
        base64.encodebytes(text.encode()).decode(),
        base64.b64encode(b"a" + text.encode()).decode(),
    ):
        check(mangled)


def test_putty_s_files() -> None:
    check(PUTTY)
    lines = PUTTY.splitlines()
    for part in (*cut(lines), lines[6:], lines[6:8], lines[7:]):
        check("\n".join(part))


@pytest.mark.parametrize(
    "kind",
    ["OPENSSH ", "RSA ", "EC ", "DSA ", "", "ENCRYPTED ", "PGP ", "ANY "],
)
def test_the_lines_around_a_block_alone(kind: str) -> None:
    block = " BLOCK" if kind == "PGP " else ""
    for side in ("BEGIN", "END"):
        check(f"-----{side} {kind}PRIVATE KEY{block}-----")
    check("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----")
    check("-----BEGIN RSA PRIVATE KEY")


@pytest.mark.parametrize("name", PAIRS)
def test_what_is_public_is_no_private_key(name: str) -> None:
    texts = [public_block(PAIRS[name], PublicFormat.SubjectPublicKeyInfo)]
    if name != "ed448":
        texts.append(public_line(PAIRS[name]) + " ci@build")
    if name.startswith("rsa"):
        texts.append(public_block(PAIRS[name], PublicFormat.PKCS1))
    for text in texts:
        for width in (64, 70, 72, 76, 80, 10_000):
            wrapped = "\n".join(part for one in text.splitlines() for part in textwrap.wrap(one, width))
            for shown in (text, wrapped, text.replace("\n", " "), textwrap.indent(wrapped, "> ")):
                assert not is_private_key(shown), shown
                assert mask(shown) == shown


@needs_keygen
def test_no_public_file_of_ssh_keygen_is_a_private_key(tmp_path: Path) -> None:
    for kind, bits in OPENSSH:
        path = made_by_keygen(tmp_path, kind, bits)
        forms = ("RFC4716", "PKCS8", "PEM") if kind != "ed25519" else ("RFC4716",)
        for text in (f"{path}.pub", *forms):
            shown = Path(text).read_text() if text.endswith(".pub") else keygen("-e", "-m", text, "-f", f"{path}.pub")
            assert not is_private_key(shown), shown
            assert mask(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Keep the private key on the machine, and begin with a new pair.",
        "Load key /home/ci/.ssh/id_ed25519: invalid format",
        "git log --begin private key-based access",
        f"{'9f86d081884c7d65' * 4}\n{'2c26b46b68ffc68f' * 4}\n",
        f"{'A' * 70}\n{'B' * 70}\n{'C' * 70}",
        "The MII in MIIB stands for nothing.",
    ],
)
def test_ordinary_texts_stay(text: str) -> None:
    assert not is_private_key(text)
    assert mask(text) == text


def test_no_free_text_takes_a_private_key() -> None:
    for text in BLOCKS.values():
        with pytest.raises(ValidationError, match="holds a secret"):
            PlainTextField(max_length=20_000).clean(f"We need it for this: {text}")


def test_what_stands_around_a_block_stays() -> None:
    block = BLOCKS["rsa 3072 PrivateFormat.PKCS8 NoEncryption"].strip()
    assert mask(f"see\n{block}\nthanks") == f"see\n{HIDDEN}\nthanks"
    assert mask(f"KEY='{block}'; git push") == f"KEY='{HIDDEN}'; git push"
    headless = block.partition("\n")[2]
    assert mask(f"see\n{headless}\nthanks") == f"see\n{HIDDEN}\nthanks"


PIECES = st.lists(
    st.sampled_from(
        [
            *("-----BEGIN ", "-----END ", "RSA ", "PRIVATE KEY", "-----", "\n", "> ", "=", "AAAA", "ssh-rsa "),
            *("PuTTY-User-Key-File-", "Private-MAC: ab", "MIIEvQIBADANBgkqhkiG9w0BAQ", "b3BlbnNzaC1rZXktdj"),
            *("Ab1" * 21 + "z", "Ab1" * 23 + "z", "DEK-Info:", "BEGIN PUBLIC KEY", "***", "key="),
        ]
    )
    | st.text(max_size=5)
).map("".join)


@settings(max_examples=400, deadline=None)
@given(PIECES)
def test_any_text_is_judged_and_what_is_hidden_stays_so(text: str) -> None:
    hidden = hide_private_keys(text)
    assert (hidden != text) or not has_private_key(text)
    assert mask(mask(text)) == mask(text)
    if has_private_key(text):
        assert HIDDEN in hidden


@pytest.mark.parametrize(
    "text",
    [
        *("MII", "- ", "MIIAAAAIBAAK", "b3BlbnNzaC1rZXktdj", "BEGIN PRIVATE KEY--", "-----END PRIVATE KEY-----"),
        *("A" * 64 + "\n", "Ab1" * 21 + "z\n", "ssh-rsa AAAA ", "Proc-Type: ", "-----BEGIN PUBLIC KEY-----\n", "> "),
        *("PuTTY-User-Key-File-", "UFJJVkFURSBLRVktLS0tL\n", "=\n", "BEGIN ", "x: \n", "AAAAB3 "),
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    long = (text * 100_000)[:100_000] + " private"
    started = time.perf_counter()
    hide_private_keys(long)
    assert time.perf_counter() - started < 5
