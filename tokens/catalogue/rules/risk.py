"""How risky a set of scopes is: four rules, each of which can be said in a sentence.

1. The strongest single scope sets the floor; the catalogue says why.
2. Reading from more than one of the company's services is at least medium: together they show more than each.
3. What writes while nobody watches goes one step up, at most to high.
4. A scope that the catalogue does not know is at least high: nobody here can say what it opens.
"""

from collections.abc import Iterable, Sequence

from tokens.catalogue.data import FACTS, SCOPE_BY_NAME, SERVICE_BY_SLUG
from tokens.catalogue.model import RISK_LEVELS, Risk, RiskLevel, Scope
from tokens.catalogue.rules.lattice import api_reach

LONGEST_UNWATCHED_WRITE_DAYS = 90


def risk_of(scopes: Iterable[str], *, used_by_machine: bool) -> Risk:
    """The risk of a credential with these scopes (either dialect) and the reasons, the weightiest first.

    `used_by_machine`: it works unattended, nobody sees each use.
    """
    reached = api_reach(scopes)
    known = [scope for name, scope in SCOPE_BY_NAME.items() if name in reached]
    level, reasons = _floor(known)
    if len(_company_services_read(known)) > 1 and _rank(level) < _rank("medium"):
        level = "medium"
        reasons = ["reads from more than one service, which together show more than each"]
    if used_by_machine and _writes(known) and _rank(level) < _rank("high"):
        level = RISK_LEVELS[_rank(level) + 1]
        reasons = ["writes while nobody watches", *reasons]
    unknown = sorted(reached - SCOPE_BY_NAME.keys())
    if unknown:
        level = max(level, "high", key=_rank)
        reasons = [*reasons, *(f"the catalogue does not know what {name} opens" for name in unknown)]
    return Risk(level, tuple(dict.fromkeys(reasons)))


def risk_sentences(scopes: Iterable[str]) -> list[str]:
    """What surprises people about these scopes (either dialect), in the catalogue's order."""
    reached = api_reach(scopes)
    return [fact.sentence for fact in FACTS if fact.scope in reached]


def may_be_issued_at_once(scopes: Iterable[str], max_days: int) -> bool:
    """Whether a rule alone may approve: nothing unknown, nothing that administers, deletes or makes credentials.

    What writes must also end within 90 days. `max_days`: the longest life the rule would give. This is a
    condition, not a recommendation.
    """
    reached = api_reach(scopes)
    if not reached <= SCOPE_BY_NAME.keys():
        return False
    known = [SCOPE_BY_NAME[name] for name in reached]
    if any(_needs_a_person(scope) for scope in known):
        return False
    return max_days <= LONGEST_UNWATCHED_WRITE_DAYS or not _writes(known)


def _floor(known: Sequence[Scope]) -> tuple[RiskLevel, list[str]]:
    if not known:
        return "low", ["opens nothing"]
    level: RiskLevel = max((scope.risk for scope in known), key=_rank)
    return level, [scope.because for scope in known if scope.risk == level]


def _rank(level: RiskLevel) -> int:
    return RISK_LEVELS.index(level)


def _writes(known: Sequence[Scope]) -> bool:
    return any(scope.verb != "read" for scope in known)


def _company_services_read(known: Sequence[Scope]) -> frozenset[str]:
    services = {scope.service_slug for scope in known if scope.verb == "read" and scope.removed_on is None}
    return frozenset(slug for slug in services if SERVICE_BY_SLUG[slug].holds_company_data)


def _needs_a_person(scope: Scope) -> bool:
    hands_out_access = scope.service_slug == "permissions" and scope.verb != "read"
    return scope.verb in {"admin", "delete"} or scope.mints or hands_out_access
