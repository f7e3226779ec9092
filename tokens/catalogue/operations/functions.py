"""Calls in source code: requests.get("…"), axios.post(`…`), http.NewRequest("PUT", …), ["git", "push"]."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from tokens.catalogue.operations.curl import METHODS
from tokens.catalogue.operations.expressions import Arguments, arguments_from, built_text, named_arguments
from tokens.catalogue.operations.options import names
from tokens.catalogue.operations.variables import variable_before

# The method is the name of the function: client.post(, http.Delete(, self._get(, client.GetAsync(
_METHOD_FUNCTION: Final = re.compile(
    r"""(?<![\w$])(?P<receiver>[\w$]*)(?:\.|->|::|_)_*(?P<name>get|head|post|put|patch|delete)(?:_?async|_?json|_?as\w+)?"""
    r"""\s*(?:<[^<>()]*>)?\(""",
    re.IGNORECASE,
)
# The method is an argument, or GET where none is given.
_FUNCTION: Final = re.compile(
    r"(?<![\w$])(?P<name>\w*request|new_?request(?:_?with_?context)?|fetch|axios|urlopen|got|open)\s*\(", re.IGNORECASE
)
_GETS_BY_ITSELF: Final = names("fetch axios urlopen got")
_SENDS: Final = names("data body json")
# Someone's own server answers under these names; nothing is called.
_SERVERS: Final = names("app router server blueprint route routes")
_METHOD_NAME: Final = re.compile(rf"(?i:[\w.]*?)(?:method\.?)?({'|'.join(METHODS)})", re.IGNORECASE)
_LIST: Final = re.compile(r"""\[\s*(?=["'](?:git|curl)(?:\.exe)?["']\s*,)""")
# More calls than this stand in one line only where a program wrote it.
_MOST: Final = 50
_CLONES: Final = re.compile(r"\bclone_?(?:from|repository)?\s*\(", re.IGNORECASE)


class CodeCall(NamedTuple):
    """A call as the code spells it. `method` is empty where the code does not say it here."""

    method: str
    address: str


def calls_in_code(line: str) -> Iterator[CodeCall]:
    """Every call of a function that looks like one over HTTP and is given a text."""
    for found in islice(_METHOD_FUNCTION.finditer(line), _MOST):
        if found["receiver"].lower() not in _SERVERS:
            address = _address(arguments_from(line, found.end()).words)
            if address:
                yield CodeCall(found["name"].upper(), address)
    for found in islice(_FUNCTION.finditer(line), _MOST):
        arguments = arguments_from(line, found.end())
        address = _address([word for word in arguments.words if not _method_in(word)])
        if address:
            yield CodeCall(_method(found["name"].lower(), arguments), address)


def commands_in_code(line: str) -> Iterator[list[str]]:
    """Programs that are started with a list of words: subprocess.run(["git", "push"])."""
    for found in islice(_LIST.finditer(line), _MOST):
        yield [built_text(word) or "{value}" for word in arguments_from(line, found.end()).words]


def clones_in_code(line: str) -> Iterator[str]:
    """The addresses that a git library clones: Repo.clone_from("…", folder)."""
    for found in islice(_CLONES.finditer(line), _MOST):
        address = _address(arguments_from(line, found.end()).words)
        if address:
            yield address


def _address(words: Sequence[str]) -> str:
    """The first argument that builds a text with a slash, or the one that is named as an address."""
    pairs = list(named_arguments(words))
    named = [value for name, value in pairs if name in ("url", "uri", "endpoint", "path", "to_path")]
    positional = [value for name, value in pairs if not name and not _is_object(value)]
    found = next((text for text in map(built_text, [*named, *positional]) if _may_lead(text)), "")
    objects = [value for _, value in pairs if _is_object(value)]
    return found or next((text for text in map(_address, map(_inside, objects)) if text), "")


def _may_lead(text: str) -> bool:
    return "/" in text or bool(variable_before(text))


def _is_object(word: str) -> bool:
    return word.lstrip().startswith("{")


def _inside(word: str) -> Sequence[str]:
    return arguments_from(word, word.index("{") + 1).words


def _method(function: str, arguments: Arguments) -> str:
    for word in _flat(arguments.words):
        method = _method_in(word)
        if method:
            return method
    if not arguments.is_whole or function not in _GETS_BY_ITSELF:
        return ""
    is_sent = function == "urlopen" and any(name in _SENDS for name, _ in named_arguments(arguments.words))
    return "POST" if is_sent else "GET"


def _flat(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield word
        if _is_object(word):
            yield from _inside(word)


def _method_in(word: str) -> str:
    """The method that an argument names: "POST", http.MethodPost, HttpMethod.POST, method: 'post'."""
    name, value = next(named_arguments([word]))
    if name not in ("", "method", "type"):
        return ""
    found = _METHOD_NAME.fullmatch(value.strip().strip("\"'`"))
    return found[1].upper() if found else ""
