"""The whole path of a draft without a change at Bitbucket."""

from accounts.actors import SYSTEM
from bitbucket.errors import Transient
from offboarding.models import Plan
from offboarding.operations.rows import lock_plan
from offboarding.rehearsing import rehearse_plan
from offboarding.states import PlanState
from tokens.jobs.remote import outcome_from_error
from tokens.operations.change import Change
from workqueue.claims import Claim, finish


def rehearse(claim: Claim) -> None:
    """Rehearse a draft and keep what came out; a plan that started meanwhile needs no rehearsal."""
    plan = Plan.objects.select_related("person").get(pk=claim.payload["plan"])
    if plan.state != PlanState.DRAFT:
        return
    try:
        rehearsal = rehearse_plan(plan)
    except Transient as error:
        raise outcome_from_error(error, attempt=claim.attempt) from error
    with Change(SYSTEM) as change:
        locked = lock_plan(plan.pk)
        locked.rehearsal = rehearsal.as_json(change.at.isoformat())
        locked.save(update_fields=["rehearsal"])
        finish(claim, result={"problems": len(rehearsal.problems), "requests": rehearsal.requests})
