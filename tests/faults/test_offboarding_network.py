"""Offboarding over a bad network: the answer never comes, or comes to nobody; what is gone is told once."""

import pytest

from offboarding.models import Evidence, Plan
from offboarding.states import StepKind
from tests.faults.conftest import WorldMaker
from tests.faults.leaver import Leaver, assert_true, begin_anew, step_of, wait_for_clean_up
from tests.faults.proxy import Manner
from tests.faults.world import World
from workqueue.models import JobState

WORKER = "worker-revoke"
DELETION = "api-tokens/<token_id>"
REMOVAL = "permissions-config"
DELETE, DELETE_GRANT = b"DELETE /users/", b"DELETE /2.0/"
# A lease that outlives one call, as in production.
LEASE_SECONDS = "20"


@pytest.fixture(scope="module")
def world(make_world: WorldMaker) -> World:
    """The worker reaches Bitbucket and the organisation through the proxy."""
    addresses = ("ATLASSIAN_API_URL", "BITBUCKET_API_URL")
    world = make_world(proxied=addresses, environment={"FAULTS_LEASE_SECONDS": LEASE_SECONDS})
    world.start_worker("revoke")
    return world


@pytest.fixture
def lee(world: World) -> Leaver:
    begin_anew(world)
    leaver = Leaver(world, "lee")
    world.sandbox.forget_requests()
    return leaver


@pytest.mark.parametrize(
    ("only", "kind"),
    [(DELETE, StepKind.DELETE_TOKENS), (DELETE_GRANT, StepKind.REMOVE_GRANT)],
    ids=["token", "grant"],
)
def test_killed_between_the_answer_and_the_row(world: World, lee: Leaver, only: bytes, kind: StepKind) -> None:
    """F3: Bitbucket did it, its 204 is on the way, and the process that waits for it dies."""
    world.proxy.behave(Manner.DELAY, only=only, seconds=60)
    route = DELETION if kind == StepKind.DELETE_TOKENS else REMOVAL
    plan = lee.start()
    world.wait("it has happened", lambda: world.sandbox.requests(route, method="DELETE", status=204) > 0)
    assert not plan.steps.filter(kind=kind, closed_at=None, verdict="proven").exists()
    world.kill_children(WORKER)
    world.proxy.behave(Manner.PASS)
    wait_for_clean_up(world, plan)
    assert_true(lee, plan)
    assert unanswered(plan, kind) >= 1
    assert_deleted_once_each(world, plan, route)


def unanswered(plan: Plan, kind: StepKind) -> int:
    """How many changes were written down before they were sent, and never answered."""
    sent = Evidence.objects.filter(step__plan=plan, step__kind=kind, request__startswith="DELETE")
    return sent.filter(answered_at=None).count()


def assert_deleted_once_each(world: World, plan: Plan, route: str) -> None:
    """As many deletions had an effect as there are things that were deleted."""
    prefix = "DELETE /users/" if route == DELETION else "DELETE /2.0/"
    rows = Evidence.objects.filter(step__plan=plan, request__startswith=prefix)
    different = rows.values_list("request", flat=True).distinct().count()
    assert world.sandbox.requests(route, method="DELETE", status=204) >= different
    if route == DELETION:
        assert world.sandbox.requests(route, method="DELETE", status=204) == different


@pytest.mark.parametrize("manner", [Manner.HALF_OPEN, Manner.SWALLOW, Manner.CUT])
def test_the_account_goes_off_while_deletions_get_no_answer(world: World, lee: Leaver, manner: Manner) -> None:
    """F14: a deletion of unknown outcome holds nobody up; the list says later what became of it."""
    world.proxy.behave(manner, only=DELETE, after_bytes=5)
    plan = lee.start()
    world.wait("the account is off", lambda: step_of(plan, StepKind.SWITCH_OFF).verdict == "proven")
    tokens = step_of(plan, StepKind.DELETE_TOKENS)
    assert (tokens.verdict, tokens.job.state in (JobState.WAITING, JobState.QUEUED, JobState.RUNNING)) == ("", True)
    plan.refresh_from_db()
    assert plan.cut_at is None
    world.proxy.behave(Manner.PASS)
    wait_for_clean_up(world, plan)
    assert_true(lee, plan)
    assert tokens.job.crashes == 0


def test_lists_that_come_byte_by_byte_prove_nothing(world: World, lee: Leaver) -> None:
    """F14: a list that is slower than a call may be is no list."""
    world.proxy.behave(Manner.DRIP, only=b"GET /users/", seconds=0.5)
    plan = lee.start()
    world.wait("an attempt has failed", lambda: step_of(plan, StepKind.DELETE_TOKENS).job.attempt >= 1 and _waits(plan))
    assert not plan.steps.filter(kind__in=(StepKind.DELETE_TOKENS, StepKind.SWITCH_OFF), verdict="proven").exists()
    assert lee.tokens_left()
    world.proxy.behave(Manner.PASS)
    wait_for_clean_up(world, plan)
    assert_true(lee, plan)


def _waits(plan: Plan) -> bool:
    return step_of(plan, StepKind.DELETE_TOKENS).job.state == JobState.WAITING
