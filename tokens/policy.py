"""Decisions without a database: who decides, how long, what a frozen scope set is called."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tokens.catalogue.rules import may_be_issued_at_once, risk_of
from tokens.models.request import UsedBy
from tokens.models.template import ApprovalRule, TemplateVersion

APPROVALS_NEEDED = {ApprovalRule.APPROVERS: 1, ApprovalRule.TWO_PEOPLE: 2}
AT_ONCE = (ApprovalRule.AT_ONCE, ApprovalRule.AT_ONCE_REVIEWED)
LOOK_WITHIN = timedelta(days=1)
LONGEST_UNWATCHED_DAYS = 90
# Atlassian takes an expiry between one day and one year from now.
LONGEST_TOKEN_DAYS = 365
# The one kind that people make for themselves, and that the portal can bind and revoke.
PERSONAL_KIND = "api_token"
# The one kind whose whole life the portal has in its own hands.
KEY_KIND = "deploy_key"
# A set that nobody thought through as a template lives as long as the shortest template of its risk, or less.
_CUSTOM_MAX_DAYS = {"low": 90, "medium": 90, "high": 30, "critical": 7}
HIGH_RISKS = frozenset({"high", "critical"})


@dataclass(frozen=True)
class RuleDecision:
    """Which rule holds for one request, and why it is not the template's own where it is not."""

    rule: ApprovalRule
    because: str = ""

    @property
    def is_at_once(self) -> bool:
        return self.rule in AT_ONCE


def rule_for(
    version: TemplateVersion,
    *,
    lifetime_days: int,
    revocation_is_automatic: bool,
    kind: str = PERSONAL_KIND,
    used_by: str = UsedBy.PERSON,
) -> RuleDecision:
    """The rule that holds for a request of this template, as this kind, here and now.

    "At once, looked at within a day" needs a way back: it holds only where a mistake can be taken back by machine,
    for a person, for at most 90 days, and never with an administering, deleting or credential-making scope. A deploy
    key is never issued at once: the portal adds it with rights of its own, which whoever asks may not have.
    """
    rule = ApprovalRule(version.rule)
    if kind == KEY_KIND and rule in AT_ONCE:
        return RuleDecision(ApprovalRule.APPROVERS, "the portal adds the key itself, so a person looks at it first")
    if rule is not ApprovalRule.AT_ONCE_REVIEWED:
        return RuleDecision(rule)
    if not revocation_is_automatic:
        return RuleDecision(ApprovalRule.APPROVERS, "tokens cannot be revoked automatically here yet")
    if version.used_by_machine or is_for_machine(kind, used_by):
        return RuleDecision(ApprovalRule.APPROVERS, "a machine will use it")
    if lifetime_days > LONGEST_UNWATCHED_DAYS:
        return RuleDecision(ApprovalRule.APPROVERS, f"it lives longer than {LONGEST_UNWATCHED_DAYS} days")
    if not may_be_issued_at_once(version.scopes, lifetime_days):
        return RuleDecision(ApprovalRule.APPROVERS, "it can administer, delete or make credentials")
    return RuleDecision(rule)


def is_for_machine(kind: str, used_by: str) -> bool:
    """Whether a machine will work with it: every kind but a person's own, and a person's where they say so."""
    return kind != PERSONAL_KIND or used_by == UsedBy.MACHINE


def deputy_is_required(version: TemplateVersion, kind: str, used_by: str = UsedBy.PERSON) -> bool:
    """Whether somebody must be named who answers when the holder cannot: where the template says so, or a machine."""
    return version.deputy_required or is_for_machine(kind, used_by)


def risk_level(version: TemplateVersion, *, by_machine: bool) -> str:
    """The risk of one request: what a template is thought through for a person may be more in a machine's hands."""
    if not by_machine or version.used_by_machine:
        return version.risk
    return risk_of(version.scopes, used_by_machine=True).level


def users_of(version: TemplateVersion) -> tuple[UsedBy, ...]:
    """Who may work with what a template gives, whom it is meant for first."""
    if version.used_by_machine or PERSONAL_KIND not in version.kinds:
        return (UsedBy.MACHINE,)
    return (UsedBy.PERSON, UsedBy.MACHINE)


def custom_max_days(risk: str) -> int:
    """The longest life, in days, of a set that no template stands behind."""
    return _CUSTOM_MAX_DAYS.get(risk, min(_CUSTOM_MAX_DAYS.values()))


def scopes_hash(scopes: Iterable[str]) -> str:
    """SHA-256 of the sorted scope set: what a decision was about, in 64 characters."""
    return hashlib.sha256(json.dumps(sorted(set(scopes))).encode()).hexdigest()


def approved_until(decided_at: datetime, lifetime_days: int) -> date:
    """The last day on which a credential approved now may be alive."""
    return (decided_at + timedelta(days=min(lifetime_days, LONGEST_TOKEN_DAYS))).date()


def is_high_risk(risk: str) -> bool:
    """Whether a declared holder is not good enough for this risk."""
    return risk in HIGH_RISKS
