"""Pieces of source code, read loosely: the arguments of a call, and the text that an expression builds.

No language is parsed. What Python, JavaScript, Go, Ruby, Java and C# have in common is enough: quoted texts,
names, brackets, commas and plus signs. What stands for a value that is not given becomes `{name}`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"""(?P<prefix>[frbuFRBU$@]{0,3})(?P<quote>\"{3}|'{3}|["'`])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)"""
    r"""|(?P<name>[A-Za-z_$][\w$]*(?:(?:\?\.|\.|->|::)[A-Za-z_$][\w$]*)*)"""
    r"""|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)|(?P<join>\+|\.\.)|(?P<other>\S)"""
)
_OPENING: Final = re.compile(r"\s*[(\[]")
_DEEPEST: Final = 3
_NO_NAMES: Final = frozenset({"new", "await", "yield", "return", "url", "uri"})
_NAME_OF_ARGUMENT: Final = re.compile(r"\s*(?P<name>[A-Za-z_]\w*)\s*(?:=(?!=)|:(?!:|//))\s*")


class Arguments(NamedTuple):
    """The arguments of a call, as written; `is_whole` where the closing bracket was found."""

    words: tuple[str, ...]
    is_whole: bool


def arguments_from(code: str, start: int) -> Arguments:
    """The arguments that begin right after an opening bracket."""
    words: list[str] = []
    depth, begin = 0, start
    for token in _TOKEN.finditer(code, start):
        if token["open"]:
            depth += 1
        elif token["close"] and not depth:
            return Arguments((*words, code[begin : token.start()]), is_whole=True)
        elif token["close"]:
            depth -= 1
        elif token["comma"] and not depth:
            words.append(code[begin : token.start()])
            begin = token.end()
    return Arguments((*words, code[begin:]), is_whole=False)


def named_arguments(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Arguments with their names, lower-case; those without one come under an empty name."""
    for word in words:
        found = _NAME_OF_ARGUMENT.match(word)
        if found:
            yield found["name"].lower(), word[found.end() :]
        else:
            yield "", word


def built_text(expression: str, depth: int = 0) -> str:
    """The text that an expression builds, with `{name}` for what is not given; empty where it holds no quoted text.

    Args:
        depth: how many calls of functions stand around it; what is nested deeper than people nest is not read.
    """
    pieces: list[str] = []
    has_text = False
    position = 0
    while token := _TOKEN.search(expression, position):
        position = token.end()
        if token["quote"]:
            pieces.append(token["text"])
            has_text = True
        elif token["name"] and token["name"] not in _NO_NAMES:
            piece, position, is_text = _named(expression, token, depth)
            pieces.append(piece)
            has_text = has_text or is_text
        elif token["close"] or token["other"] or token["comma"]:
            break
    return "".join(pieces) if has_text else ""


def _named(expression: str, token: re.Match[str], depth: int) -> tuple[str, int, bool]:
    """What a name builds: what a function around an address is given (URI.create("…")), else an open value."""
    name, position = token["name"], token.end()
    following = _OPENING.match(expression, position)
    if not following or depth > _DEEPEST:
        return f"{{{name}}}", position, False
    start = following.end()
    arguments = arguments_from(expression, start)
    end = start + sum(map(len, arguments.words)) + len(arguments.words)
    texts = (built_text(word, depth + 1) for word in arguments.words)
    inner = next((text for text in texts if "/" in text), "")
    return (inner, end, True) if inner else (f"{{{name}}}", end, False)
