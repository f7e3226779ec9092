"""A pasted text as lines, commands and words, the way a shell would see it, but without ever giving up on it."""

import re
from collections.abc import Iterator
from typing import Final

_COLOURS: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# ${{ vars.WORKSPACE }} and {{ workspace }}: a variable with blanks inside would fall apart into words.
_TEMPLATED: Final = re.compile(r"\$?\{\{-?\s*([^{}]*?)\s*-?\}\}")
_SUBSTITUTED: Final = re.compile(r"\$\([^()]*\)")
_NO_NAME: Final = re.compile(r"\W+")
# A quoted part, an escaped character, an operator, blanks, or anything else.
_PIECE: Final = re.compile(
    r"""(?P<double>"(?:\\.|[^"\\])*"?)|(?P<single>'[^']*'?)|\\(?P<escaped>.)"""
    r"""|(?P<operator>&&|\|\||\|(?=\s|$)|;(?=\s|$)|&(?=\s*$))|(?P<blank>\s+)|(?P<plain>[^\s"'\\&|;]+|.)""",
    re.DOTALL,
)


def lines_of(text: str) -> Iterator[str]:
    """The lines that are not empty, those that end with a backslash joined with the next."""
    joined = re.sub(r"\\\r?\n[ \t]*", " ", text.replace("\r\n", "\n"))
    for line in joined.split("\n"):
        plain = _COLOURS.sub("", line).strip()
        if plain:
            yield plain


def commands_of(line: str) -> list[list[str]]:
    """The words of each command of a line; quotation marks are taken off, one that stays open ends with the line."""
    commands: list[list[str]] = [[]]
    word: str | None = None
    for piece in _PIECE.finditer(_without_blanks_in_variables(line)):
        if piece["blank"] or piece["operator"]:
            if word is not None:
                commands[-1].append(word)
            word = None
            if piece["operator"]:
                commands.append([])
        else:
            word = (word or "") + _content(piece)
    if word is not None:
        commands[-1].append(word)
    return [command for command in commands if command]


def _without_blanks_in_variables(line: str) -> str:
    line = _TEMPLATED.sub(lambda match: f"{{{_NO_NAME.sub('_', match[1])}}}", line)
    return _SUBSTITUTED.sub("{substituted}", line)


def _content(piece: re.Match[str]) -> str:
    if piece["double"] is not None:
        inside = piece["double"][1:]
        return re.sub(r"\\(.)", r"\1", inside.removesuffix('"'))
    if piece["single"] is not None:
        return piece["single"][1:].removesuffix("'")
    return piece["escaped"] if piece["escaped"] is not None else piece["plain"]
