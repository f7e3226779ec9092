"""A pasted text as lines, commands and words, the way a shell would see it, but without ever giving up on it."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from tokens.catalogue.pasted import plain_text

# A line goes on where it ends with a backslash (shell), a caret (cmd.exe) or a lone backtick (PowerShell).
_GOES_ON: Final = re.compile(r"(?:[ \t]*\\|[ \t]+[\^`])[ \t]*\n[ \t]*(?=\S)")

# A value that is still open at the end of a line, as people write bodies over several lines: -d '{
_OPEN_VALUE: Final = re.compile(r"""\s(?:-d|-F|-H|--[a-z-]+)[ =]*(?P<quote>["'])(?:(?!(?P=quote)).)*$""")
# A call of a function whose brackets are still open: requests.post(, fetch("…", {
_OPEN_CALL: Final = re.compile(r"\b(?:get|head|post|put|patch|delete|request|fetch|axios|urlopen)\w*\(", re.IGNORECASE)
_NEW_COMMAND: Final = re.compile(r"[-+$>#\s]*(?:curl|wget|git|GET|HEAD|POST|PUT|PATCH|DELETE)\b")
_LONGEST_VALUE: Final = 200
_LONGEST_CALL: Final = 12

# ${{ vars.WORKSPACE }} and {{ workspace }}: a variable with blanks inside would fall apart into words.
_TEMPLATED: Final = re.compile(r"\$?\{\{-?\s*([^{}]*?)\s*-?\}\}")
_NO_NAME: Final = re.compile(r"\W+")
_NAME: Final = re.compile(r"\w+")
_DEEPEST: Final = 5
_SUBSTITUTED: Final = re.compile(r"\$\(([^()]*)\)|(?<!`)`([^`\n]*\s[^`\n]*)`")
# A quoted part, an escaped character, an operator, blanks, or anything else. An operator inside a word belongs to it:
# people leave the & of a query unquoted. Only a semicolon ends a word (…/user;curl …).
_PIECE: Final = re.compile(
    r"""(?P<double>"(?:\\.|[^"\\])*"?)|(?P<single>'[^']*'?)|\\(?P<escaped>.)"""
    r"""|(?P<operator>&&|\|\||\|(?=\s|$)|;|&(?=\s*$))|(?P<blank>\s+)|(?P<plain>[^\s"'\\&|;]+|.)""",
    re.DOTALL,
)


def lines_of(text: str) -> Iterator[str]:
    """The lines that are not empty; those that go on in the next are joined with it.

    Joined are: a continuation mark at the end; a quoted value of an option that is still open; a function call whose
    brackets are still open.
    """
    waiting = _GOES_ON.sub(" ", plain_text(text)).split("\n")[::-1]
    while waiting:
        line = waiting.pop().strip()
        if line:
            yield _with_the_rest(line.rstrip("\\").rstrip() or line, waiting)


def _with_the_rest(line: str, waiting: list[str]) -> str:
    value = _OPEN_VALUE.search(line)
    if value:
        mark = re.compile(rf"(?<!\\){value['quote']}")
        return _joined(line, waiting, _LONGEST_VALUE, lambda text: len(mark.findall(text)) % 2 == 0)
    call = _OPEN_CALL.search(line)
    if call:
        return _joined(line, waiting, _LONGEST_CALL, lambda text: _is_closed(text[call.start() :]))
    return line


def _joined(line: str, waiting: list[str], longest: int, is_whole: Callable[[str], bool]) -> str:
    """The line with as many of the next as make it whole; the line alone where nothing near does."""
    text, taken = line, 0
    while not is_whole(text):
        if taken == min(longest, len(waiting)) or _NEW_COMMAND.match(waiting[-1 - taken]):
            return line
        text = f"{text} {waiting[-1 - taken].strip()}"
        taken += 1
    del waiting[len(waiting) - taken :]
    return text


def _is_closed(text: str) -> bool:
    return text.count("(") <= text.count(")")


def commands_of(line: str) -> list[list[str]]:
    """The words of each command of a line, those inside `$(…)` and backticks after the one they stand in.

    Quotation marks are taken off; one that stays open ends with the line.
    """
    line = without_blanks_in_variables(line)
    inner: list[list[str]] = []
    for _ in range(_DEEPEST):
        inner += [command for found in _SUBSTITUTED.finditer(line) for command in _split(found[1] or found[2] or "")]
        line, replaced = _SUBSTITUTED.subn(_as_variable, line)
        if not replaced:
            break
    return [*_split(line), *inner]


def without_blanks_in_variables(line: str) -> str:
    """The line with `${{ vars.WS }}` and `{{ ws }}` as `{vars_WS}` and `{ws}`."""
    return _TEMPLATED.sub(lambda match: f"{{{_NO_NAME.sub('_', match[1])}}}", line)


def _as_variable(match: re.Match[str]) -> str:
    return f"{{{match[1]}}}" if match[1] and _NAME.fullmatch(match[1]) else "{substituted}"


def _split(line: str) -> list[list[str]]:
    commands: list[list[str]] = [[]]
    word: str | None = None
    for piece in _PIECE.finditer(line):
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


def _content(piece: re.Match[str]) -> str:
    if piece["double"] is not None:
        inside = piece["double"][1:]
        return re.sub(r"\\(.)", r"\1", inside.removesuffix('"'))
    if piece["single"] is not None:
        return piece["single"][1:].removesuffix("'")
    return piece["escaped"] if piece["escaped"] is not None else piece["plain"]
