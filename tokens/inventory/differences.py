"""A difference as a rule sees it, before it is a finding."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from audit.content import JsonValue
from tokens.catalogue.model import RISK_LEVELS
from tokens.catalogue.rules import risk_of
from tokens.models import FindingAction, FindingKind


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of one credential, in the columns of a finding."""

    kind: FindingKind
    credential: int
    person: int | None
    title: str
    risk: str
    action: FindingAction
    read_by: str
    due_at: datetime | None = None
    detail: dict[str, JsonValue] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Verdicts:
    """What one rule says.

    Attributes:
        kind: of the findings.
        differences: what is different now.
        undecided: credentials about which nobody can say now, because something was not read: what is open about them
            stays open, and nothing is opened.
    """

    kind: FindingKind
    differences: list[Difference]
    undecided: frozenset[int] = frozenset()


def risk_level(scopes: list[str], *, used_by_machine: bool, is_strangers: bool = False) -> str:
    """The risk of what a credential can do; what its holder does not know is at least high."""
    level = _risk_level(tuple(scopes), used_by_machine)
    return risk_of_a_stranger(level) if is_strangers else level


def risk_of_a_stranger(level: str) -> str:
    """The risk of what its holder does not know: at least high, whatever it can do."""
    return worse("high", level)


def worse(one: str, other: str) -> str:
    """The higher of two risks; a word that is no level counts for nothing."""
    return max((level for level in RISK_LEVELS if level in (one, other)), key=RISK_LEVELS.index)


@lru_cache(maxsize=4096)
def _risk_level(scopes: tuple[str, ...], used_by_machine: bool) -> str:
    return risk_of(scopes, used_by_machine=used_by_machine).level
