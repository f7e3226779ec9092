"""Somebody who leaves, at a world of these tests: planned, started, waited for, and looked at."""

import time

from django.db.models.functions import Now

from accounts.models import Person, User
from audit.models import Event
from offboarding.models import Plan, Step, Verdict
from offboarding.operations.planning import Wanted, cancel_plan, plan_offboarding
from offboarding.operations.rows import HELD
from offboarding.operations.starting import start_plan
from offboarding.states import OPEN_PLAN, StepKind
from tests.faults import scale
from tests.faults.world import World
from tokens.models import Circuit
from workqueue.models import DUE_STATES, Job

CUT = (StepKind.DELETE_TOKENS, StepKind.SWITCH_OFF, StepKind.DELETE_LATE_TOKENS)
MACHINES = (*CUT, StepKind.READ_RIGHTS, StepKind.REMOVE_GRANT, StepKind.PROVE_RIGHTS)
TOKENS = 3


def begin_anew(world: World) -> None:
    """The sandbox as at its start, and nobody who leaves."""
    admin = world.user("ada")
    for plan in Plan.objects.filter(state__in=OPEN_PLAN):
        cancel_plan(plan, because="the next test begins", acting_user=admin)
    world.sandbox.ask("POST", "/reset", {})
    Circuit.objects.filter(closed_at=None).update(closed_at=Now())
    Person.objects.update(account_status="active", blocked_at=None)
    Job.objects.exclude(kind__startswith="offboard_").delete()
    Plan.objects.exclude(started_at=None).update(started_at="2026-01-01T00:00Z")
    Circuit.objects.filter(closed_at=None).update(closed_at="2026-01-01T00:00Z")


class Leaver:
    """One of the cast with tokens, a grant on each repository and one on the project.

    Args:
        world: where.
        key: who, such as ``lee``.
    """

    def __init__(self, world: World, key: str) -> None:
        self.world, self.key = world, key
        self.person, self.admin = world.user(key).person, world.user("ada")
        for number in range(TOKENS):
            world.sandbox.make_token(key, f"{key} {number}")
        for name in self._acme()["repositories"]:
            self.give(name)

    def _acme(self) -> dict[str, dict[str, dict[str, dict[str, str]]]]:
        told: dict[str, dict[str, dict[str, dict[str, str]]]] = self.world.sandbox.truth()["workspaces"]["acme"]
        return told

    def give(self, repository: str, permission: str = "write") -> None:
        """A grant by name."""
        slug = repository.rpartition("/")[2]
        path = f"/workspaces/acme/repositories/{slug}/users/{self.key}"
        self.world.sandbox.ask("POST", path, {"permission": permission})

    def plan(self, wanted: Wanted | None = None) -> Plan:
        """A draft."""
        return plan_offboarding(self.person, wanted=wanted or Wanted(), acting_user=self.admin)

    def start(self) -> Plan:
        """The cut begins."""
        return start_plan(self.plan(), acting_user=self.admin)

    def another_admin(self) -> User:
        """The second one."""
        return self.world.user("max")

    def tokens_left(self) -> list[str]:
        """Labels of the tokens that still exist."""
        tokens = self.world.sandbox.truth()["tokens"]
        return [one["id"] for one in tokens if one["account_id"] == self.person.account_id]

    def grants_left(self) -> list[str]:
        """Places with a grant by name."""
        acme = self._acme()
        places = {**acme["repositories"], **acme["projects"]}
        return [name for name, one in places.items() if self.person.account_id in one["users"]]


def wait_for_cut(world: World, plan: Plan, *, seconds: float = scale.PATIENCE_SECONDS) -> None:
    """Wait until every step of the cut is closed."""
    world.wait("the cut is closed", lambda: Plan.objects.get(pk=plan.pk).cut_at is not None, seconds=seconds)


def wait_for_clean_up(world: World, plan: Plan, *, seconds: float = scale.PATIENCE_SECONDS) -> None:
    """Wait until everything that a machine does is closed, and skip every pause between attempts."""

    def is_so() -> bool:
        skip_pauses(plan)
        time.sleep(scale.SWEEP_SECONDS)
        return is_clean(plan)

    world.wait("the clean-up is closed", is_so, seconds=seconds)


def skip_pauses(plan: Plan) -> None:
    """What waits until it is tried again is due now. What is held back keeps waiting for its turn, which
    `World.let_time_pass` would not leave to the plan."""
    waiting = Job.objects.filter(step__plan=plan, step__kind__in=MACHINES, state__in=DUE_STATES)
    waiting.exclude(reason=HELD).update(next_attempt_at=Now(), ring_again_at=Now())


def is_clean(plan: Plan) -> bool:
    """Whether the last pass was made and nothing that a machine does is open."""
    has_proof = plan.steps.filter(kind=StepKind.PROVE_RIGHTS).exists()
    return has_proof and not plan.steps.filter(kind__in=MACHINES, closed_at=None).exists()


def step_of(plan: Plan, kind: StepKind) -> Step:
    """The newest step of a kind, as it stands."""
    return Step.objects.select_related("job").filter(plan=plan, kind=kind).order_by("-pk")[0]


def assert_true(leaver: Leaver, plan: Plan) -> None:
    """Everything is gone, each step is proven, and each was told exactly once."""
    assert leaver.tokens_left() == []
    assert leaver.grants_left() == []
    steps = Step.objects.filter(plan=plan, kind__in=MACHINES)
    assert {step.verdict for step in steps} <= {Verdict.PROVEN, Verdict.NOTHING}
    assert_told_once(plan)


def assert_told_once(plan: Plan) -> None:
    """One event for each step that ended."""
    told = Event.objects.filter(tag="step:completed", details__plan=plan.pk).values_list("details__step", flat=True)
    closed = plan.steps.filter(kind__in=MACHINES).exclude(closed_at=None).values_list("key", flat=True)
    assert sorted(told) == sorted(closed)
