"""Letters that the report's font can show. Where it has none, a Latin spelling stands for them and a note says so.

The font has the Latin, Greek, Cyrillic, Armenian and Georgian scripts. Scripts that are written from right to left
need shaping that is not worth a library here; they are spelled, too.
"""

import unicodedata
from collections.abc import Container
from pathlib import Path

from anyascii import anyascii

FONTS = Path(__file__).resolve().parent.parent / "fonts"
REGULAR, BOLD = FONTS / "DejaVuSansCondensed.ttf", FONTS / "DejaVuSansCondensed-Bold.ttf"
SPELLED_MARK = "*"
SPELLED_NOTE = f"{SPELLED_MARK} Letters that this document's font does not have are spelled in Latin ones."
_RIGHT_TO_LEFT = frozenset({"R", "AL", "RLE", "RLO", "RLI", "AN"})


def spelled(text: str, known: Container[int]) -> str:
    """The text with letters that can be shown; words that were changed carry a mark.

    Args:
        text: one line or several.
        known: the code points that the font can show.
    """
    if all(_is_shown(letter, known) for letter in text):
        return text
    return " ".join(_word(word, known) for word in text.split(" "))


def _word(word: str, known: Container[int]) -> str:
    if all(_is_shown(letter, known) for letter in word):
        return word
    return "".join(letter if _is_shown(letter, known) else _spelling(letter) for letter in word) + SPELLED_MARK


def _spelling(letter: str) -> str:
    return (anyascii(letter) if letter.isprintable() else "") or "?"


def _is_shown(letter: str, known: Container[int]) -> bool:
    if letter == "\n":
        return True
    return ord(letter) in known and letter.isprintable() and unicodedata.bidirectional(letter) not in _RIGHT_TO_LEFT
