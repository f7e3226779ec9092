"""Calls that a text mentions: log lines, tables, lists, sentences."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from tokens.catalogue.operations.curl import METHODS

_METHODS: Final = "|".join(sorted(METHODS))
# An address as it begins with a scheme, a slash, a host or a variable.
_ADDRESS: Final = r"""(?:(?i:https?)://|/|\$\{?\w|\{|%\w+%/|<\w+>/|[\w-]+(?:\.[\w-]+)+(?::\d+)?/|[\w-]+/)[^\s"'`<>|]*"""
# <name> in it stands for a value. An address that ends before any other < is cut off, and would be another one.
_ADDRESS_WITH_NAMES: Final = rf"""{_ADDRESS}+(?:<[\w .-]+>[^\s"'`<>|]*+)*+(?!<[^/])"""
# Between a method and its address stand blanks, what a table or a list puts there, or a small word.
_BETWEEN: Final = r"""["'`*|\])(:,>\s→-]{1,8}(?:(?:to|from|on|at|of|for|url|request(?:\sto)?)\b:?\s+)?["'`(]?"""
_CALL: Final = re.compile(
    rf"(?<![\w/.$=-])(?P<methods>(?:{_METHODS})(?:(?:[|/,]|, )(?:{_METHODS})){{0,6}})\b"
    rf"{_BETWEEN}(?P<address>{_ADDRESS_WITH_NAMES})"
)
# get https://… and put /2.0/…: small letters are a method only at the start, right before an address.
_SMALL_CALL: Final = re.compile(
    rf"""[^\w/]*(?P<methods>{_METHODS})\s+["'`]?(?=https?://|/)(?P<address>{_ADDRESS_WITH_NAMES})""", re.IGNORECASE
)
_BARE_CALL: Final = re.compile(rf"(?P<method>{_METHODS}) (?P<word>[a-z][a-z_]*)")
# urllib3 logs the host before the quoted first line of the request.
_URLLIB3: Final = re.compile(rf'(?P<host>https?://[\w.-]+(?::\d+)?) "(?P<method>{_METHODS}) (?P<path>/\S*) HTTP/')
# curl -v and GIT_CURL_VERBOSE print the first line of a request and its headers on lines of their own.
FIRST_LINE: Final = re.compile(rf"""(?:^|[>:\s])(?P<method>{_METHODS}) (?P<path>/\S*) HTTP/\d(?:\.\d)?$""")
HOST_LINE: Final = re.compile(r"(?:^|[>:\s])Host: (?P<host>\S+)$", re.IGNORECASE)

_METHOD_FIELD: Final = re.compile(
    rf"""(?<![\w-])["']?:?(?:request_?|http_?)?method["']?\s*[:=]\s*["']?(?P<method>{_METHODS})\b""", re.IGNORECASE
)
_ADDRESS_FIELD: Final = re.compile(
    rf"""(?<![\w-])["']?(?:request_?)?(?:url|uri|path|endpoint|target)["']?\s*[:=]\s*["']?(?P<address>{_ADDRESS})""",
    re.IGNORECASE,
)
# An address without a method, in a sentence or an assignment. In quotation marks it may do without a host.
_ALONE: Final = re.compile(
    r"""(?:https?://|\$\{?\w+\}?/|\{[\w.]+\}/)[^\s"'`<>|)]+|(?<=["'`])/?(?:2\.0/)?(?:repositories|workspaces)/[^\s"'`]+"""
)
# pip, npm, Terraform and others fetch what is named like this.
_FETCHED: Final = re.compile(r"""git(?:\+|::)(?:https|ssh)://[^\s"'`<>|,)]+""")
_OVER_SSH: Final = re.compile(
    r"\bssh\b.{0,200}?[\s@](?P<host>[\w.-]+\.\w+)\b.{0,80}?(?P<service>git-(?:upload|receive)-pack)\b"
)


class Mention(NamedTuple):
    """A method and an address, as the text spells them; no method where it names none."""

    method: str
    address: str


def calls_in_text(line: str) -> list[Mention]:
    """Every method with its address: in the first line of a request, in fields, in a sentence."""
    logged = _URLLIB3.search(line)
    if logged:
        return [Mention(logged["method"], logged["host"] + logged["path"])]
    found = list(_CALL.finditer(line))
    small = None if found else _SMALL_CALL.match(line)
    spelled = [small] if small else found
    bare = _BARE_CALL.fullmatch(line)
    if bare and not spelled:
        return [Mention(bare["method"], bare["word"])]
    return [Mention(method, call["address"]) for call in spelled for method in _methods(call)] or _fields(line)


def _methods(call: re.Match[str]) -> list[str]:
    return re.findall(r"[A-Z]+", call["methods"].upper())


def _fields(line: str) -> list[Mention]:
    method, address = _METHOD_FIELD.search(line), _ADDRESS_FIELD.search(line)
    return [Mention(method["method"].upper(), address["address"])] if method and address else []


def is_address_alone(line: str) -> bool:
    """Whether a line is one word with a slash in it, and neither code nor an assignment."""
    path = line.partition("?")[0]
    return "/" in path and not re.search(r"""[\s"'`(),=]""", path) and " " not in line


def addresses_alone(line: str) -> Iterator[str]:
    """Addresses of a line that does not say what is done with them."""
    for found in _ALONE.finditer(line):
        yield found[0]


def fetched_addresses(line: str) -> Iterator[str]:
    """Repositories that a program fetches with git although the line names no git command."""
    for found in _FETCHED.finditer(line):
        yield found[0]


def service_over_ssh(line: str) -> tuple[str, str] | None:
    """Host and service of git over SSH, as traces show it."""
    found = _OVER_SSH.search(line)
    return (found["host"].lower(), found["service"]) if found else None
