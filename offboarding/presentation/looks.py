"""Badges: a state in an icon and a word, and a tone that says the same."""

from datetime import datetime
from typing import Final

from offboarding.coverage import Covered
from offboarding.models import KeyDecision, Origin, Plan, Step, Verdict
from offboarding.operations.rows import HELD
from offboarding.states import CLOSED, STUCK, TASK_KINDS, PlanState, StepKind
from workqueue.models import JobState

Badge = dict[str, str]


def badge(tone: str, icon: str, label: str) -> Badge:
    """A badge as the component takes it."""
    return {"tone": tone, "icon": icon, "label": label}


# What a machine re-read is green, a person's word is blue, and neither is ever shown as the other.
VERDICTS: Final = {
    Verdict.PROVEN: badge("good", "check", "Proven"),
    Verdict.NOTHING: badge("neutral", "check", "There was nothing"),
    Verdict.DISABLED: badge("caution", "lock", "Disabled"),
    Verdict.ATTESTED: badge("accent", "user", "Attested"),
    Verdict.KEPT: badge("kept", "key", "Kept on purpose"),
    Verdict.FORCED: badge("forced", "alert", "Closed by force"),
}
COVERED: Final = {
    Covered.PROVEN: VERDICTS[Verdict.PROVEN],
    Covered.NOTHING: VERDICTS[Verdict.NOTHING],
    Covered.DISABLED: VERDICTS[Verdict.DISABLED],
    Covered.ATTESTED: VERDICTS[Verdict.ATTESTED],
    Covered.KEPT: VERDICTS[Verdict.KEPT],
    Covered.FORCED: VERDICTS[Verdict.FORCED],
    Covered.OPEN: badge("danger", "clock", "Open"),
    Covered.IMPOSSIBLE: badge("impossible", "eye", "Impossible"),
}
_PLANS: Final = {
    PlanState.RUNNING: badge("accent", "refresh", "Running"),
    PlanState.WAITING: badge("caution", "clock", "Waiting"),
    PlanState.COMPLETED: badge("good", "check", "Completed"),
    PlanState.CANCELLED: badge("neutral", "cross", "Cancelled"),
}
_JOBS: Final = {
    JobState.QUEUED: badge("neutral", "clock", "Next"),
    JobState.RUNNING: badge("accent", "refresh", "At work"),
    JobState.WAITING: badge("caution", "clock", "Waits"),
    JobState.NEEDS_HUMAN: badge("danger", "user", "Needs a person"),
    JobState.FAILED: badge("danger", "alert", "Refused"),
    JobState.ERRORED: badge("danger", "alert", "Failed inside the portal"),
    JobState.DONE: badge("neutral", "check", "Done"),
    JobState.SKIPPED: badge("neutral", "cross", "Left out"),
}


def plan_badge(plan: Plan) -> Badge:
    """How a plan stands."""
    if plan.state == PlanState.DRAFT:
        return _draft_badge(plan)
    if plan.is_started and plan.stopped_at is not None:
        return badge("danger", "lock", "Stopped")
    if plan.state == PlanState.COMPLETED and plan.is_forced:
        return badge("forced", "alert", "Completed, parts by force")
    return _PLANS[PlanState(plan.state)]


def _draft_badge(plan: Plan) -> Badge:
    if plan.waits_for_second_because:
        return badge("caution", "users", "Waits for a second admin")
    if plan.starts_at is not None:
        return badge("accent", "clock", "Scheduled")
    if plan.origin == Origin.RADAR:
        return badge("danger", "alert", "Left without us")
    return badge("neutral", "list", "Draft")


def step_badge(step: Step) -> Badge:
    """How a step stands: what it may be called when it is closed, what its job does when it is not."""
    if step.verdict:
        return VERDICTS[Verdict(step.verdict)]
    state = JobState(step.job.state)
    if state == JobState.WAITING and step.job.reason == HELD:
        return badge("neutral", "clock", "Its turn comes")
    return _task_badge(step) if is_task(step) else _JOBS[state]


def _task_badge(step: Step) -> Badge:
    if step.attested_at is not None:
        return badge("caution", "users", "Waits for a second person")
    if step.kind == StepKind.DEPLOY_KEY and not step.decision:
        return badge("caution", "key", "Decide")
    return badge("accent", "user", "A person does this")


def is_task(step: Step) -> bool:
    """Whether an open step is something that a person does anyway, and no trouble."""
    state = JobState(step.job.state)
    if step.kind == StepKind.DEPLOY_KEY:
        return state == JobState.NEEDS_HUMAN and step.decision != KeyDecision.DELETE
    if step.kind == StepKind.MEMBERSHIP:
        return state in (JobState.WAITING, JobState.QUEUED, JobState.NEEDS_HUMAN)
    return step.kind in TASK_KINDS and state == JobState.NEEDS_HUMAN


def mark_of(step: Step) -> str:
    """The mark before a step: done, current, failed or todo."""
    if step.verdict == Verdict.FORCED:
        return "failed"
    if step.closed_at is not None:
        return "done"
    if step.job.state == JobState.RUNNING:
        return "current"
    return "failed" if step.job.state in STUCK and not is_task(step) else "todo"


def is_late(step: Step, now: datetime) -> bool:
    """Whether it is open although its time is over."""
    is_open = step.closed_at is None and step.job.state not in CLOSED
    return is_open and step.due_at is not None and step.due_at < now
