"""Addresses as people paste them: with or without scheme and host, with variables, percent-encoded."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote

from tokens.catalogue.operations.paths import first_segments, later_literals

API_HOSTS: Final = frozenset({"api.bitbucket.org"})
WEB_HOSTS: Final = frozenset({"bitbucket.org", "www.bitbucket.org"})
_API_BELOW_WEB: Final = (["!api", "2.0"], ["api", "2.0"])
_VERSION: Final = "2.0"

# $WS, ${WS}, %WS%, {ws}, <ws>, :ws, __WS__: a whole segment that stands for a value.
_VARIABLE: Final = re.compile(
    r"""\$\w+|\$\{[^{}]*\}|\$?\{[^{}]*\}|%\w+%|<[\w .-]+>|:[A-Za-z]\w*|__\w+__|`[^`]*`""",
)
_UUID: Final = re.compile(r"\{[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}\}")
_OWNER_AND_SLUG: Final = re.compile(r"full_?name|full_?slug|repo(?:sitory)?_?(?:path|id_full)", re.IGNORECASE)
_SCHEME: Final = re.compile(r"(?:git\+)?(?:https?|wss?)://", re.IGNORECASE)
_SCHEME_VARIABLE: Final = re.compile(r"(?:\$\w+|\$?\{[^{}]*\})://")
_HOST: Final = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?|localhost(?::\d+)?|\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?")

Place = Literal["api", "web", "elsewhere", "unclear"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where an address leads: `api` with the decoded segments below the root, `web` with those below the host."""

    place: Place
    segments: tuple[str, ...] = ()
    host: str = ""


def read_address(text: str, *, api_hosts: Collection[str] = API_HOSTS) -> Address:
    """Tell where an address leads. Never raises.

    Args:
        text: one word, without quotation marks.
        api_hosts: hosts (with a port where it is not the usual one) that serve Bitbucket's REST API below `/2.0`.

    Returns:
        `unclear` for what is no address at all, or one whose variables could stand for one segment or for two.
    """
    bare = text.strip("\"'`,;()[]").partition("#")[0].partition("?")[0]
    scheme = _SCHEME.match(bare) or _SCHEME_VARIABLE.match(bare)
    if scheme:
        host, *raw = _pieces(bare[scheme.end() :])
        return _below_host(host.rpartition("@")[2].lower(), raw, api_hosts)
    if bare.startswith("/"):
        return _below_root(_pieces(bare[1:]))
    first, *rest = _pieces(bare)
    if _HOST.fullmatch(first.lower()):
        return _below_host(first.lower(), rest, api_hosts)
    if is_variable(first) and rest:
        return _below_root(rest)
    return _below_root([first, *rest])


def is_variable(segment: str) -> bool:
    """Whether a segment stands for a value that is not given; a uuid in its braces is one that is."""
    return _VARIABLE.fullmatch(segment) is not None and not _UUID.fullmatch(segment)


def _pieces(path: str) -> list[str]:
    # A slash inside ${…} belongs to the variable (${VAR/from/to}).
    return re.findall(r"(?:\$?\{[^{}]*\}|[^/])+|(?<=/)(?=$)", path) or [""]


def _below_host(host: str, raw: list[str], api_hosts: Collection[str]) -> Address:
    if host in api_hosts or is_variable(host):
        return _below_root(raw)
    if host in WEB_HOSTS:
        for prefix in _API_BELOW_WEB:
            if raw[: len(prefix)] == prefix:
                return _below_root(raw[len(prefix) :])
        return Address("web", tuple(_decoded(raw)), host)
    return Address("elsewhere", (), host)


def _below_root(raw: list[str]) -> Address:
    below = raw[1:] if raw and raw[0] == _VERSION else raw
    segments = _decoded(below)
    if not segments or segments[0] not in first_segments():
        return Address("unclear")
    if segments[0] == "repositories":
        return _repository_address(segments)
    return Address("api", tuple(segments))


def _repository_address(segments: list[str]) -> Address:
    """One variable may stand for workspace and repository together; only its name can tell."""
    if len(segments) > 1 and is_variable(segments[1]):
        if _OWNER_AND_SLUG.search(segments[1]):
            return Address("api", (segments[0], "{workspace}", "{repo_slug}", *segments[2:]))
        if len(segments) > 2 and segments[2] in later_literals():
            return Address("unclear")
    return Address("api", tuple(segments))


def _decoded(raw: list[str]) -> list[str]:
    return [piece if is_variable(piece) else unquote(piece) for piece in raw]
