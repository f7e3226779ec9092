"""PostgreSQL restarts in the middle of an offboarding: no half step, and the plan goes on by itself."""

import pytest

from offboarding.models import Evidence, Step
from offboarding.states import StepKind
from tests.faults.conftest import WorldMaker
from tests.faults.leaver import MACHINES, Leaver, assert_true, begin_anew, wait_for_clean_up
from tests.faults.world import World

WORKER = "worker-revoke"
PATHS = {
    StepKind.DELETE_TOKENS: ("/users/*/manage/api-tokens/*", "DELETE"),
    StepKind.SWITCH_OFF: ("/users/*/manage/lifecycle/disable", "POST"),
    StepKind.REMOVE_GRANT: ("*/permissions-config/users/*", "DELETE"),
}


@pytest.fixture(scope="module")
def world(make_world: WorldMaker) -> World:
    """A world with a PostgreSQL of its own."""
    world = make_world(own_postgres=True)
    world.start_worker("revoke")
    return world


@pytest.fixture
def lee(world: World) -> Leaver:
    begin_anew(world)
    return Leaver(world, "lee")


@pytest.mark.parametrize("kind", PATHS)
def test_an_immediate_restart_while_a_change_is_sent(world: World, lee: Leaver, kind: StepKind) -> None:
    """F9: it was written down before it was sent; what came of it is read, not guessed."""
    path, method = PATHS[kind]
    world.sandbox.fault("latency", path, method=method, milliseconds=2_000, count=1)
    plan = lee.start()
    world.wait_for_hits(1)
    intended = Evidence.objects.filter(step__plan=plan, step__kind=kind, request__startswith=method)
    # Two children of the worker may each have one under way.
    assert intended.filter(answered_at=None).exists()
    world.restart_postgres(immediate=True)
    wait_for_clean_up(world, plan)
    assert_true(lee, plan)
    assert world.runs(WORKER)
    for step in Step.objects.select_related("job").filter(plan=plan, kind__in=MACHINES):
        assert (step.job.state, step.closed_at is None) == ("done", False)
