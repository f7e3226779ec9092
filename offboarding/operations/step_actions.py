"""What people do to an open step: try it again, leave a task out, give it to somebody."""

from django.urls import reverse

from accounts.access import authorise
from accounts.models import Person, User
from accounts.notifications import notify
from audit.tags import Tag
from offboarding.evidence import note_word
from offboarding.models import Plan, Step, Verdict
from offboarding.operations.advancing import advance
from offboarding.operations.rows import lock_plan, lock_step, mark_closed, plan_subject
from offboarding.permissions import RUN
from offboarding.states import CLOSED, ONLY_A_PERSON, Phase, PlanState, StepKind
from tokens.operations import credential_circuits as circuits
from tokens.operations.change import Change, NotAllowed, Stale
from workqueue.by_hand import end_by_hand, try_again
from workqueue.models import JobState


def open_step(step: Step, acting_user: User) -> tuple[Plan, Step]:
    """Lock a step that is open, and its plan, for somebody who may decide about it.

    Raises:
        NotAllowed: the leaver.
        Stale: the step is closed, or its plan does not run.
    """
    plan = lock_plan(step.plan_id)
    locked = lock_step(step.pk)
    if plan.person_id == acting_user.person_id:
        raise NotAllowed("The leaver decides nothing about the own plan.")
    if locked.closed_at is not None or locked.job.state in CLOSED:
        raise Stale("This step is closed already.")
    if not plan.is_started and not is_recheck_of_completed(plan, locked):
        raise Stale(f"This plan does not run: it is {plan.get_state_display().lower()}.")
    return plan, locked


def is_recheck_of_completed(plan: Plan, step: Step) -> bool:
    """Whether it is a later look at a plan that has ended: what came back is still decided about."""
    return step.phase == Phase.PROOF and plan.state == PlanState.COMPLETED


def retry_step(step: Step, *, acting_user: User) -> None:
    """Let the machine try once more, with a fresh day to succeed in.

    Raises:
        PermissionDenied: the actor may not.
        NotAllowed: the leaver, or a task that only a person does.
        Stale: it is closed, or it is being tried at this moment.
    """
    authorise(acting_user, RUN)
    with Change(acting_user) as change:
        plan, locked = open_step(step, acting_user)
        if locked.kind in ONLY_A_PERSON:
            raise NotAllowed("A person does this; there is nothing that the portal could try.")
        circuits.close_for_retry(locked.kind)
        if not try_again(locked.job_id):
            raise Stale("This is being tried at this very moment.")
        Step.objects.filter(pk=locked.pk).update(alarmed_at=None)
        change.event(Tag.STEP_RETRIED, plan_subject(plan), plan=plan.pk, step=locked.key)
        advance(plan, change)


def skip_step(step: Step, *, because: str, acting_user: User) -> Plan:
    """Leave a task out that does not apply. Steps that take something away are never skipped: they are forced.

    Raises:
        PermissionDenied: the actor may not.
        NotAllowed: no reason, the leaver, or no task.
        Stale: it is closed.
    """
    authorise(acting_user, RUN)
    if not because.strip():
        raise NotAllowed("Say why it does not apply: the sentence stays in the statement.")
    with Change(acting_user) as change:
        plan, locked = open_step(step, acting_user)
        if locked.kind not in (StepKind.BREAKS, StepKind.ACCESS_TOKEN, StepKind.WORKSPACE_ADMIN):
            raise NotAllowed("This step takes something away. It can be closed by force, with a second person.")
        words = f"{acting_user.person} skipped it: {because}"
        end_by_hand(locked.job_id, state=JobState.SKIPPED, reason=words)
        note_word(locked, words, by=str(acting_user.person))
        locked.attested_by, locked.attestation, locked.attested_at = acting_user.person, because[:500], change.at
        mark_closed(locked, Verdict.ATTESTED, words, at=change.at)
        change.event(Tag.STEP_SKIPPED, plan_subject(plan), plan=plan.pk, step=locked.key, because=because[:300])
        advance(plan, change)
    return plan


def assign_step(step: Step, assignee: Person, *, acting_user: User) -> None:
    """Give a task to somebody, never to the leaver; they hear of it.

    Raises:
        PermissionDenied: the actor may not.
        NotAllowed: the leaver.
        Stale: it is closed.
    """
    authorise(acting_user, RUN)
    with Change(acting_user) as change:
        plan, locked = open_step(step, acting_user)
        if assignee.pk == plan.person_id:
            raise NotAllowed("The leaver cannot take over what the leaver leaves behind.")
        locked.assignee = assignee
        locked.save(update_fields=["assignee"])
        if assignee.pk != acting_user.person_id:
            tell_assignee(plan, locked, assignee)
        change.event(Tag.STEP_ASSIGNED, plan_subject(plan), plan=plan.pk, step=locked.key, assignee=assignee.account_id)


def tell_assignee(plan: Plan, step: Step, assignee: Person) -> None:
    """Somebody got a task: what, why, until when."""
    until = f"\n\nPlease do it until {step.due_at:%d %B %Y}." if step.due_at else ""
    body = f"{plan.person} leaves. {step.title}.\n\n{step.detail}{until}\n\nOpen it to say when it is done."
    notify(assignee, subject=f"For you: {step.title}"[:200], body=body, path=task_path(step))


def task_path(step: Step) -> str:
    """Where a task is done."""
    return reverse("task", args=[step.pk])
