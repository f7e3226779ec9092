"""Stopping a plan that runs, letting it go on, and beginning its clean-up early."""

from accounts.access import authorise
from accounts.models import User
from audit.tags import Tag
from offboarding.models import Plan
from offboarding.operations.advancing import advance
from offboarding.operations.rows import lock_plan, plan_subject
from offboarding.permissions import RUN
from offboarding.states import StepKind
from tokens.operations.change import Change, NotAllowed, Stale
from workqueue.by_hand import hold_back, try_again
from workqueue.models import JobState

IN_TURN = (StepKind.SWITCH_OFF, StepKind.DELETE_LATE_TOKENS, StepKind.PROVE_RIGHTS)


def stop_plan(plan: Plan, *, because: str, acting_user: User) -> Plan:
    """Stop a running plan at its next step; `resume_plan` goes on from there. The person stays shut out.

    Raises:
        PermissionDenied: the actor may not.
        NotAllowed: no reason.
        Stale: it does not run.
    """
    authorise(acting_user, RUN)
    if not because.strip():
        raise NotAllowed("Say why it is stopped.")
    with Change(acting_user) as change:
        locked = lock_plan(plan.pk)
        if not locked.is_started or locked.stopped_at is not None:
            raise Stale("This plan does not run at the moment.")
        locked.stopped_at, locked.stopped_because = change.at, because[:300]
        locked.save(update_fields=["stopped_at", "stopped_because"])
        jobs = list(locked.steps.filter(closed_at=None).values_list("job_id", flat=True))
        hold_back(jobs, reason=f"Stopped by {acting_user.person}: {because}")
        change.event(Tag.PLAN_STOPPED, plan_subject(locked), plan=locked.pk, because=because[:300])
        advance(locked, change)
    return locked


def resume_plan(plan: Plan, *, acting_user: User) -> Plan:
    """Let a stopped plan go on where it was.

    Raises:
        PermissionDenied: the actor may not.
        Stale: it is not stopped.
    """
    authorise(acting_user, RUN)
    with Change(acting_user) as change:
        locked = lock_plan(plan.pk)
        if locked.stopped_at is None or not locked.is_started:
            raise Stale("This plan is not stopped.")
        locked.stopped_at, locked.stopped_because = None, ""
        locked.save(update_fields=["stopped_at", "stopped_because"])
        _let_go_on(locked)
        change.event(Tag.PLAN_RESUMED, plan_subject(locked), plan=locked.pk)
        advance(locked, change)
    return locked


def _let_go_on(plan: Plan) -> None:
    """Everything that was held back, but for steps whose turn had not come; `advance` knows when it does."""
    held = plan.steps.filter(closed_at=None, job__state=JobState.WAITING).exclude(kind__in=IN_TURN, job__attempt=0)
    for job in list(held.values_list("job_id", flat=True)):
        try_again(job)


def release_clean_up(plan: Plan, *, because: str, acting_user: User) -> Plan:
    """Begin the clean-up although a step of the cut is open.

    Raises:
        PermissionDenied: the actor may not.
        NotAllowed: no reason.
        Stale: it has begun already, or the plan does not run.
    """
    authorise(acting_user, RUN)
    if not because.strip():
        raise NotAllowed("Say why the clean-up begins before the cut is closed.")
    with Change(acting_user) as change:
        locked = lock_plan(plan.pk)
        if not locked.is_started or locked.cut_at is not None or locked.clean_up_released_at is not None:
            raise Stale("The clean-up does not wait for anything.")
        locked.clean_up_released_at, locked.clean_up_released_because = change.at, because[:300]
        locked.save(update_fields=["clean_up_released_at", "clean_up_released_because"])
        change.event(Tag.PLAN_CLEAN_UP_RELEASED, plan_subject(locked), plan=locked.pk, because=because[:300])
        advance(locked, change)
    return locked
