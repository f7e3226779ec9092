"""Which operations Bitbucket has withdrawn, and when. Its document of June 2026 still lists some of them."""

import re
from datetime import date
from typing import Final, NamedTuple

from tokens.catalogue.data.sources import ISSUES_AND_WIKIS, ISSUES_AND_WIKIS_REMOVED_ON


class Removal(NamedTuple):
    """A group of operations that are gone: which paths, since when, what to do instead, and where that was said."""

    methods: frozenset[str] | None
    pattern: re.Pattern[str]
    removed_on: date
    words: str
    source: str


_CHANGELOG: Final = "https://developer.atlassian.com/cloud/bitbucket/changelog"
_CROSS_WORKSPACE_REMOVED_ON: Final = date(2026, 4, 14)
_READ: Final = frozenset({"GET"})
_REPOSITORY: Final = r"/repositories/[^/]+/[^/]+"


def _across_workspaces(pattern: str, instead: str) -> Removal:
    words = f"Bitbucket removed listings across workspaces on 14 April 2026 (CHANGE-2770); use {instead} instead"
    return Removal(_READ, re.compile(pattern), _CROSS_WORKSPACE_REMOVED_ON, words, _CHANGELOG)


_ISSUES_AND_WIKIS: Final = "Bitbucket removed issues and wikis on 20 August 2026; nothing replaces them"

REMOVALS: Final[tuple[Removal, ...]] = (
    _across_workspaces(r"/repositories", "GET /repositories/{workspace}"),
    _across_workspaces(r"/workspaces", "GET /user/workspaces"),
    _across_workspaces(r"/user/permissions/workspaces", "GET /user/workspaces"),
    _across_workspaces(r"/user/permissions/repositories", "GET /user/workspaces/{workspace}/permissions/repositories"),
    Removal(
        None,
        re.compile(rf"{_REPOSITORY}/(?:issues|components|milestones|versions|wiki)(?:/.*)?"),
        ISSUES_AND_WIKIS_REMOVED_ON,
        _ISSUES_AND_WIKIS,
        ISSUES_AND_WIKIS,
    ),
)


def removal_of(method: str, path: str) -> Removal | None:
    """The removal that covers a path below the API's root, concrete or as a pattern; None for what still lives."""
    for removal in REMOVALS:
        if (removal.methods is None or method in removal.methods) and removal.pattern.fullmatch(path):
            return removal
    return None
