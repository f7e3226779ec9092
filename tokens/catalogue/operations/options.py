"""The options of a command line, read the way getopt does."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

WORD: Final = ""
"""The name under which a word comes that is neither an option nor the value of one."""


def names(text: str) -> frozenset[str]:
    """A set of names from a text with blanks between them."""
    return frozenset(text.split())


def options_of(
    words: Sequence[str], *, short_with_value: frozenset[str], takes_value: Callable[[str, str], bool]
) -> Iterator[tuple[str, str]]:
    """Pairs of an option's name without its dashes and its value; the value is empty where it takes none.

    Args:
        short_with_value: letters that take a value, as their next letters or the next word.
        takes_value: tells from a long option's name and the next word whether that word is its value.
    """
    waiting = list(words)[::-1]
    while waiting:
        word = waiting.pop()
        if word.startswith("--") and len(word) > len("--"):
            name, equals, value = word[2:].partition("=")
            takes = not equals and waiting and takes_value(name, waiting[-1])
            yield name, waiting.pop() if takes else value
        elif word.startswith("-") and len(word) > 1 and word != "--":
            yield from _short(word[1:], waiting, short_with_value)
        else:
            yield WORD, word


def _short(letters: str, waiting: list[str], with_value: frozenset[str]) -> Iterator[tuple[str, str]]:
    for place, letter in enumerate(letters):
        if letter in with_value:
            yield letter, letters[place + 1 :].removeprefix("=") or (waiting.pop() if waiting else "")
            return
        yield letter, ""
