"""The classic scopes for a set of API-token scopes: what access tokens and OAuth must be given instead."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from tokens.catalogue.data import (
    CLASSIC_SCOPES,
    GIT_ONLY,
    KIND_BY_SLUG,
    SCOPE_BY_NAME,
    WARNINGS,
)
from tokens.catalogue.model import RISK_LEVELS, Cover
from tokens.catalogue.rules.lattice import classic_reach, inferred_classic, reduce_classic

_RISK_COST = {level: 8**rank for rank, level in enumerate(RISK_LEVELS)}


def classic_cover(api_scopes: Iterable[str], *, kind: str = "") -> Cover:
    """The classic scopes that reach all of `api_scopes` and open least besides; then the fewest of them.

    Args:
        api_scopes: API-token scopes.
        kind: the kind of credential that would carry the cover; "" allows every classic scope.

    Returns:
        The cover with what it adds. What no classic scope of that kind reaches is named in `not_covered`.
    """
    return _cover(frozenset(api_scopes), kind)


def can_be_issued_as(kind: str, api_scopes: Iterable[str]) -> bool:
    """Whether a credential of this kind can do the work of all these API-token scopes.

    A deploy key knows git alone; access tokens know some classic scopes. Kinds without a choice of scopes: no.
    """
    needed = frozenset(api_scopes)
    if kind == "api_token":
        return all(name in SCOPE_BY_NAME and SCOPE_BY_NAME[name].removed_on is None for name in needed)
    if kind == "deploy_key":
        return bool(needed) and needed <= GIT_ONLY
    return bool(KIND_BY_SLUG[kind].classic) and not classic_cover(needed, kind=kind).not_covered


@lru_cache(maxsize=1024)
def _cover(needed: frozenset[str], kind: str) -> Cover:
    offers = _offers(needed, kind)
    coverable = frozenset().union(*offers.values()) & needed
    best = min(_choices(coverable, offers), key=lambda choice: _price(choice, needed, offers))
    chosen = reduce_classic(best)
    reached = frozenset().union(*(offers[name] for name in chosen))
    return Cover(
        scopes=chosen,
        adds=tuple(sorted(reached - needed)),
        not_covered=tuple(sorted(needed - coverable)),
        unproven=tuple(name for name in chosen if name in inferred_classic()),
        warnings=tuple(WARNINGS[name] for name in chosen if name in WARNINGS),
    )


def _offers(needed: frozenset[str], kind: str) -> dict[str, frozenset[str]]:
    allowed = KIND_BY_SLUG[kind].classic if kind else frozenset(scope.name for scope in CLASSIC_SCOPES)
    reaches = {name: classic_reach(name, kind) for name in sorted(allowed)}
    useful = {name: reach for name, reach in reaches.items() if reach & needed}
    proven = {name: reach for name, reach in useful.items() if name not in inferred_classic()}
    by_proof = frozenset().union(*proven.values())
    return {name: reach for name, reach in useful.items() if name in proven or reach & (needed - by_proof)}


def _choices(
    open_needs: frozenset[str], offers: dict[str, frozenset[str]], chosen: frozenset[str] = frozenset()
) -> Iterator[frozenset[str]]:
    if not open_needs:
        yield chosen
        return
    hardest = min(open_needs, key=lambda need: (sum(need in reach for reach in offers.values()), need))
    for name, reach in offers.items():
        if hardest in reach:
            yield from _choices(open_needs - reach, offers, chosen | {name})


def _price(
    choice: frozenset[str], needed: frozenset[str], offers: dict[str, frozenset[str]]
) -> tuple[int, int, tuple[str, ...]]:
    added = frozenset().union(*(offers[name] for name in choice)) - needed
    cost = sum(_RISK_COST[SCOPE_BY_NAME[name].risk] for name in added)
    return cost, len(choice), tuple(sorted(choice))
