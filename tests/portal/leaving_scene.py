"""Plans at each of their stages, for pages that are opened by everybody: Emma has two of the tasks."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User, Workspace
from offboarding.models import Countersign, Plan, RotateItem, Step
from offboarding.operations.planning import plan_offboarding
from offboarding.operations.rows import NewStep, add_task
from offboarding.operations.starting import start_plan
from offboarding.operations.stopping import stop_plan
from offboarding.states import StepKind
from tests.accounts.people import make_person


@dataclass(frozen=True)
class LeavingScene:
    """Plans and steps by what can be done to them."""

    draft: Plan
    waiting: Countersign
    running: Plan
    stopped: Plan
    task: Step
    key: Step
    stuck: Step
    forced: Countersign
    place: RotateItem

    def of(self, step: Step) -> list[int]:
        """What a step's address is made of."""
        return [step.plan_id, step.pk]


def make_leaving(owner: User, first: User, admin: User) -> LeavingScene:
    """Make them; ``first`` has asked for what waits for a second person."""
    plans = [plan_offboarding(make_person(f"leaver{number}"), acting_user=admin) for number in range(4)]
    draft, asked, running, stopped = plans
    waiting = Countersign.objects.create(
        plan=asked, purpose="start", because="it is the last admin", asked_by=first.person, asked_at=timezone.now()
    )
    running, stopped = (start_plan(plan, acting_user=admin) for plan in (running, stopped))
    stop_plan(stopped, because="Wrong person?", acting_user=admin)
    task = add_task(running, NewStep(StepKind.BREAKS, "breaks:x", "Take over the rules", assignee=owner.person))
    rotate = add_task(running, NewStep(StepKind.ROTATE, "rotate", "Rotate what they could read"))
    place = RotateItem.objects.create(
        step=rotate, workspace=Workspace.objects.get(), rank=1, owner=owner.person, variables=[{"name": "A"}]
    )
    key = add_task(running, NewStep(StepKind.DEPLOY_KEY, "deploy-key:1", "Deploy key of acme/web"))
    stuck = add_task(running, NewStep(StepKind.REMOVE_GRANT, "grant:1", "Remove a grant"))
    forced = Countersign.objects.create(
        plan=running, step=key, purpose="force_close", because="Gone with its place", asked_by=first.person,
        asked_at=timezone.now(),
    )  # fmt: skip
    return LeavingScene(draft, waiting, running, stopped, task, key, stuck, forced, place)
