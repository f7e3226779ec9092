"""What a job writes when its step ended."""

from accounts.actors import SYSTEM
from audit.tags import Tag
from offboarding.models import Plan, Step, Verdict
from offboarding.operations.advancing import advance
from offboarding.operations.rows import lock_plan, lock_step, mark_closed, plan_subject
from offboarding.operations.telling import tell_admins
from tokens.operations.change import Change
from workqueue.claims import Claim, finish
from workqueue.models import JobState


def close_step(
    claim: Claim, step: Step, change: Change, verdict: Verdict, words: str, *, result: dict[str, object] | None = None
) -> Plan:
    """A job's step has ended well: its row of work, its verdict and what comes next are one transaction.

    Raises:
        LostLease: the job is not ours any more.
    """
    plan = lock_plan(step.plan_id)
    finish(claim, result=result or {})
    locked = lock_step(step.pk)
    mark_closed(locked, verdict, words, at=change.at)
    change.event(
        Tag.STEP_COMPLETED, plan_subject(plan), plan=plan.pk, step=locked.key, verdict=verdict.value, words=words[:300]
    )
    advance(plan, change)
    return plan


def stop_step(claim: Claim, step: Step, because: str) -> None:
    """A machine cannot go on: a person is needed, and admins hear of it.

    Raises:
        LostLease: the job is not ours any more.
    """
    with Change(SYSTEM) as change:
        plan = lock_plan(step.plan_id)
        finish(claim, state=JobState.NEEDS_HUMAN, reason=because[:300])
        tell_stuck(plan, step, because, change)
        advance(plan, change)


def tell_stuck(plan: Plan, step: Step, because: str, change: Change) -> None:
    """Alarm the admins, once for each kind of step and plan: a hundred grants that fail alike are one message."""
    same = Step.objects.filter(plan=plan, kind=step.kind, alarmed_at__isnull=False).exists()
    Step.objects.filter(pk=step.pk).update(alarmed_at=change.at)
    if not same:
        tell_admins(
            plan,
            subject=f"Offboarding of {plan.person} needs a person",
            body=f"{step.title}: {because}\n\nNothing counts as done until somebody decides.",
        )
    change.event(Tag.STEP_NEEDS_HUMAN, plan_subject(plan), plan=plan.pk, step=step.key, because=because[:300])


def tell_provider(step: Step, words: str, change: Change) -> None:
    """Admins hear once that somebody has to act at the identity provider; the step says so until it is seen."""
    if step.alarmed_at is not None:
        return
    step.alarmed_at, step.title, step.position = change.at, words[:300], 0
    step.save(update_fields=["alarmed_at", "title", "position"])
    tell_admins(
        step.plan,
        subject=f"Act at the identity provider: {step.plan.person} leaves",
        body=f"{words}. The portal looks every few minutes and goes on by itself when it is off.",
    )
