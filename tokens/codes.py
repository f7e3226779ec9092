"""The code of a request: what a person pastes as the start of a token's name, and what we find it by."""

import re
import secrets

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: nobody has to guess what they read.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 6
PREFIX = "bcp-"
_CODE = re.compile(rf"(?<![A-Za-z0-9]){PREFIX}[A-Za-z0-9]{{6,12}}(?![A-Za-z0-9])", re.IGNORECASE)


def new_code() -> str:
    """A code such as ``bcp-7K4QXM``: 23⁶ ≈ 148 million of them, and the column that holds it is unique."""
    return PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def carries_code(label: str, code: str) -> bool:
    """Whether a token's label carries the code as a word of its own, whatever its case."""
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(code)}(?![A-Za-z0-9])", label, re.IGNORECASE) is not None


def codes_in(label: str) -> frozenset[str]:
    """Every code that a label carries, as codes are spelled."""
    return frozenset(PREFIX + found[len(PREFIX) :].upper() for found in _CODE.findall(label))
