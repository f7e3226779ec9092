"""Whether a plan still moves by itself, and what it waits for where it does not. One query, so one moment."""

from enum import IntEnum

from django.db.models import Q

from offboarding.models import Plan, Step
from offboarding.operations.rows import HELD
from offboarding.states import STUCK, TASK_KINDS, Phase, PlanState, StepKind
from workqueue.models import JobState


class Outcome(IntEnum):
    """How a plan stands; the number is what the command ends with."""

    DONE = 0
    REFUSED = 1
    MOVING = 3
    NEEDS_SECOND_ADMIN = 4
    NEEDS_HUMAN = 5
    NO_WORKER = 6


def outcome_of(plan: Plan) -> Outcome:
    """How a plan stands now. ``DONE``: the cut is closed, and only tasks of people, and later looks, are left."""
    plan.refresh_from_db()
    if plan.state == PlanState.COMPLETED:
        return Outcome.DONE
    if plan.state == PlanState.CANCELLED:
        return Outcome.REFUSED
    if plan.state == PlanState.DRAFT:
        return Outcome.NEEDS_SECOND_ADMIN if plan.waits_for_second_because else Outcome.MOVING
    machine = list(_of_the_machine(plan))
    if plan.stopped_at is None and any(_moves(step) for step in machine):
        return Outcome.MOVING
    return Outcome.NEEDS_HUMAN if machine else Outcome.DONE


def stuck_steps(plan: Plan) -> list[Step]:
    """What a person has to look at before the machine can go on."""
    return [step for step in _of_the_machine(plan) if not _moves(step) and step.job.reason != HELD]


def _of_the_machine(plan: Plan) -> "list[Step]":
    """Open steps that a machine should end: no tasks, no deploy key that an admin decides about, no later looks."""
    left = Step.objects.filter(plan=plan, closed_at=None).exclude(phase=Phase.PROOF).select_related("job")
    is_task = Q(kind__in=TASK_KINDS - {StepKind.ROTATE})
    is_list_made = Q(kind=StepKind.ROTATE, job__state=JobState.NEEDS_HUMAN)
    is_question = Q(kind=StepKind.DEPLOY_KEY, decision="")
    return list(left.exclude(is_task | is_list_made | is_question))


def _moves(step: Step) -> bool:
    """Whether it goes on without a person. At the identity provider a person acts, and admins were told."""
    job = step.job
    if job.state in STUCK or job.reason == HELD:
        return False
    return not (step.kind == StepKind.SWITCH_OFF and step.alarmed_at is not None)
