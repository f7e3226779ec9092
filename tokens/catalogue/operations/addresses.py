"""Addresses as people paste them: with or without scheme and host, with variables, percent-encoded."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote

from tokens.catalogue.operations.paths import first_segments, later_literals
from tokens.catalogue.operations.variables import (
    is_variable,
    means_other_service,
    means_owner,
    means_owner_and_slug,
    means_repository,
    variable_before,
)

__all__ = ["API_HOSTS", "WEB_HOSTS", "Address", "Place", "is_variable", "read_address"]

API_HOSTS: Final = frozenset({"api.bitbucket.org"})
WEB_HOSTS: Final = frozenset({"bitbucket.org", "www.bitbucket.org"})
_API_BELOW_WEB: Final = (["!api", "2.0"], ["api", "2.0"])
_VERSION: Final = "2.0"
# Data Center, the product for one's own servers, has its API below /rest:
# https://developer.atlassian.com/server/bitbucket/rest/
_DATA_CENTER: Final = "rest"

_SCHEME: Final = re.compile(r"(?:git\+)?(?:https?|wss?)://|//(?=[\w-]+\.[\w.-]+)", re.IGNORECASE)
_SCHEME_VARIABLE: Final = re.compile(r"(?:\$\w+|\$?\{[^{}]*\})://")
_USUAL_PORT: Final = re.compile(r":(?:443|80)$")
_HOST: Final = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?|localhost(?::\d+)?|\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?")
# What ends the address begins with ? or #; the # of #{variable} does not.
_END: Final = re.compile(r"\?|#(?!\{)")
_AROUND: Final = "\"'`,;()[]"
# A log that cuts long lines, a manual that leaves the rest to the reader, a pattern for many paths.
_CUT_OFF: Final = re.compile(r".*(?:\.\.\.|…)|\*{1,2}")

Place = Literal["api", "web", "elsewhere", "unclear"]
NOT_BITBUCKET: Final = "this does not go to Bitbucket Cloud"
NO_OPERATION: Final = "Bitbucket's API document has no such operation"
TWO_READINGS: Final = "the variables in this address can be read in more than one way; name workspace and repository"
IN_VARIABLE: Final = "the path stands in a variable; write it out"
CUT_OFF: Final = "the address is cut off or leaves something out"


@dataclass(frozen=True, slots=True)
class Address:
    """Where an address leads: `api` with the decoded segments below the root, `web` with those below the host.

    `because` says in words why it is `unclear` or leads `elsewhere`.
    """

    place: Place
    segments: tuple[str, ...] = ()
    host: str = ""
    because: str = ""


def read_address(text: str, *, api_hosts: Collection[str] = API_HOSTS) -> Address:
    """Tell where an address leads. Never raises.

    Args:
        text: one word, without quotation marks.
        api_hosts: hosts (with a port where it is not the usual one) that serve Bitbucket's REST API below `/2.0`.

    Returns:
        `unclear` for what is no address at all, or one whose variables could stand for one segment or for two.
    """
    bare = _bare(text)
    scheme = _SCHEME.match(bare) or _SCHEME_VARIABLE.match(bare)
    if scheme:
        host, *raw = _pieces(bare[scheme.end() :])
        return _below_host(host, raw, api_hosts)
    if bare.startswith("/"):
        return _below_root(_pieces(bare[1:]))
    first, *rest = _pieces(bare)
    if _HOST.fullmatch(_host_in(first)):
        return _below_host(first, rest, api_hosts)
    if is_variable(first) and rest:
        return _below_variable(first, rest)
    base = variable_before(first)
    return _below_variable(base, [first[len(base) :], *rest]) if base else _below_root([first, *rest])


def _bare(text: str) -> str:
    """Without what a sentence, a list or JSON puts around an address, and without query and fragment."""
    bare = _END.split(text.strip(_AROUND), maxsplit=1)[0].rstrip(_AROUND + ":")
    return bare if bare.endswith("..") else bare.removesuffix(".")


def _pieces(path: str) -> list[str]:
    # A slash inside ${…} belongs to the variable (${VAR/from/to}).
    return re.findall(r"(?:[$#]?\{[^{}]*\}|[^/])+|(?<=/)(?=$)", path) or [""]


def _host_in(piece: str) -> str:
    """The host without user information and without the usual port."""
    return _USUAL_PORT.sub("", piece.rpartition("@")[2].lower())


def _below_host(piece: str, raw: list[str], api_hosts: Collection[str]) -> Address:
    host = _host_in(piece)
    if host in api_hosts:
        return _below_root(raw)
    if is_variable(host):
        return _below_variable(host, raw)
    if host in WEB_HOSTS:
        for prefix in _API_BELOW_WEB:
            if raw[: len(prefix)] == prefix:
                return _below_root(raw[len(prefix) :])
        return Address("web", tuple(_decoded(raw)), host)
    return Address("elsewhere", (), host, NOT_BITBUCKET)


def _below_variable(variable: str, raw: list[str]) -> Address:
    if means_other_service(variable) or raw[:1] == [_DATA_CENTER]:
        return Address("elsewhere", (), variable, NOT_BITBUCKET)
    return _below_root(raw)


def _below_root(raw: list[str]) -> Address:
    segments = _decoded(raw[1:] if raw[:1] == [_VERSION] else raw)
    if not segments or segments[0] not in first_segments():
        return Address("unclear", because=_why_unclear(segments))
    if any(map(_CUT_OFF.fullmatch, segments)):
        return Address("unclear", because=CUT_OFF)
    if segments[0] == "repositories":
        return _repository_address(segments)
    return Address("api", tuple(segments))


def _why_unclear(segments: Sequence[str]) -> str:
    if segments and is_variable(segments[0]):
        return IN_VARIABLE
    return NOT_BITBUCKET if segments[:1] == [_DATA_CENTER] else NO_OPERATION


def _repository_address(segments: list[str]) -> Address:
    """One variable may stand for workspace and repository together; only its name can tell."""
    if len(segments) > 1 and is_variable(segments[1]):
        if means_owner_and_slug(segments[1]):
            return Address("api", (segments[0], "{workspace}", "{repo_slug}", *segments[2:]))
        if _has_two_readings(segments[1], segments[2:]):
            return Address("unclear", because=TWO_READINGS)
    if any("/" in segment and not is_variable(segment) for segment in segments[1:3]):
        return Address("unclear", because=NO_OPERATION)
    return Address("api", tuple(segments))


def _has_two_readings(variable: str, following: Sequence[str]) -> bool:
    if not following or following == [""]:
        return not means_owner(variable)
    if following[0] in later_literals():
        return True
    return means_repository(variable) and not means_owner(variable) and is_variable(following[0])


def _decoded(raw: list[str]) -> list[str]:
    return [piece if is_variable(piece) else unquote(piece) for piece in raw]
