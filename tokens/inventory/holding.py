"""What "holds repositories: write" means in scopes, for both dialects.

A level is a bundle of API-token scopes. A credential holds it when it carries every one of them, each by itself or by
a classic scope that reaches it as Bitbucket states; or when it carries the level's own classic scope, which the two
dialects do not always share word for word. Scopes that only some tasks need besides do not count.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tokens.catalogue.data import CLASSIC_SCOPES, SERVICE_BY_SLUG, SERVICES
from tokens.catalogue.model import Level, Service
from tokens.catalogue.rules import classic_reach, expand_classic, grouped

ANY_LEVEL = ""
_STRENGTH = ("read", "write", "delete", "admin")
_SHOWN_SERVICES = 3


@dataclass(frozen=True)
class Holding:
    """Which scopes make somebody a holder: one of each set in ``every``, or any of ``instead``."""

    every: tuple[frozenset[str], ...]
    instead: frozenset[str] = frozenset()


def holding_of(service: str, level: str = ANY_LEVEL) -> Holding:
    """What it takes to hold a level of a service, or any right in it.

    Args:
        service: such as ``repositories``.
        level: such as ``write``; empty for any level.

    Raises:
        KeyError: the catalogue knows no such service or level.
    """
    found = SERVICE_BY_SLUG[service]
    if level == ANY_LEVEL:
        return Holding((_scopes_of_service(found),))
    return _holding_of_level({each.slug: each for each in found.levels}[level])


def _holding_of_level(level: Level) -> Holding:
    every = tuple(_carriers(scope) for scope in level.api_token)
    return Holding(every, _classic_with(level.classic) if level.classic else frozenset())


def _carriers(scope: str) -> frozenset[str]:
    """The scope itself and every classic one that stands for it."""
    return frozenset({scope}) | {each.name for each in CLASSIC_SCOPES if scope in classic_reach(each.name)}


def _classic_with(name: str) -> frozenset[str]:
    return frozenset(each.name for each in CLASSIC_SCOPES if name in expand_classic([each.name]))


def _scopes_of_service(service: Service) -> frozenset[str]:
    holdings = [_holding_of_level(level) for level in service.levels]
    scopes = [scope for holding in holdings for group in (*holding.every, holding.instead) for scope in group]
    return frozenset(scopes)


def level_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every service with its levels, for a list to choose from; values are `repositories` or `repositories:write`."""
    return [
        (
            service.name,
            [
                (service.slug, f"{service.name}: any level"),
                *((f"{service.slug}:{level.slug}", f"{service.name}: {level.label}") for level in service.levels),
            ],
        )
        for service in SERVICES
    ]


def short_words(scopes: Iterable[str]) -> str:
    """What scopes of either dialect allow, in a few words: ``Repositories: read, write · Webhooks: read``."""
    groups = [
        f"{group.service.name}: {', '.join(sorted({scope.verb for scope in group.scopes}, key=_STRENGTH.index))}"
        for group in grouped(scopes)
    ]
    more = len(groups) - _SHOWN_SERVICES
    if more > 1:
        groups = [*groups[:_SHOWN_SERVICES], f"{more} more services"]
    return " · ".join(groups)
