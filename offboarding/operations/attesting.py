"""A person's word: attested, never proven; with a second person where the risk is high or nothing is proven at all."""

from accounts.access import authorise
from accounts.models import User
from audit.tags import Tag
from offboarding.evidence import note_word
from offboarding.models import Countersign, Plan, Step, Verdict
from offboarding.operations.advancing import advance
from offboarding.operations.countersigning import ask_second, confirm
from offboarding.operations.rows import mark_closed, plan_subject
from offboarding.operations.step_actions import open_step
from offboarding.permissions import FORCE, RUN
from offboarding.states import STUCK, Phase, StepKind
from tokens.operations.change import Change, NotAllowed
from workqueue.by_hand import end_by_hand
from workqueue.models import JobState


def attest_step(step: Step, *, words: str, acting_user: User) -> Countersign | None:
    """A person says that a task is done: attested, never proven. High risk waits for a second person's word.

    Returns:
        The question to the second person; None where none is needed and the step is closed.

    Raises:
        PermissionDenied: neither the assignee nor somebody who runs plans.
        NotAllowed: the leaver, no words, or nothing that a person may attest.
        Stale: it is closed.
    """
    if not words.strip():
        raise NotAllowed("Say how you know: what you did, where, when, or give the address that shows it.")
    with Change(acting_user) as change:
        plan, locked = open_step(step, acting_user)
        if locked.assignee_id != acting_user.person_id:
            authorise(acting_user, RUN)
        if not may_be_attested(locked):
            raise NotAllowed("Only the machine's own re-read closes this step. Try it again, or close it by force.")
        asked = attest_locked(plan, locked, words, change, acting_user)
        if asked is None:
            advance(plan, change)
    return asked


def attest_locked(plan: Plan, step: Step, words: str, change: Change, user: User) -> Countersign | None:
    """Write a person's word down: the step is closed with it, or, where the risk is high, a second person is asked.

    Args:
        plan: locked.
        step: locked and open; whether this person may attest it was asked before.
        words: what they say.
        change: the running change.
        user: who says it.
    """
    step.attested_by, step.attestation, step.attested_at = user.person, words[:500], change.at
    step.save(update_fields=["attested_by", "attestation", "attested_at"])
    note_word(step, words, by=str(user.person))
    change.event(Tag.STEP_ATTESTED, plan_subject(plan), plan=plan.pk, step=step.key, words=words[:300])
    if step.is_high_risk:
        return ask_second(plan, step, Countersign.Purpose.TASK, f"{user.person} says: {words}", change)
    _close_attested(plan, step, change)
    return None


def may_be_attested(step: Step) -> bool:
    """Whether a person's word closes it: what a person does, and what no machine can do here."""
    if step.kind == StepKind.ROTATE:
        return step.job.state in STUCK and not step.items.filter(done_at=None).exists()
    if step.phase == Phase.HAND_OVER:
        return True
    if step.kind == StepKind.DEPLOY_KEY and not step.decision:
        return False
    return step.job.state in STUCK or step.kind == StepKind.SWITCH_OFF


def force_close(step: Step, *, because: str, acting_user: User) -> Countersign:
    """Ask for a step to be closed without any proof; a second person has to confirm it, and it is shown for ever.

    Raises:
        PermissionDenied: the actor may not.
        NotAllowed: no reason, or the leaver.
        Stale: it is closed.
    """
    authorise(acting_user, FORCE)
    if not because.strip():
        raise NotAllowed("Say why it is closed by force: the sentence is shown for ever.")
    with Change(acting_user) as change:
        plan, locked = open_step(step, acting_user)
        return ask_second(plan, locked, Countersign.Purpose.FORCE_CLOSE, because, change)


def confirm_step(asked: Countersign, *, acting_user: User) -> Plan:
    """A second person says yes to closing a step: by force, or a task of high risk as attested.

    Raises:
        PermissionDenied: the actor may not (any more).
        NotAllowed: it is the same person, or the leaver.
        Stale: it was answered, or the step is closed.
    """
    is_force = asked.purpose == Countersign.Purpose.FORCE_CLOSE
    authorise(acting_user, FORCE if is_force else RUN)
    if asked.step is None:
        raise NotAllowed("This is about the start of a plan.")
    with Change(acting_user) as change:
        plan, step = open_step(asked.step, acting_user)
        row = confirm(asked, change, second=acting_user)
        if is_force:
            _close_by_force(plan, step, row, change)
        else:
            _close_attested(plan, step, change)
        advance(plan, change)
    return plan


def _close_by_force(plan: Plan, step: Step, row: Countersign, change: Change) -> None:
    words = f"Closed by force by {row.asked_by_label} and {row.confirmed_by}: {row.because}"
    end_by_hand(step.job_id, state=JobState.SKIPPED, reason=words)
    note_word(step, words, by=str(row.confirmed_by))
    mark_closed(step, Verdict.FORCED, words, at=change.at)
    change.event(Tag.STEP_FORCED, plan_subject(plan), plan=plan.pk, step=step.key, because=row.because)


def _close_attested(plan: Plan, step: Step, change: Change) -> None:
    end_by_hand(step.job_id, state=JobState.DONE, reason=f"{step.attested_by} attests: {step.attestation}")
    mark_closed(step, Verdict.ATTESTED, f"{step.attested_by}: {step.attestation}", at=change.at)
    change.event(Tag.STEP_COMPLETED, plan_subject(plan), plan=plan.pk, step=step.key, verdict=Verdict.ATTESTED.value)
