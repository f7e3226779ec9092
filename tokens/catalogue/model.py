"""The shapes of the catalogue: services, levels, scopes and what is computed from them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Dialect = Literal["classic", "api_token"]
Verb = Literal["read", "write", "admin", "delete"]
RiskLevel = Literal["low", "medium", "high", "critical"]
Certainty = Literal["stated", "inferred", "unconfirmed"]

RISK_LEVELS: tuple[RiskLevel, ...] = ("low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope string of Bitbucket, with our words for it.

    `words` says what it lets somebody do, `without` what is refused when it is missing, `because` why its risk
    is at least `risk`. `mints`: it can create a further credential. `seen_on`: when `source` was last read.
    """

    name: str
    dialect: Dialect
    service_slug: str
    verb: Verb
    words: str
    without: str
    risk: RiskLevel
    because: str
    source: str
    seen_on: date
    mints: bool = False
    removed_on: date | None = None
    certainty: Certainty = "stated"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a service.

    `api_token` is the bundle the level stands for. `with_tasks` holds what some tasks need besides and what a
    level never brings by itself. `part`: the bundle opens more than this level did. `certainty` is about the
    pairing of the two dialects.
    """

    slug: str
    label: str
    classic: str | None
    api_token: tuple[str, ...]
    with_tasks: tuple[str, ...] = ()
    note: str = ""
    part: bool = False
    certainty: Certainty = "stated"


@dataclass(frozen=True, slots=True)
class Service:
    """What a permission is about, as people know it from Bitbucket's own screens."""

    slug: str
    name: str
    levels: tuple[Level, ...]
    source: str
    seen_on: date
    removed_on: date | None = None
    on_old_screen: bool = True
    holds_company_data: bool = True


@dataclass(frozen=True, slots=True)
class CredentialKind:
    """A kind of credential and what is true of all of its kind.

    `prefix`: how it begins, empty where none is promised. `classic`: the classic scopes it may carry; `closed`:
    API-token scopes whose work Bitbucket refuses to it whatever it carries.
    """

    slug: str
    name: str
    words: str
    dialect: Dialect | None
    prefix: str = ""
    classic: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    acts_as_person: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about a scope that surprises people. `scope` is an API-token scope."""

    scope: str
    sentence: str
    source: str
    seen_on: date


@dataclass(frozen=True, slots=True)
class ScopeGroup:
    """Scopes of one service, in the catalogue's order."""

    service: Service
    scopes: tuple[Scope, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What two scope sets do not share; both sorted."""

    missing: tuple[str, ...] = ()
    excess: tuple[str, ...] = ()

    @property
    def is_exact(self) -> bool:
        """True when nothing is missing and nothing is too much."""
        return not self.missing and not self.excess


@dataclass(frozen=True, slots=True)
class Cover:
    """The classic scopes that reach a set of API-token scopes.

    `adds`: API-token scopes that come along unasked. `not_covered`: API-token scopes that no classic scope of
    this kind reaches. `unproven`: classic scopes chosen by inference only. `warnings`: what else they open.
    """

    scopes: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()
    not_covered: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Risk:
    """How much harm a credential with these scopes could do, and why."""

    level: RiskLevel
    reasons: tuple[str, ...] = ()
