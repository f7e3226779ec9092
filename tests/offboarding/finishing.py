"""Doing what people do in a plan, until it is completed."""

from django.db.models import Q

from accounts.models import User
from offboarding.models import Countersign, KeyDecision, Plan, Step
from offboarding.operations.attesting import attest_step, confirm_step
from offboarding.operations.deploy_key_decisions import decide_key
from offboarding.operations.rotating import attest_item
from offboarding.states import StepKind
from tests.offboarding.leaving import CLEAN_UP, Leaving

# A seat that is still there: somebody says that it is not needed to be taken away.
MINE = Q(job__state="needs_human") | Q(kind=StepKind.MEMBERSHIP, job__state="waiting")
HAND_OVER = ("offboard_membership", "offboard_rotate")


def leave_workspace(leaving: Leaving) -> None:
    """Somebody takes the seat away, in Bitbucket's own pages."""
    acme = leaving.desk.world.workspaces["acme"]
    acme.seats.pop(leaving.account.account_id, None)
    acme.touch()


def finish_plan(leaving: Leaving, plan: Plan, second: User, *, keys: KeyDecision = KeyDecision.KEEP) -> list[str]:
    """Run what is due and do what people have to, with a second person where that is needed.

    Returns: the kinds of steps that a person did.
    """
    by_hand: list[str] = []
    for _ in range(4):
        leaving.run(*CLEAN_UP, *HAND_OVER)
        open_ones = Step.objects.filter(MINE, plan=plan, closed_at=None).exclude(phase="proof")
        for step in open_ones.select_related("job", "credential"):
            _do(leaving, step, keys)
            by_hand.append(step.kind)
        for asked in Countersign.objects.filter(plan=plan, confirmed_at=None, dropped_at=None):
            confirm_step(asked, acting_user=second)
    plan.refresh_from_db()
    left = [(one.kind, one.job.state, one.job.reason) for one in plan.steps.filter(closed_at=None)]
    assert plan.state == "completed", left
    return by_hand


def _do(leaving: Leaving, step: Step, keys: KeyDecision) -> None:
    if step.kind == StepKind.DEPLOY_KEY and not step.decision:
        owner = leaving.admin.person if keys != KeyDecision.DELETE else None
        decide_key(step, keys, because="We looked", acting_user=leaving.admin, new_owner=owner)
        return
    items = list(step.items.filter(done_at=None))
    for item in items:
        attest_item(item, words="New values are set", acting_user=leaving.admin)
    if not items:
        attest_step(step, words="Done, looked at it together", acting_user=leaving.admin)
