"""What one line calls: its commands first, then its code, then what it mentions."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tokens.catalogue.operations.functions import calls_in_code, clones_in_code, commands_in_code
from tokens.catalogue.operations.git import nested_in, read_git
from tokens.catalogue.operations.meanings import NO_METHOD, Reading, fetch_call, git_call, git_service, web_call
from tokens.catalogue.operations.mentions import (
    addresses_alone,
    calls_in_text,
    fetched_addresses,
    is_address_alone,
    service_over_ssh,
)
from tokens.catalogue.operations.model import Call
from tokens.catalogue.operations.programs import PROGRAMS
from tokens.catalogue.operations.words import commands_of, without_blanks_in_variables

_GIT: Final = frozenset({"git", "git.exe"})
# A word that holds a command of its own: sh "git push", bash -c 'curl …'.
_SCRIPT: Final = re.compile(r"(?:^|[\s;&|(])(?:git|curl|wget|https?|xh)(?:\.exe)?\s", re.IGNORECASE)
_SAYS_ONLY: Final = frozenset({"echo", "printf", "print", "write-host", "write-output", "#"})
# What stands before a command: prompts, list marks, assignments, words of the shell and of Dockerfiles.
_BEFORE_COMMAND: Final = re.compile(
    r"[-+$>#*!(\[\]{}@%]+|.*[$#>%:]|\w+=.*|\[[^\]]*\]|sudo|env|time|exec|then|do|else|if|while|not|RUN|CMD",
    re.IGNORECASE,
)
_REDIRECTION: Final = re.compile(r"(?:\d|&)?>>?|<<?<?")
_DEEPEST: Final = 3
# Before a program stand a few words (a prompt, assignments, sudo, the time), and it is given a few addresses.
_MOST_WORDS: Final = 40


def calls_of(line: str, reading: Reading, *, host: str = "") -> list[Call]:
    """The calls of one line; empty where it holds none. The first way to read it that finds something counts.

    Args:
        line: masked.
        host: where a request goes of which this is the first line; empty where nothing says so.
    """
    return (
        _calls_of_commands(line, line, reading)
        or list(_calls_of_code(line, reading))
        or _calls_mentioned(line, reading, host)
        or list(_fetches(line, reading))
        or _calls_without_method(line, reading)
    )


def _calls_of_commands(line: str, script: str, reading: Reading, depth: int = 0) -> list[Call]:
    return [call for words in commands_of(script) for call in _calls_of_command(line, words, reading, depth)]


def _calls_of_command(line: str, words: Sequence[str], reading: Reading, depth: int) -> list[Call]:
    for place, word in enumerate(words[:_MOST_WORDS]):
        if word.lower() in _SAYS_ONLY and place == 0 and len(words) > 1 and words[1] not in PROGRAMS:
            return [] if word != "#" else _calls_of_command(line, words[1:], reading, depth)
        calls = _calls_at(line, words, place, reading)
        if not calls and depth < _DEEPEST and _SCRIPT.search(word) and " " in word:
            calls = _calls_of_commands(line, word, reading, depth + 1)
        if calls:
            return calls
    return []


def _calls_at(line: str, words: Sequence[str], place: int, reading: Reading) -> list[Call]:
    """The calls of the program that a word names, if it names one."""
    program = _program(words[place])
    rest = list(_arguments(words[place + 1 :])) if program in _GIT or program in PROGRAMS else []
    if program in _GIT and rest:
        return _git_calls(line, words[:place], rest, reading)
    if program in PROGRAMS and rest:
        return [
            web_call(line, command.method, address, reading)
            for command in PROGRAMS[program](rest)
            for address in command.addresses[:_MOST_WORDS]
            if reading.is_address(address)
        ]
    return []


def _program(word: str) -> str:
    if "://" in word:
        return ""
    name = re.split(r"[/(`'\"]", word)[-1].lstrip("@-").lower()
    # A path of Windows has lost its backslashes by now.
    return next((known for known in ("git.exe", "curl.exe") if name.endswith(known)), name)


def _arguments(words: Sequence[str]) -> Iterator[str]:
    """The words without redirections and the files they name, up to a comment."""
    waiting = list(words)[::-1]
    while waiting:
        word = waiting.pop()
        if word.startswith("#"):
            return
        if _REDIRECTION.fullmatch(word):
            del waiting[-1:]
        else:
            yield word


def _git_calls(line: str, before: Sequence[str], words: Sequence[str], reading: Reading) -> list[Call]:
    words = [word.rstrip(")`") for word in words]
    nested = nested_in(words)
    if nested:
        return _calls_of_commands(line, " ".join(nested), reading, _DEEPEST)
    if read_git(words).effect == "unknown" and not all(map(_BEFORE_COMMAND.fullmatch, before)):
        return []
    return [git_call(line, words, reading)]


def _calls_of_code(line: str, reading: Reading) -> Iterator[Call]:
    for words in commands_in_code(line):
        yield from _calls_at(line, words, 0, reading)
    for address in clones_in_code(line):
        cloned = fetch_call(line, address, reading)
        if cloned:
            yield cloned
    for call in calls_in_code(line):
        if reading.is_address(call.address) and not _is_any_service(call.address, reading):
            yield web_call(line, call.method, call.address, reading)


def _is_any_service(address: str, reading: Reading) -> bool:
    """Whether a path in code is too short to be Bitbucket's for sure: client.get("/user")."""
    return address.strip("/") in ("user", "users", "workspaces", "snippets", "teams", "repositories", "addon")


def _calls_mentioned(line: str, reading: Reading, host: str) -> list[Call]:
    found = calls_in_text(without_blanks_in_variables(line))
    calls = []
    for mention in found:
        word = f"https://{host}{mention.address}" if host and mention.address.startswith("/") else mention.address
        if reading.is_address(word) or len(line.split()) == len(("method", "path")):
            calls.append(web_call(line, mention.method, word, reading))
    return calls


def _fetches(line: str, reading: Reading) -> Iterator[Call]:
    over_ssh = service_over_ssh(line)
    if over_ssh:
        yield git_service(line, *over_ssh)
    for address in fetched_addresses(line):
        call = fetch_call(line, address, reading)
        if call:
            yield call


def _calls_without_method(line: str, reading: Reading) -> list[Call]:
    word = without_blanks_in_variables(line)
    if is_address_alone(word) and ("://" in word or reading.address(word).place != "unclear"):
        return [web_call(line, "GET", word, reading)]
    if any(reading.address(address).place == "api" for address in addresses_alone(line)):
        return [Call(line, "unknown", because=NO_METHOD)]
    return []
