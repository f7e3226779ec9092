"""What implies what. API-token scopes imply nothing; classic ones imply only what Bitbucket states."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from tokens.catalogue.data import (
    ALSO_REACHES,
    CLASSIC_SCOPES,
    IMPLICATIONS,
    KIND_BY_SLUG,
    SCOPE_BY_NAME,
    SERVICES,
)

_NOTHING: frozenset[str] = frozenset()


def expand_classic(scopes: Iterable[str]) -> frozenset[str]:
    """Every classic scope that `scopes` stand for, themselves included. Unknown names stay as they are."""
    reached: set[str] = set()
    waiting = list(scopes)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(IMPLICATIONS.get(name, _NOTHING))
    return frozenset(reached)


def reduce_classic(scopes: Iterable[str]) -> tuple[str, ...]:
    """The fewest of `scopes` that still stand for all of them, sorted."""
    chosen = frozenset(scopes)
    implied: set[str] = set()
    for name in chosen:
        implied |= expand_classic([name]) - {name}
    return tuple(sorted(chosen - implied))


def api_reach(scopes: Iterable[str]) -> frozenset[str]:
    """`scopes` of either dialect, told as API-token scopes. What has no counterpart keeps its own name."""
    reached: set[str] = set()
    for name in scopes:
        scope = SCOPE_BY_NAME.get(name)
        if scope is None or scope.dialect == "api_token":
            reached.add(name)
        else:
            reached |= _told_as_api_token(name)
    return frozenset(reached)


def classic_reach(name: str, kind: str = "") -> frozenset[str]:
    """The API-token scopes whose work a classic scope can do, through its stated implications.

    `kind` is the kind of credential that would carry it: some are kept out of part of it.
    """
    reached = _reaches().get(name, _NOTHING)
    return reached - KIND_BY_SLUG[kind].closed if kind else reached


@cache
def inferred_classic() -> frozenset[str]:
    """Classic scopes whose pairing with an API-token scope is an inference, not something Bitbucket wrote."""
    levels = [level for service in SERVICES for level in service.levels]
    return frozenset(level.classic for level in levels if level.classic and level.certainty != "stated")


@cache
def _told_as_api_token(name: str) -> frozenset[str]:
    reached = classic_reach(name)
    levels = [level for service in SERVICES for level in service.levels if level.classic == name]
    partly = frozenset(scope for level in levels if level.part for scope in level.api_token)
    return reached | partly or frozenset({name})


@cache
def _reaches() -> Mapping[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for scope in CLASSIC_SCOPES:
        reached: set[str] = set()
        for name in expand_classic([scope.name]):
            reached |= _own_reach(name)
        table[scope.name] = frozenset(reached)
    return MappingProxyType(table)


def _own_reach(name: str) -> frozenset[str]:
    own = (
        scope
        for service in SERVICES
        if service.removed_on is None
        for level in service.levels
        if level.classic == name and not level.part
        for scope in level.api_token
    )
    return frozenset(own) | ALSO_REACHES.get(name, _NOTHING)
