"""Which operations a pasted text means: REST calls, curl lines, logs, scripts, git commands.

What cannot be told is named as unknown, with the reason; nothing is guessed.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from tokens.catalogue.masking import mask
from tokens.catalogue.operations.addresses import API_HOSTS, Address, read_address
from tokens.catalogue.operations.curl import METHODS, WebCommand, read_curl, read_httpie, read_wget
from tokens.catalogue.operations.git import read_git, service_in
from tokens.catalogue.operations.model import Call
from tokens.catalogue.operations.paths import operation_at
from tokens.catalogue.operations.removals import removal_of
from tokens.catalogue.operations.table import GIT_FETCH, GIT_LOCAL, GIT_PUSH
from tokens.catalogue.operations.words import commands_of, lines_of

_PROGRAMS: Final[dict[str, Callable[[Sequence[str]], WebCommand]]] = {
    "curl": read_curl,
    "curl.exe": read_curl,
    "wget": read_wget,
    "http": read_httpie,
    "https": read_httpie,
    "xh": read_httpie,
}
_GIT: Final = frozenset({"git", "git.exe"})
_METHOD_WORD: Final = re.compile(rf"""^["'\[(]*(?P<method>{"|".join(sorted(METHODS))})["'\]):,]*$""")
# requests.get("…"), client.post(`…`), http.Delete("…"): the method is the name of a function.
_IN_CODE: Final = re.compile(
    r"""\.(?P<method>get|head|post|put|patch|delete)(?:_?async)?\s*(?:<[^>]*>)?\(\s*[frbu$@]{0,2}["'`](?P<address>[^"'`\s]+)""",
    re.IGNORECASE,
)
_NAMED_METHOD: Final = re.compile(
    r"""(?:-Method|--method|\bmethod["']?\s*[:=])\s*["']?(?P<method>GET|HEAD|POST|PUT|PATCH|DELETE)\b""", re.IGNORECASE
)
_WEB_ADDRESS: Final = re.compile(r"""(?:https?://|\$\{?\w+\}?/(?=2\.0/))[^\s"'`<>|)]+""")
_LOG_SAYS_HTTP: Final = re.compile(r"^HTTP/\d")

_NO_OPERATION: Final = "Bitbucket's API document has no such operation"
_NOT_BITBUCKET: Final = "this does not go to Bitbucket Cloud"
_NOT_API: Final = "this is a page of Bitbucket's website, not its API"
_NO_CALL: Final = "no call was found in this line"
_NO_METHOD: Final = "the line names an address of the API, but not whether it reads or writes"
_TWO_READINGS: Final = "the variables in this address can be read in more than one way; name workspace and repository"
_NO_GIT_COMMAND: Final = "this git command is not known here"


def read_calls(text: str, *, api_hosts: Collection[str] = API_HOSTS) -> list[Call]:
    """One or more calls for every line that is not empty; the masker runs first. Never raises.

    Args:
        text: one REST call, curl line or git command a line; a trailing backslash joins a line with the next.
        api_hosts: hosts that serve Bitbucket's REST API below `/2.0`.
    """
    return [
        call
        for line in lines_of(mask(text))
        for call in _calls_of(line, api_hosts) or [Call(line, "unknown", because=_NO_CALL)]
    ]


def find_calls(text: str, *, api_hosts: Collection[str] = API_HOSTS) -> tuple[list[Call], int]:
    """The calls of a log or script, where most lines are something else.

    Returns:
        The calls, local git commands left out, and how many lines held none.
    """
    calls: list[Call] = []
    skipped = 0
    for line in lines_of(mask(text)):
        found = [call for call in _calls_of(line, api_hosts) if not is_local_git(call)]
        calls += found
        skipped += not found
    return calls, skipped


def is_local_git(call: Call) -> bool:
    """Whether a call is a git command that never leaves the machine."""
    return call.operation is GIT_LOCAL


def _calls_of(line: str, api_hosts: Collection[str]) -> list[Call]:
    calls: list[Call] = []
    for words in commands_of(line):
        calls += _calls_of_command(line, words, api_hosts)
    return calls or list(_calls_in_text(line, api_hosts))


def _calls_of_command(line: str, words: Sequence[str], api_hosts: Collection[str]) -> list[Call]:
    for place, word in enumerate(words):
        program = word.rpartition("/")[2].lstrip("@-`'\"(")
        if program in _GIT and place + 1 < len(words):
            return [_git_call(line, words[place + 1 :])]
        if program in _PROGRAMS and place + 1 < len(words):
            command = _PROGRAMS[program](words[place + 1 :])
            if any(_is_address(address, api_hosts) for address in command.addresses):
                return [_web_call(line, command.method, address, api_hosts) for address in command.addresses]
        method = _METHOD_WORD.match(word)
        if method and place + 1 < len(words) and not _LOG_SAYS_HTTP.match(words[place + 1]):
            return [_web_call(line, method["method"], words[place + 1], api_hosts)]
    return []


def _calls_in_text(line: str, api_hosts: Collection[str]) -> Iterator[Call]:
    in_code = list(_IN_CODE.finditer(line))
    for found in in_code:
        if _is_address(found["address"], api_hosts):
            yield _web_call(line, found["method"].upper(), found["address"], api_hosts)
    if in_code:
        return
    logged = re.search(rf"""\b({"|".join(sorted(METHODS))})\s+["'`]?((?:https?:/)?/[^\s"'`]+)""", line)
    if logged:
        yield _web_call(line, logged[1], logged[2], api_hosts)
    elif len(line.split()) == 1:
        if _is_address(line, api_hosts):
            yield _web_call(line, "GET", line, api_hosts)
    else:
        yield from _addresses_in_prose(line, api_hosts)


def _addresses_in_prose(line: str, api_hosts: Collection[str]) -> Iterator[Call]:
    method = _NAMED_METHOD.search(line)
    for found in _WEB_ADDRESS.finditer(line):
        address = read_address(found[0], api_hosts=api_hosts)
        if address.place == "api" and method:
            yield _web_call(line, method["method"].upper(), found[0], api_hosts)
        elif address.place == "api":
            yield Call(line, "unknown", because=_NO_METHOD)


def _is_address(word: str, api_hosts: Collection[str]) -> bool:
    return read_address(word, api_hosts=api_hosts).place != "unclear" or "/repositories/" in word or "://" in word


def _git_call(line: str, words: Sequence[str]) -> Call:
    command = read_git(words)
    if command.effect == "unknown":
        return Call(line, "unknown", because=_NO_GIT_COMMAND)
    if command.effect == "local":
        return Call(line, "matched", GIT_LOCAL, f"{command.name} stays on this machine and needs no credential")
    if command.is_elsewhere:
        return Call(line, "unknown", because=_NOT_BITBUCKET)
    if command.is_wiki:
        return _removed_wiki(line)
    return Call(line, "matched", GIT_PUSH if command.effect == "push" else GIT_FETCH)


def _removed_wiki(line: str) -> Call:
    removal = removal_of("GET", "/repositories/{workspace}/{repo_slug}/wiki")
    assert removal is not None
    return Call(line, "removed", because=removal.words)


def _web_call(line: str, method: str, word: str, api_hosts: Collection[str]) -> Call:
    address = read_address(word, api_hosts=api_hosts)
    if address.place == "web":
        service = service_in(word)
        if service:
            return Call(line, "matched", GIT_PUSH if service == "push" else GIT_FETCH)
        return Call(line, "unknown", because=_NOT_API)
    if address.place != "api":
        return Call(line, "unknown", because=_NOT_BITBUCKET if address.host else _why_unclear(word))
    return _api_call(line, method, address)


def _api_call(line: str, method: str, address: Address) -> Call:
    operation = operation_at(method, address.segments)
    removal = removal_of("GET" if method == "HEAD" else method, "/" + "/".join(address.segments).rstrip("/"))
    if removal and (operation is None or operation.removed_on):
        return Call(line, "removed", operation, removal.words)
    if operation is None:
        return Call(line, "unknown", because=_NO_OPERATION)
    if operation.removed_on:
        return Call(line, "removed", operation, "Bitbucket removed this operation")
    return Call(line, "matched", operation)


def _why_unclear(word: str) -> str:
    return _TWO_READINGS if "repositories/" in word else _NO_OPERATION
