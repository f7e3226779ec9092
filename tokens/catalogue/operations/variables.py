"""Values that a text leaves open: how they are written, what their names tell, and which the text gives itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

# $WS ${WS} $env:WS %WS% !WS! {ws} {{ws}} #{ws} {0} %s %(ws)s <ws> :ws __WS__ `ws`, and *** where a secret stood.
_WRITTEN: Final = (
    r"\$(?:env:)?[A-Za-z_]\w*(?:\.\w+)*|\$\{[^{}]*\}|[$#]?\{[^{}]*\}|%\w+%|![A-Za-z_]\w*!|%\([^()]*\)[sd]|%[sdv]"
    r"|<[\w .-]+>|:[A-Za-z_]\w*|__\w+__|`[^`]*`|\*{3,}"
)
_VARIABLE: Final = re.compile(_WRITTEN)
_AT_START: Final = re.compile(r"\$(?:env:)?[A-Za-z_]\w*|[$#]?\{[^{}]*\}|%\w+%|%s")
_UUID: Final = re.compile(r"\{[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}\}")
_NOT_A_NAME: Final = re.compile(r"^\W+|\W+$")

# What a name tells: full_name is Bitbucket's own word for owner/slug, also in Pipelines (BITBUCKET_REPO_FULL_NAME):
# https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
_OWNER_AND_SLUG: Final = re.compile(r"full_?name|full_?slug", re.IGNORECASE)
_OWNER: Final = re.compile(
    r"(?:workspace|owner|team|organi[sz]ation|account|user|(?:^|[_.-])(?:ws|org))(?:[_.-]?(?:id|uuid|slug|name))?$",
    re.IGNORECASE,
)
_REPOSITORY: Final = re.compile(r"repo|slug", re.IGNORECASE)
_OTHER_SERVICE: Final = re.compile(
    r"git(?:hub|lab|ea)|gerrit|jira|confluence|azure|sonar|slack|jenkins|artifactory|nexus|docker|harbor"
    r"|stash|bitbucket_?(?:server|dc)|data_?center",
    re.IGNORECASE,
)

# WS=acme · export BASE="https://…" · const base = `https://…` · base_url: https://…
_ASSIGNED: Final = re.compile(
    r"""^\s*(?:[-+>]\s+)?(?:(?:export|set|setx|local|readonly|declare|ENV|ARG|const|let|var|final|String|static|public)\s+)*"""
    r"""\$?(?:env:|self\.|this\.)?(?P<name>[A-Za-z_]\w*)(?::\s*\w+)?\s*(?:=|:=|:\s)\s*["'`]?"""
    r"""(?P<value>[A-Za-z0-9$%{][\w.~:/%{}$@-]*)["'`]?\s*[;,]?\s*(?:#.*)?$""",
)
_NAMED: Final = re.compile(
    r"\$\{?(?:env:)?(?P<shell>[A-Za-z_]\w*)\}?|[$#]?\{+\s*(?:\w+\.)*(?P<brace>[A-Za-z_]\w*)\s*\}+|%(?P<cmd>\w+)%"
)
_ROUNDS: Final = 3


def is_variable(segment: str) -> bool:
    """Whether a segment stands for a value that is not given; a uuid in its braces is one that is."""
    return _VARIABLE.fullmatch(segment) is not None and not _UUID.fullmatch(segment)


def variable_before(segment: str) -> str:
    """The variable that a segment starts with although more follows (`${BASE}repositories`); empty where none does."""
    found = _AT_START.match(segment)
    return found[0] if found and found.end() < len(segment) and not _UUID.match(segment) else ""


def means_owner_and_slug(variable: str) -> bool:
    """Whether the name says that workspace and repository stand in it together."""
    return _OWNER_AND_SLUG.search(variable) is not None


def means_owner(variable: str) -> bool:
    """Whether the name says that a workspace alone stands in it."""
    return _OWNER.search(_NOT_A_NAME.sub("", variable)) is not None and not means_owner_and_slug(variable)


def means_repository(variable: str) -> bool:
    """Whether the name says that a repository stands in it, with or without its workspace."""
    return _REPOSITORY.search(variable) is not None


def means_other_service(variable: str) -> bool:
    """Whether the name of a base address says that it is not Bitbucket Cloud's."""
    return _OTHER_SERVICE.search(variable) is not None


@dataclass(frozen=True, slots=True)
class Values:
    """The values that a text gives to its own names."""

    by_name: dict[str, str] = field(default_factory=dict)

    def filled(self, word: str) -> str:
        """A word with the names replaced whose value is known."""
        for _ in range(_ROUNDS if self.by_name else 0):
            filled = _NAMED.sub(self._value, word)
            if filled == word:
                break
            word = filled
        return word

    def _value(self, match: re.Match[str]) -> str:
        name = match["shell"] or match["brace"] or match["cmd"]
        return self.by_name.get(name, match[0])


def values_in(lines: Iterable[str]) -> Values:
    """What the lines of a script assign. A name with several values stays open."""
    found: dict[str, set[str]] = {}
    for line in lines:
        assigned = _ASSIGNED.match(line)
        if assigned:
            found.setdefault(assigned["name"], set()).add(assigned["value"])
    return Values({name: values.pop() for name, values in found.items() if len(values) == 1})
