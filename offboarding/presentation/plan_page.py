"""What the page of one plan shows beside its steps: who acts next, what would break, what was rehearsed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from accounts.models import User
from offboarding.models import Countersign, Plan, Step
from offboarding.permissions import FORCE, PLAN, RUN
from offboarding.presentation.looks import is_task
from offboarding.states import STUCK, Phase, PlanState, StepKind
from offboarding.step_queries import KindCount, Waiting
from workqueue.models import JobState

AT_THE_PROVIDER = "Deactivate the account at your identity provider: Atlassian may not switch it off."
_TASKS_NAMED = 3


def facts(plan: Plan) -> list[dict[str, Any]]:
    """What was said of the leaver, and who did what when."""
    rows: list[tuple[str, str, datetime | None]] = [
        ("Reference", plan.reference, None),
        ("Leaves", "" if plan.leaves_at else "nobody said when", plan.leaves_at),
        ("Reported", "" if plan.reported_at else "nobody said when", plan.reported_at),
        ("Planned", f"{plan.get_origin_display()}, by {plan.planned_by_label},", plan.planned_at),
    ]
    if plan.state == PlanState.DRAFT and plan.starts_at:
        rows.append(("Starts by itself", f"{plan.starts_at.astimezone(UTC):%-d %b %Y, %H:%M} UTC,", plan.starts_at))
    if plan.started_at:
        rows.append(("Started", f"by {plan.started_by_label},", plan.started_at))
    if plan.cut_at:
        rows.append(("Cut", "", plan.cut_at))
    if plan.clean_up_released_at:
        rows.append(("Clean-up begun early", f"{plan.clean_up_released_because},", plan.clean_up_released_at))
    if plan.completed_at:
        rows.append(("Completed", "", plan.completed_at))
    return [{"label": label, "value": value, "at": at} for label, value, at in rows if value or at]


def actions(plan: Plan, user: User, asked: Sequence[Countersign]) -> dict[str, bool]:
    """What this user may do with the plan. Auditors may do nothing, and so see no button."""
    may_run, is_draft = user.has_perm(RUN), plan.state == PlanState.DRAFT
    runs = may_run and plan.is_started
    is_ahead = plan.cut_at is None and plan.clean_up_released_at is None
    return {
        "can_run": may_run,
        "can_start": may_run and is_draft and not any(one.purpose == Countersign.Purpose.START for one in asked),
        "can_change": user.has_perm(PLAN) and is_draft,
        "can_cancel": may_run and plan.is_open,
        "can_stop": runs and plan.stopped_at is None,
        "can_resume": runs and plan.stopped_at is not None,
        "can_release": runs and plan.stopped_at is None and is_ahead,
    }


def second_row(one: Countersign, user: User) -> dict[str, Any]:
    """Something that waits for a second person's word, and whether it may be this user's."""
    is_force = one.purpose == Countersign.Purpose.FORCE_CLOSE
    may = user.has_perm(FORCE if is_force else RUN)
    is_leaver, asked_it = one.plan.person_id == user.person_id, one.asked_by_id == user.person_id
    return {
        "pk": one.pk,
        "what": one.get_purpose_display(),
        "because": one.because,
        "asked_by": one.asked_by_label,
        "asked_at": one.asked_at,
        "step": one.step,
        "is_start": one.purpose == Countersign.Purpose.START,
        "can_confirm": may and not is_leaver and not asked_it,
        "why_not": _why_not(is_leaver=is_leaver, asked_it=asked_it) if may else "",
    }


def _why_not(*, is_leaver: bool, asked_it: bool) -> str:
    if asked_it:
        return "You asked for it, so another admin has to confirm it."
    return "It is about you, so another admin has to confirm it." if is_leaver else ""


def what_the_cut_does(plan: Plan) -> list[str]:
    """What "Cut now" does, in the words of its confirmation."""
    person = plan.person
    off = AT_THE_PROVIDER if plan.rehearsal.get("idp") else "Switches the Atlassian account off, and reads that it is."
    return [
        f"Ends {person}'s sessions here, blocks sign-in and withdraws open requests.",
        "Deletes every API token of the account, one by one, and lists them again until there is none.",
        off,
        "Lists the tokens once more, and deletes what was made in between.",
        "Then it removes grants by name, and asks people about what no API can take.",
    ]


def preview_card(plan: Plan) -> dict[str, Any]:
    """What would break, what could not be read and why; without ``at`` it is still being read."""
    return {
        "at": _moment(plan.preview.get("at")),
        "lines": plan.preview.get("lines", []),
        "unread": [{"what": what, "why": why} for what, why in plan.preview.get("unread", [])],
    }


def rehearsal_card(plan: Plan) -> dict[str, Any]:
    """What the plan would do, phase by phase; without ``at`` it is still being rehearsed."""
    lines = plan.rehearsal.get("lines", [])
    grouped = [(phase.label, [line for line in lines if line.get("phase") == phase.value]) for phase in Phase]
    return {
        "at": _moment(plan.rehearsal.get("at")),
        "is_idp": bool(plan.rehearsal.get("idp")),
        "phases": [{"name": name, "lines": some} for name, some in grouped if some],
        "problems": plan.rehearsal.get("problems", []),
        "requests": plan.rehearsal.get("requests", 0),
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def next_of_draft(plan: Plan) -> dict[str, Any]:
    """Who acts next on a draft."""
    items = [AT_THE_PROVIDER] if plan.rehearsal.get("idp") else []
    if plan.waits_for_second_because:
        items.append(f"It needs a second admin: {plan.waits_for_second_because}.")
        return {"items": items, "who": "A second admin", "when": "Nothing is taken away before."}
    if plan.starts_at:
        items.append("It starts by itself. An admin may cut earlier, change the time or cancel.")
        return {"items": items, "who": "The portal", "when": f"{plan.starts_at.astimezone(UTC):%-d %b %Y, %H:%M} UTC"}
    items.append("Nothing is taken away before somebody starts it.")
    return {"items": items, "who": "An admin", "when": "When they leave: cutting takes seconds."}


def next_of_started(
    plan: Plan, counts: Mapping[StepKind, KindCount], steps: Sequence[Step], waiting: Sequence[Waiting]
) -> dict[str, Any]:
    """Who acts next on a plan that runs or waits."""
    if plan.stopped_at is not None:
        return {"items": [f"Stopped: {plan.stopped_because}"], "who": "An admin: resume or cancel it", "when": ""}
    trouble = [step for step in steps if step.closed_at is None and step.job.state in STUCK and not is_task(step)]
    provider = [step for step in steps if _waits_for_provider(step)]
    tasks = [step for step in steps if step.closed_at is None and is_task(step)]
    items = [AT_THE_PROVIDER] if provider else []
    items += [f"{step.title}: {step.job.reason}" for step in trouble[:_TASKS_NAMED]]
    if any(one.busy for one in counts.values()):
        items.append("The portal works through its steps by itself.")
    items += [f"Waits: {one.reason}" for one in waiting[:1] if not provider and one.kind != StepKind.MEMBERSHIP]
    if tasks:
        items.append(_task_words(counts, tasks))
    return {"items": items, "who": _who(trouble, provider, tasks, counts), "when": ""}


def _waits_for_provider(step: Step) -> bool:
    waits = step.closed_at is None and step.job.state == JobState.WAITING
    return step.kind == StepKind.SWITCH_OFF and waits and step.alarmed_at is not None


def _task_words(counts: Mapping[StepKind, KindCount], tasks: Sequence[Step]) -> str:
    kinds = {StepKind(step.kind) for step in tasks}
    number = sum(counts[kind].total - counts[kind].closed for kind in kinds)
    names = sorted({str(step.assignee) for step in tasks if step.assignee})
    whom = ", ".join(names[:_TASKS_NAMED]) + (" and others" if len(names) > _TASKS_NAMED else "")
    things = "1 task is" if number == 1 else f"{number:,} tasks are"
    return f"{things} open" + (f" with {whom}." if whom else ", and nobody has been named yet.")


def _who(
    trouble: Sequence[Step], provider: Sequence[Step], tasks: Sequence[Step], counts: Mapping[StepKind, KindCount]
) -> str:
    if provider:
        return "Whoever administers the identity provider; the portal looks every few minutes"
    if trouble:
        return "An admin"
    if any(one.busy for one in counts.values()):
        return "The portal"
    return "Whoever has a task" if tasks else "The portal"


def next_of_ended(plan: Plan, looks: Sequence[datetime]) -> dict[str, Any]:
    """What still happens after the end.

    Args:
        plan: completed or cancelled.
        looks: when it looks again.
    """
    if plan.state == PlanState.CANCELLED:
        words = "What was taken away until then stays taken away. Who stays asks for new access here."
        return {"items": [words], "who": "Nobody", "when": ""}
    if not looks:
        return {"items": ["It has looked again, after a day and after a week."], "who": "Nobody", "when": ""}
    words = "It looks again. Whatever came back by then becomes a finding."
    return {"items": [words], "who": "The portal", "when": f"{looks[0].astimezone(UTC):%-d %b %Y, %H:%M} UTC"}
