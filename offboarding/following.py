"""Waiting for what the workers do: a process without keys inserts rows and looks at them."""

import time
from collections.abc import Callable, Sequence

from offboarding.models import Plan
from offboarding.standstill import Outcome, outcome_of
from offboarding.states import Phase
from workqueue.models import END_STATES, Job, JobState

LOOK_EVERY_SECONDS = 0.5
SHOW_EVERY_SECONDS = 10.0
Show = Callable[[str], object]


def follow(plans: Sequence[Plan], *, seconds: float, show: Show) -> Outcome:
    """Wait until no plan moves by itself any more, or the time is over.

    Args:
        plans: started ones; one that waits for a second admin is not waited for.
        seconds: at most so long.
        show: told now and then how far they are.

    Returns:
        The outcome that most asks for attention: who moves still, then who needs a person.
    """
    ends = shown = time.monotonic()
    ends += seconds
    while True:
        outcomes = [outcome_of(plan) for plan in plans]
        if Outcome.MOVING not in outcomes:
            return max(outcomes, default=Outcome.DONE)
        if time.monotonic() >= ends:
            return Outcome.NO_WORKER if _nobody_began(plans) else Outcome.MOVING
        if time.monotonic() - shown > SHOW_EVERY_SECONDS:
            shown = time.monotonic()
            show(f"{outcomes.count(Outcome.MOVING)} of {len(plans)} still move; {_steps_left(plans)} steps are open.")
        time.sleep(LOOK_EVERY_SECONDS)


def _nobody_began(plans: Sequence[Plan]) -> bool:
    """Whether no worker ever took a row of these plans."""
    return not Job.objects.filter(step__plan__in=[plan.pk for plan in plans], attempt__gt=0).exists()


def _steps_left(plans: Sequence[Plan]) -> int:
    return sum(plan.steps.filter(closed_at=None).exclude(phase=Phase.PROOF).count() for plan in plans)


def rehearsal_of(plan: Plan, *, seconds: float) -> Job:
    """The newest rehearsal's row of work, when it has ended or the time is over."""
    ends = time.monotonic() + seconds
    newest = Job.objects.filter(kind="offboard_rehearse", payload__plan=plan.pk).order_by("-pk")
    while (job := newest[0]).state not in END_STATES and time.monotonic() < ends:
        time.sleep(LOOK_EVERY_SECONDS)
    return job


def rehearsal_outcome(plan: Plan, job: Job) -> Outcome:
    """What a rehearsal's row of work says, and whether it met problems."""
    if job.state == JobState.DONE:
        plan.refresh_from_db()
        return Outcome.NEEDS_HUMAN if plan.rehearsal.get("problems") else Outcome.DONE
    if job.state in END_STATES:
        return Outcome.NEEDS_HUMAN
    return Outcome.MOVING if job.attempt else Outcome.NO_WORKER
