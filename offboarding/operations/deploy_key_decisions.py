"""An admin decides about each deploy key: machines live on them."""

from accounts.access import authorise
from accounts.models import Person, User
from audit.tags import Tag
from offboarding.evidence import note_word
from offboarding.models import KeyDecision, Plan, Step, Verdict
from offboarding.operations.advancing import advance
from offboarding.operations.rows import mark_closed, plan_subject
from offboarding.operations.step_actions import open_step, tell_assignee
from offboarding.permissions import RUN
from offboarding.states import StepKind
from tokens.operations.change import Change, NotAllowed
from workqueue.by_hand import end_by_hand, try_again
from workqueue.models import JobState


def decide_key(
    step: Step, decision: KeyDecision, *, because: str, acting_user: User, new_owner: Person | None = None
) -> Plan:
    """An admin decides about one deploy key: keep it with a new owner, have it replaced, or delete it now.

    Raises:
        PermissionDenied: the actor may not.
        NotAllowed: no reason, the leaver, or a key that is kept without a new owner.
        Stale: it is closed.
    """
    authorise(acting_user, RUN)
    if not because.strip():
        raise NotAllowed("Say why: the sentence stays in the statement.")
    with Change(acting_user) as change:
        plan, locked = open_step(step, acting_user)
        if locked.kind != StepKind.DEPLOY_KEY:
            raise NotAllowed("This step is about no deploy key.")
        if decision != KeyDecision.DELETE and (new_owner is None or new_owner.pk == plan.person_id):
            raise NotAllowed("Name who answers for it from now on: not the leaver.")
        locked.decision, locked.decided_by, locked.assignee = decision, acting_user.person, new_owner or locked.assignee
        locked.save(update_fields=["decision", "decided_by", "assignee"])
        words = f"{decision.label}: {because}" + (f" New owner: {new_owner}." if new_owner else "")
        note_word(locked, words, by=str(acting_user.person))
        change.event(
            Tag.STEP_DECIDED,
            plan_subject(plan),
            plan=plan.pk,
            step=locked.key,
            decision=decision.value,
            new_owner=new_owner.account_id if new_owner else "",
            because=because[:300],
        )
        _follow(plan, locked, decision, words, change)
        advance(plan, change)
    return plan


def _follow(plan: Plan, step: Step, decision: KeyDecision, words: str, change: Change) -> None:
    if decision == KeyDecision.KEEP:
        end_by_hand(step.job_id, state=JobState.DONE, reason=words)
        mark_closed(step, Verdict.KEPT, words, at=change.at)
        change.event(Tag.STEP_COMPLETED, plan_subject(plan), plan=plan.pk, step=step.key, verdict="kept")
    else:
        try_again(step.job_id)
    if step.assignee is not None and step.assignee_id != step.decided_by_id:
        tell_assignee(plan, step, step.assignee)
