"""The public half of a key pair as somebody pastes it: one line of OpenSSH's, read strictly, or a refusal with advice.

Bitbucket takes Ed25519, ECDSA and RSA (https://support.atlassian.com/bitbucket-cloud/docs/supported-ssh-key-formats/).
It also takes DSA and RSA from 2048 bits; the portal does not: a deploy key has no end and nobody renews it. The form of
a line is sshd(8)'s, "AUTHORIZED_KEYS FILE FORMAT"; that of a key RFC 4253 (section 6.6), 5656 and 8709.
"""

import base64
import binascii
import hashlib
import itertools
import re
from dataclasses import dataclass
from typing import Final

from tokens.catalogue import public_key_words as words
from tokens.catalogue.masking import looks_like_secret
from tokens.catalogue.pasted import plain_text
from tokens.catalogue.private_keys import has_private_key
from tokens.catalogue.public_key_blob import SIZES, Unreadable, bits_of_blob

# An RSA key of 16384 bits has less than a quarter of it.
MOST_CHARACTERS: Final = 16_384
MOST_COMMENT: Final = 200

_ALGORITHM: Final = re.compile(r"(?:ssh|ecdsa|sk|rsa|webauthn)-[a-z0-9@.-]+", re.IGNORECASE)
_BLOCK: Final = re.compile(r"-{2,5} ?(?:BEGIN|END) ([A-Z0-9 ]{1,60}?) ?-{2,5}")
# sshd(8) lists them; each may stand alone or with a value in quotation marks.
_OPTION: Final = re.compile(
    r"(?:no-)?(?:agent-forwarding|port-forwarding|pty|user-rc|x11-forwarding|touch-required)|restrict|cert-authority"
    r"|verify-required|(?:command|environment|expiry-time|from|permitlisten|permitopen|principals|tunnel)=.*",
    re.IGNORECASE | re.DOTALL,
)
_FINGERPRINT: Final = re.compile(r"(?:\d{3,5}\s+)?(?:SHA256:|MD5:|SHA512:)\S")


class NotAPublicKey(ValueError):
    """What was pasted is no public key that may become a deploy key.

    Args:
        words: what is wrong and what to do, for the person; nothing of what was pasted is in them.
    """

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of a key pair.

    Attributes:
        algorithm: `ssh-ed25519`, `ssh-rsa` or one of `ecdsa-sha2-nistp256`, `…384`, `…521`.
        blob_text: the key in base64.
        comment: what stood behind it, empty for nothing.
        bits: its length, as `ssh-keygen -l` tells it.
        fingerprint: `SHA256:…`, as `ssh-keygen -l` tells it.
    """

    algorithm: str
    blob_text: str
    comment: str
    bits: int
    fingerprint: str

    @property
    def text(self) -> str:
        """The line without its comment: what is sent, and what two pastes of one key have in common."""
        return f"{self.algorithm} {self.blob_text}"


def is_private_key(text: str) -> bool:
    """Whether a private key, or a piece that can be told from other texts, was pasted. Never raises."""
    return has_private_key(text) or has_private_key(plain_text(text))


def parse_public_key(text: str) -> PublicKey:
    """Read one pasted public key: blanks and line ends around it and a comment behind it are allowed.

    Raises:
        NotAPublicKey: it is anything else; the words say what to do.
    """
    if is_private_key(text):
        raise NotAPublicKey(words.PRIVATE)
    line = _one_line(plain_text(text))
    algorithm, blob_text, comment = _parts(line)
    blob = _blob(blob_text)
    try:
        bits = bits_of_blob(algorithm, blob)
    except Unreadable as error:
        refusal = NotAPublicKey(error.words)
    else:
        digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
        return PublicKey(algorithm, blob_text, _comment(comment), bits, f"SHA256:{digest}")
    raise refusal  # outside the except block: nothing of what was pasted hangs on it


def _one_line(text: str) -> str:
    stripped = text.strip()
    if not stripped:
        raise NotAPublicKey(words.EMPTY)
    if block := _BLOCK.search(stripped):
        raise NotAPublicKey(words.of_block(block[1]))
    if len(stripped) > MOST_CHARACTERS:
        raise NotAPublicKey(words.TOO_LONG)
    lines = [line for line in stripped.split("\n") if line.strip()]
    if _count_of_keys(stripped) > 1:
        raise NotAPublicKey(words.SEVERAL)
    if len(lines) > 1:
        raise NotAPublicKey(words.BROKEN_LINE)
    return lines[0]


def _count_of_keys(text: str) -> int:
    found = text.split()
    return sum(_is_key(one, following) for one, following in itertools.pairwise(found))


def _is_key(name: str, following: str) -> bool:
    return _ALGORITHM.fullmatch(name) is not None and following.startswith("AAAA")


def _parts(line: str) -> tuple[str, str, str]:
    name, blob_text, comment = (*line.split(None, 2), "", "")[:3]
    if name in SIZES:
        if not blob_text:
            raise NotAPublicKey(words.NAME_ONLY)
        return name, blob_text, comment
    raise NotAPublicKey(words.of_algorithm(name) if _is_key(name, blob_text) else _why_it_begins_so(line))


def _why_it_begins_so(line: str) -> str:
    first = line.split(maxsplit=1)[0]
    if _FINGERPRINT.match(line):
        return words.FINGERPRINT
    if _count_of_keys(line):
        return words.OPTIONS if _OPTION.fullmatch(_first_option(first)) else words.HOST
    if first.startswith("AAAA"):
        return words.NO_NAME
    return words.FILE_NAME if line.endswith(".pub") else words.OTHER


def _first_option(word: str) -> str:
    # A value may hold commas; a name before the first comma or the first = tells enough.
    name, equals, _ = word.partition("=")
    return name.partition(",")[0] if "," in name or not equals else f"{name}="


def _blob(text: str) -> bytes:
    try:
        blob = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        blob = b""
    # The same bytes have several spellings, of which OpenSSH writes one.
    if not blob or base64.b64encode(blob).decode() != text:
        raise NotAPublicKey(words.CUT)
    return blob


def _comment(text: str) -> str:
    comment = " ".join(text.split())
    if looks_like_secret(comment):
        raise NotAPublicKey(words.TELLING_COMMENT)
    if len(comment) > MOST_COMMENT or not comment.isprintable():
        raise NotAPublicKey(words.ODD_COMMENT)
    return comment
