"""A pasted text made readable: without colours, clocks, quoting and prefixes, on one line, and back to its lines."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# What build systems, containers and mail programs put before a line.
_CLOCK: Final = r"\[?(?:\d{4}-\d\d-\d\d[t ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:z|[+-]\d\d:?\d\d)?\]?"
_BEFORE_A_LINE: Final = re.compile(
    rf"(?:{_CLOCK}|std(?:out|err) [fp] |##\[[a-z]{{1,20}}\]|\[(?:info|warn|warning|error|pipeline)\]|[>|│]|remote:)"
    r"\s{0,20}"
)
_MOST_PREFIXES: Final = 6
_QUOTING: Final = re.compile(
    r"\\{1,15}(?P<mark>[\"'])|\\{1,15}(?P<gap>[nrt])|\\{1,15}/|\\{1,15}u00(?P<code>2[267]|3[cde])"
    r"|&(?P<entity>quot|#0?39|#x27|apos|amp|lt|gt|#0?34);"
)
_ENTITIES: Final = {"quot": '"', "#39": "'", "#039": "'", "#x27": "'", "apos": "'", "amp": "&", "lt": "<", "gt": ">"}
_TYPOGRAPHY: Final = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\xa0": " "})
_REMOTE: Final = re.compile(r"\bremote: ?")
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as rules read it: in lower case, everything in one line, one space between words.

    `starts` says where in `text` each line begins.
    """

    text: str
    starts: tuple[int, ...]

    def line_at(self, offset: int) -> int:
        """The number of the line, from 0, that `offset` of `text` belongs to."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def lines(self) -> Iterator[str]:
        """The lines as they are in `text`."""
        for number, start in enumerate(self.starts):
            end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
            yield self.text[start:end].strip()


def read(lines: tuple[str, ...]) -> Reading:
    """Read the lines of a masked text."""
    parts, starts, length = [], [], 0
    for line in lines:
        plain = _plain(line)
        starts.append(length)
        parts.append(plain)
        length += len(plain)
    return Reading("".join(parts), tuple(starts))


def _plain(line: str) -> str:
    line = line.translate(_TYPOGRAPHY).lower().lstrip()
    for _ in range(_MOST_PREFIXES):
        before = _BEFORE_A_LINE.match(line)
        if before is None:
            break
        line = line[before.end() :]
    line = _REMOTE.sub("", _QUOTING.sub(_unquoted, line))
    plain = _SPACES.sub(" ", line).strip()
    return plain + " " if plain else ""


def _unquoted(match: re.Match[str]) -> str:
    if match["mark"]:
        return str(match["mark"])
    if match["code"]:
        return chr(int(match["code"], 16))
    if match["entity"]:
        return _ENTITIES.get(match["entity"], '"')
    return " " if match["gap"] else "/"
