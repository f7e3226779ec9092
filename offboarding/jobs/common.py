"""What every job of a step does alike: look whether the plan still wants it, act, and answer for trouble."""

from collections.abc import Callable
from functools import wraps

from django.db import transaction

from accounts.actors import SYSTEM
from bitbucket.errors import BudgetSpent, NotFound, Permanent, Transient
from offboarding.models import Plan, Step
from offboarding.operations.rows import lock_plan
from offboarding.operations.step_actions import is_recheck_of_completed
from offboarding.operations.step_ends import stop_step, tell_stuck
from tokens.jobs.trouble import AskHuman, try_again, wait_for_budget
from tokens.operations import credential_circuits as circuits
from tokens.operations.change import Change
from workqueue.claims import Claim, NeedsHuman, finish
from workqueue.models import JobState

Act = Callable[[Claim, Step], None]


def step_job(principal: str) -> Callable[[Act], Callable[[Claim], None]]:
    """A handler around what one kind of step does.

    A step whose plan was called off is skipped. What the other side refuses for good needs a person; what it refuses
    for now is tried again; an hour whose requests are spent is no failure.

    Args:
        principal: whose credential asks, as the circuits name it.
    """

    def decorate(act: Act) -> Callable[[Claim], None]:
        @wraps(act)
        def run(claim: Claim) -> None:
            _run(act, claim, principal)

        return run

    return decorate


def _run(act: Act, claim: Claim, principal: str) -> None:
    step = Step.objects.select_related("plan__person", "workspace", "credential", "job").get(job_id=claim.job_id)
    if step.closed_at is not None or not _may_act(step.plan, step):
        with transaction.atomic():
            finish(claim, state=JobState.SKIPPED, reason="The plan does not want it any more.")
        return
    because = circuits.why_not(principal, step.kind)
    if because:
        stop_step(claim, step, f"not tried: {because}")
        return
    try:
        act(claim, step)
        circuits.close(principal, step.kind)
    except AskHuman as problem:
        stop_step(claim, step, str(problem))
    except BudgetSpent:
        wait_for_budget(claim)
    except Transient as error:
        raise try_again(claim, error) from error
    except Permanent as error:
        circuits.learn(principal, step.kind, error)
        stop_step(claim, step, f"{error}, which proves nothing" if isinstance(error, NotFound) else str(error))


def _may_act(plan: Plan, step: Step) -> bool:
    return plan.is_started or is_recheck_of_completed(plan, step)


def step_gave_up(claim: Claim, reason: str) -> None:
    """A day of tries did not do it: a person decides. Runs in the work queue's transaction."""
    with Change(SYSTEM) as change:
        step = Step.objects.select_related("plan__person").get(job_id=claim.job_id)
        plan = lock_plan(step.plan_id)
        tell_stuck(plan, step, reason, change)


def only_a_person(claim: Claim) -> None:
    """Nothing here is done by machine: a row that somebody made due goes back to waiting for a person."""
    raise NeedsHuman("A person does this.")
