"""Steps as lines, alone and in groups."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from offboarding.models import Plan, Step
from offboarding.operations.rows import HELD
from offboarding.presentation.looks import is_late, mark_of, step_badge
from offboarding.states import CLOSED, Phase, StepKind
from offboarding.step_queries import KindCount, Waiting
from workqueue.models import JobState

# Kinds of which there may be hundreds: (what they are, what one of them is when it is closed).
GROUPS: Final[Mapping[StepKind, tuple[str, str]]] = {
    StepKind.REMOVE_GRANT: ("Grants by name", "removed"),
    StepKind.DEPLOY_KEY: ("Deploy keys", "decided"),
    StepKind.ACCESS_TOKEN: ("Access tokens they know", "replaced"),
    StepKind.BREAKS: ("What would break", "handed over"),
}
_ALONE_AT_MOST: Final = 4
_NOT_YET: Final = {
    Phase.CUT: "Starts with the plan.",
    Phase.CLEAN_UP: "Begins when the cut is closed.",
    Phase.HAND_OVER: "Nothing has to be handed over so far.",
    Phase.PROOF: "When the plan is completed, it looks again after a day and after a week.",
}


def step_row(step: Step, *, now: datetime | None = None) -> dict[str, Any]:
    """One step as a line."""
    is_open = step.closed_at is None and step.job.state not in CLOSED
    return {
        "pk": step.pk,
        "title": step.title,
        "url": reverse("plan_step", args=[step.plan_id, step.pk]),
        "mark": mark_of(step),
        "badge": step_badge(step),
        "words": _words(step),
        "until": _until(step),
        "closed_at": step.closed_at,
        "assignee": str(step.assignee) if step.assignee and is_open else "",
        "due_at": step.due_at if is_open else None,
        "is_late": is_late(step, now or timezone.now()),
    }


def _words(step: Step) -> str:
    if step.verdict_words:
        return step.verdict_words
    return "" if step.job.reason == HELD else step.job.reason


def _until(step: Step) -> datetime | None:
    """When the machine tries again by itself."""
    job = step.job
    waits = step.closed_at is None and job.state == JobState.WAITING and job.reason != HELD
    return job.next_attempt_at if waits else None


def phase_cards(plan: Plan, counts: Mapping[StepKind, KindCount], steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The four phases, each with its steps: alone where there are few of a kind, else as a group with a count.

    Args:
        plan: whose they are.
        counts: of all steps.
        steps: a few of each kind.
    """
    shown, now = list(steps), timezone.now()
    return [_phase_card(plan, phase, counts, [one for one in shown if one.phase == phase], now) for phase in Phase]


def _phase_card(
    plan: Plan, phase: Phase, counts: Mapping[StepKind, KindCount], steps: list[Step], now: datetime
) -> dict[str, Any]:
    mine = [one for one in counts.values() if one.phase == phase]
    total, closed = sum(one.total for one in mine), sum(one.closed for one in mine)
    kinds = list(dict.fromkeys(StepKind(step.kind) for step in steps))
    return {
        "id": phase.value,
        "name": phase.label,
        "total": total,
        "closed": closed,
        "state": _phase_state(mine, total, closed),
        "not_yet": "" if total else _NOT_YET[phase],
        "parts": [_part(plan, counts[kind], [one for one in steps if one.kind == kind], now) for kind in kinds],
    }


def _phase_state(mine: list[KindCount], total: int, closed: int) -> str:
    if total and closed == total:
        return "done"
    return "current" if closed or any(one.busy for one in mine) else "todo"


def _part(plan: Plan, count: KindCount, steps: list[Step], now: datetime) -> dict[str, Any]:
    rows = [step_row(step, now=now) for step in steps]
    if count.kind not in GROUPS or count.total <= _ALONE_AT_MOST:
        return {"rows": rows, "is_group": False}
    name, done = GROUPS[count.kind]
    return {
        "is_group": True,
        "id": count.kind.value,
        "name": name,
        "words": _count_words(count, done),
        "done": count.closed - count.forced,
        "total": count.total,
        # Of the other kinds, people do what is open anyway.
        "stuck": count.stuck if count.kind == StepKind.REMOVE_GRANT else 0,
        "rows": rows,
        "more": max(0, count.total - len(rows)),
        "url": f"{reverse('plan_steps', args=[plan.pk])}?kind={count.kind.value}",
    }


def _count_words(count: KindCount, done: str) -> str:
    """Of what was closed by force, nobody knows that it is done."""
    words = f"{count.closed - count.forced:,} of {count.total:,} {done}"
    return f"{words}, {count.forced:,} closed by force" if count.forced else words


def waiting_row(one: Waiting) -> dict[str, Any]:
    """What waits, as a line."""
    what = GROUPS.get(one.kind, (one.kind.label, ""))[0]
    return {
        "what": f"{what} ({one.number:,})" if one.number > 1 else one.kind.label,
        "reason": one.reason,
        "until": one.until,
    }
