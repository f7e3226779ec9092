"""The shapes of the linter: a template as somebody writes it, what its use showed, and what there is to say."""

from dataclasses import dataclass
from typing import Literal

RuleName = Literal["at_once", "at_once_reviewed", "approvers", "two_people"]
LintLevel = Literal["error", "warning", "note"]

LINT_LEVELS: tuple[LintLevel, ...] = ("error", "warning", "note")
RULE_NAMES: tuple[RuleName, ...] = ("at_once", "at_once_reviewed", "approvers", "two_people")


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """One named least-privilege set, before it is a version of a template.

    `tasks`: what somebody does with it. `services_levels`: pairs of service and level slugs, how the scopes were
    picked. `scopes`: API-token scopes, all of them. `kinds`: kinds that may carry it, the preferred one first;
    `machine_kinds`: those of them that are only for a machine. `max_days`: the longest life in days.
    `deputy_required`: a second person must be named. `guidance`: what its holder should know. `justification`: why it
    administers, deletes or makes credentials. `rule` may hold anything: the linter says whether it is one.
    """

    slug: str
    name: str
    purpose: str
    scopes: tuple[str, ...]
    kinds: tuple[str, ...]
    max_days: int
    rule: str
    tasks: tuple[str, ...] = ()
    services_levels: tuple[tuple[str, str], ...] = ()
    machine_kinds: tuple[str, ...] = ()
    deputy_required: bool = False
    used_by_machine: bool = False
    guidance: str = ""
    justification: str = ""


@dataclass(frozen=True, slots=True)
class UseEvidence:
    """What the requests for a template showed.

    `asked`: how many requests said what they need; `needed`: every scope that one of them needed. `smaller`: how many
    ended with a smaller set than approved; `granted`: every scope in one of those sets.
    """

    asked: int = 0
    needed: frozenset[str] = frozenset()
    smaller: int = 0
    granted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LintMessage:
    """One thing to say about a draft. `code` names the rule, `field` the part of the draft it is about."""

    level: LintLevel
    code: str
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LintContext:
    """What a rule may look at besides the draft. `shipped`: the draft comes with the project."""

    evidence: UseEvidence
    shipped: bool = False
