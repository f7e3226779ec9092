"""What a later look at an ended plan showed. A plan that is completed stays so: what came back stands in the look."""

from collections.abc import Sequence

from accounts.actors import SYSTEM
from audit.tags import Tag
from offboarding.evidence import Asked, note_read
from offboarding.models import Step, Verdict
from offboarding.operations.rows import lock_plan, plan_subject
from offboarding.operations.step_ends import close_step
from offboarding.operations.telling import tell_admins
from tokens.clients import REVOKE_KEY
from tokens.operations.change import Change
from workqueue.claims import Claim, finish
from workqueue.models import JobState

_IN_EVENT = 50
_IN_MAIL = 20


def report_return(claim: Claim, step: Step, found: Sequence[str], because: str) -> None:
    """Something came back: a person decides, admins hear of it, and the trail lists it.

    Args:
        claim: the attempt.
        step: the look.
        found: each thing that is there again, in words.
        because: all of it in a line, with what could not be looked at.

    Raises:
        LostLease: the job is not ours any more.
    """
    with Change(SYSTEM) as change:
        plan = lock_plan(step.plan_id)
        finish(claim, state=JobState.NEEDS_HUMAN, reason=because[:300])
        Step.objects.filter(pk=step.pk).update(alarmed_at=change.at)
        more = f"\n… and {len(found) - _IN_MAIL} more" if len(found) > _IN_MAIL else ""
        tell_admins(
            plan,
            subject=f"It came back after the offboarding of {plan.person}",
            body="\n".join(found[:_IN_MAIL]) + more + "\n\nPlan another offboarding, or open this one and say why it"
            " is right. Until somebody does, the look stays open.",
        )
        shown = list(found[:_IN_EVENT])
        subject = plan_subject(plan)
        change.event(Tag.PLAN_RECHECKED, subject, plan=plan.pk, step=step.key, found=shown, count=len(found))


def report_nothing_back(claim: Claim, step: Step, words: str, *, is_proven: bool) -> None:
    """Everything was looked at, and nothing came back.

    Args:
        claim: the attempt.
        step: the look.
        words: what was looked at.
        is_proven: False where the list of an account that is off had no second witness.

    Raises:
        LostLease: the job is not ours any more.
    """
    verdict = Verdict.PROVEN if is_proven else Verdict.DISABLED
    with Change(SYSTEM) as change:
        plan = lock_plan(step.plan_id)
        note_read(step, Asked("", REVOKE_KEY), words, proves=is_proven, status=None)
        change.event(Tag.PLAN_RECHECKED, plan_subject(plan), plan=plan.pk, step=step.key, found=[], count=0)
        close_step(claim, step, change, verdict, words)
