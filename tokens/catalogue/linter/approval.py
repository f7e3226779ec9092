"""Rules about who decides, for how long, and who answers for it."""

from collections.abc import Iterator
from typing import Final

from tokens.catalogue.data import KIND_BY_SLUG, SCOPE_BY_NAME
from tokens.catalogue.linter.model import RULE_NAMES, LintContext, LintLevel, LintMessage, TemplateDraft
from tokens.catalogue.linter.scopes import needs_reason, short
from tokens.catalogue.rules import may_be_issued_at_once, risk_of

LONGEST_DAYS: Final = 365
LONGEST_HABIT_DAYS: Final = {"critical": 30, "high": 180}
LONGEST_UNWATCHED_DAYS: Final = 90
_AT_ONCE: Final = ("at_once", "at_once_reviewed")


def check_approval(draft: TemplateDraft, _: LintContext) -> Iterator[LintMessage]:
    """Say what is wrong with the rule, the life and the people of a draft."""
    risk = risk_of(draft.scopes, used_by_machine=draft.used_by_machine).level
    yield from _life(draft.max_days, risk)
    if draft.rule not in RULE_NAMES:
        yield _rule("error", "unknown_rule", "Say who decides: nobody, or which people.")
    elif draft.rule in _AT_ONCE:
        yield from _at_once(draft)
    elif draft.rule == "approvers" and risk == "critical":
        yield _rule("warning", "critical_needs_two", "Its risk is critical: two people should decide.")
    if draft.used_by_machine:
        yield from _machine(draft)


def _rule(level: LintLevel, code: str, sentence: str) -> LintMessage:
    return LintMessage(level, code, "rule", sentence)


def _life(days: int, risk: str) -> Iterator[LintMessage]:
    habit = LONGEST_HABIT_DAYS.get(risk, LONGEST_DAYS)
    if not 1 <= days <= LONGEST_DAYS:
        sentence = f"A life is 1 to {LONGEST_DAYS} days: Atlassian gives no token a longer one."
        yield LintMessage("error", "life_out_of_range", "max_days", sentence)
    elif days > habit:
        sentence = f"{days} days is long for a {risk} risk; {habit} is the most that is usual."
        yield LintMessage("warning", "life_too_long", "max_days", sentence)


def _at_once(draft: TemplateDraft) -> Iterator[LintMessage]:
    strong = {name for name in draft.scopes if needs_reason(name)}
    if strong:
        sentence = f"{short(strong)} must never be given without a person's yes."
        yield _rule("error", "at_once_too_strong", sentence)
    elif not set(draft.scopes) <= SCOPE_BY_NAME.keys():
        yield _rule("error", "at_once_too_strong", "What the catalogue does not know needs a person's yes.")
    elif not may_be_issued_at_once(draft.scopes, draft.max_days):
        sentence = f"What writes may be given without a person's yes for at most {LONGEST_UNWATCHED_DAYS} days."
        yield _rule("error", "at_once_too_long", sentence)
    if draft.rule == "at_once_reviewed":
        yield from _reviewed(draft)
    elif any(SCOPE_BY_NAME[name].verb != "read" for name in draft.scopes if name in SCOPE_BY_NAME):
        sentence = "It writes and nobody looks at it: let an approver look within a day, or decide."
        yield _rule("warning", "at_once_writes", sentence)


def _reviewed(draft: TemplateDraft) -> Iterator[LintMessage]:
    if draft.used_by_machine or draft.machine_kinds or any(not _is_a_persons(kind) for kind in draft.kinds):
        sentence = "“Looked at within a day” is for people's own tokens: a machine's need a yes first."
        yield _rule("error", "reviewed_for_machine", sentence)
    if draft.max_days > LONGEST_UNWATCHED_DAYS and may_be_issued_at_once(draft.scopes, draft.max_days):
        sentence = f"“Looked at within a day” holds for at most {LONGEST_UNWATCHED_DAYS} days."
        yield _rule("error", "at_once_too_long", sentence)


def _is_a_persons(kind: str) -> bool:
    return kind in KIND_BY_SLUG and KIND_BY_SLUG[kind].acts_as_person


def _machine(draft: TemplateDraft) -> Iterator[LintMessage]:
    if not draft.deputy_required:
        yield _without_deputy(draft)
    if draft.kinds[:1] == ("api_token",):
        sentence = "An API token acts as a person, reaches all they reach and ends when they leave. Put another first."
        yield LintMessage("warning", "machine_as_person", "kinds", sentence)


def _without_deputy(draft: TemplateDraft) -> LintMessage:
    """A warning, unless what is left behind only reads and belongs to a repository, project or workspace."""
    writes = any(name not in SCOPE_BY_NAME or SCOPE_BY_NAME[name].verb != "read" for name in draft.scopes)
    level: LintLevel = "warning" if writes or any(map(_is_a_persons, draft.kinds)) else "note"
    sentence = "A machine uses it: when its holder leaves, nobody answers for it. Require a deputy."
    if level == "note":
        sentence = "No deputy is required: it only reads and does not end with its holder, but then nobody answers."
    return LintMessage(level, "no_deputy", "deputy_required", sentence)
