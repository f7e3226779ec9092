"""The coverage statement as plain text, for a ticket."""

import textwrap
from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings

from offboarding.coverage import Coverage, CoverageLine, Covered, coverage_of
from offboarding.models import Plan
from offboarding.states import PlanState
from workqueue.models import OPEN_STATES

WIDTH = 100
_BADGE_WIDTH = 12
# A ticket is no archive: a very long reason ends in dots, the report has all of it.
_LINES_AT_MOST = 2
SINCE = {"leaves_at": "they leave", "reported_at": "it was reported", "started_at": "the start"}
BADGES = {
    Covered.PROVEN: "proven",
    Covered.NOTHING: "nothing",
    Covered.DISABLED: "disabled",
    Covered.ATTESTED: "attested",
    Covered.KEPT: "kept",
    Covered.FORCED: "FORCED",
    Covered.OPEN: "OPEN",
    Covered.IMPOSSIBLE: "impossible",
}
ENDS = (
    ("last_token_gone", "last API token gone"),
    ("account_off", "account off"),
    ("last_grant_gone", "last grant gone"),
    ("last_manual_step", "last manual step"),
)


def statement_text(plan: Plan) -> str:
    """What a plan covers now, in about fifty lines of at most 100 columns."""
    return text_of(plan, coverage_of(plan))


def text_of(plan: Plan, coverage: Coverage) -> str:
    """The same, from a coverage that was asked for already."""
    lines = [
        *head_lines(plan),
        "",
        *_minutes(coverage),
        f"Requests sent: {coverage.requests}",
        "",
        *(row for line in coverage.lines for row in _rows(line)),
        "",
        *_last(coverage),
        f"{settings.PORTAL_URL}{plan.get_absolute_url()}",
    ]
    return "\n".join(lines) + "\n"


def head_lines(plan: Plan) -> list[str]:
    """Whose plan it is, how it stands, who began it and when."""
    person = plan.person
    title = f"Offboarding of {person} ({person.account_id}), plan {plan.pk}"
    if plan.reference:
        title += f", {plan.reference}"
    return [title, state_words(plan), *_beginnings(plan)]


def state_words(plan: Plan) -> str:
    """How it stands, and since when."""
    if plan.state == PlanState.COMPLETED and plan.completed_at:
        forced = "; steps of it were CLOSED BY FORCE" if plan.is_forced else ""
        return f"Completed {moment_words(plan.completed_at)}{forced}"
    if plan.state == PlanState.CANCELLED and plan.cancelled_at:
        return f"Called off {moment_words(plan.cancelled_at)}: {plan.cancelled_because}"
    if plan.stopped_at is not None:
        return f"Stopped {moment_words(plan.stopped_at)}: {plan.stopped_because}"
    return f"{plan.get_state_display()}; this is how it stands now, not its end"


def _beginnings(plan: Plan) -> list[str]:
    planned = f"Planned by {plan.planned_by_label} {moment_words(plan.planned_at)}"
    if plan.started_at is None:
        return [planned]
    return [planned, f"Started by {plan.started_by_label} {moment_words(plan.started_at)}"]


def _minutes(coverage: Coverage) -> list[str]:
    """The minutes as a small table; what is not there is said to be open."""
    rows = [one for one in coverage.minutes if one.moment is not None]
    if not rows:
        return []
    head = f"{'Minutes from':<18}" + "".join(f"{words:>20}" for _, words in ENDS)
    told = [
        f"{SINCE[one.since]:<18}" + "".join(f"{minutes_cell(getattr(one, name)):>20}" for name, _ in ENDS)
        for one in rows
    ]
    return [head, *told]


def minutes_cell(number: int | None) -> str:
    """One of the four ends as people read it."""
    if number is None:
        return "open"
    return f"{-number} before" if number < 0 else str(number)


def owner_words(line: CoverageLine) -> str:
    """Who answers for what is open, until when; empty where it is not open, or nobody has to do anything now."""
    if line.covered != Covered.OPEN:
        return ""
    until = f", until {line.due_at.astimezone(UTC):%Y-%m-%d}" if line.due_at else ""
    if line.owner is not None:
        return f"owner: {line.owner}{until}"
    return f"owner: the portal{until}" if any(step.job.state in OPEN_STATES for step in line.steps) else ""


def moment_words(moment: datetime) -> str:
    """A moment in UTC, to the minute."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _rows(line: CoverageLine) -> Iterable[str]:
    badge = f"[{BADGES[line.covered]}]"
    owner = owner_words(line)
    return textwrap.wrap(
        f"{line.name} ({owner}): {line.words}" if owner else f"{line.name}: {line.words}",
        width=WIDTH,
        initial_indent=f"{badge:<{_BADGE_WIDTH}} ",
        subsequent_indent=" " * (_BADGE_WIDTH + 1),
        max_lines=_LINES_AT_MOST,
        placeholder=" …",
    )


def _last(coverage: Coverage) -> list[str]:
    left = sum(1 for line in coverage.lines if line.covered == Covered.OPEN)
    if not left:
        return []
    return [f"{left} {'line is' if left == 1 else 'lines are'} open."]
