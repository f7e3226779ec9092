"""Offboarding while processes die, freeze and are told the same twice: everything ends once, and nothing false is said.

Two admins, double clicks and roles that are taken away (F22, F23) are in tests/offboarding/test_together.py and
test_guards.py; a 429 and odd answers in tests/offboarding/test_cut.py and test_clean_up.py.
"""

import random
import signal
import time
from datetime import timedelta

import pytest

from audit.models import Event
from offboarding.models import Evidence, Plan, Verdict
from offboarding.operations.planning import Wanted, cancel_plan
from offboarding.operations.step_actions import retry_step
from offboarding.states import StepKind
from tests.faults import scale
from tests.faults.leaver import (
    Leaver,
    assert_told_once,
    assert_true,
    begin_anew,
    skip_pauses,
    wait_for_clean_up,
    wait_for_cut,
)
from tests.faults.test_seeded_kills import SEED, Killer
from tests.faults.world import World
from tokens.inventory.moments import database_now
from tokens.models import Credential
from tokens.operations.change import Stale
from workqueue import doorbell
from workqueue.models import Job, JobState

WORKER, OTHER = "worker-revoke", "other-revoke"
IN_FLIGHT_SECONDS = 3.0
DELETE_TOKEN = "/users/*/manage/api-tokens/*"
DELETE_GRANT = "*/permissions-config/users/*"


@pytest.fixture(autouse=True)
def _one_worker(world: World) -> None:
    """Each test begins with one worker that holds the revoke keys."""
    if world.runs(OTHER):
        world.kill(OTHER)
    if not world.runs(WORKER):
        world.start_worker("revoke")
    begin_anew(world)


@pytest.fixture
def lee(world: World) -> Leaver:
    return Leaver(world, "lee")


def slow(world: World, path: str, milliseconds: int = 1_500, *, skip: int = 0) -> None:
    """One deletion takes so long."""
    world.sandbox.fault("latency", path, method="DELETE", milliseconds=milliseconds, count=1, skip=skip)


@pytest.mark.parametrize("path", [DELETE_TOKEN, DELETE_GRANT], ids=["token", "grant"])
@pytest.mark.parametrize("kind", ["latency", "done_then_status"])
def test_a_child_killed_in_the_middle_of_a_deletion(world: World, lee: Leaver, path: str, kind: str) -> None:
    """F1, F3: before the answer, and after the deletion was done and its answer lost."""
    if kind == "done_then_status":
        world.sandbox.fault(kind, path, method="DELETE", status=500, count=1)
    else:
        slow(world, path)
    plan = lee.start()
    world.wait_for_hits(1)
    world.kill_children(WORKER)
    wait_for_cut(world, plan)
    wait_for_clean_up(world, plan)
    assert_true(lee, plan)


@pytest.mark.parametrize("path", [DELETE_TOKEN, DELETE_GRANT], ids=["token", "grant"])
def test_a_whole_worker_killed(world: World, lee: Leaver, path: str) -> None:
    """F2: another one goes on when the lease has ended."""
    slow(world, path)
    plan = lee.start()
    world.wait_for_hits(1)
    world.kill(WORKER)
    world.start_worker("revoke", OTHER)
    wait_for_clean_up(world, plan, seconds=scale.TAKEN_OVER_WITHIN)
    assert_true(lee, plan)


def test_a_deployment_in_the_middle_of_the_cut(world: World, lee: Leaver) -> None:
    """F5."""
    slow(world, DELETE_TOKEN)
    plan = lee.start()
    world.wait_for_hits(1)
    world.end(WORKER)
    world.start_worker("revoke", OTHER)
    wait_for_clean_up(world, plan)
    assert_true(lee, plan)


def test_redis_is_emptied_in_the_middle(world: World, lee: Leaver) -> None:
    """F6: the rows are the truth."""
    slow(world, DELETE_TOKEN)
    plan = lee.start()
    world.wait_for_hits(1)
    world.redis.client.flushall()
    wait_for_clean_up(world, plan)
    assert_true(lee, plan)


def test_the_same_step_delivered_ten_times(world: World, lee: Leaver) -> None:
    """F19."""
    world.start_worker("revoke", OTHER)
    world.sandbox.fault("latency", "/users/*", milliseconds=300)
    plan = lee.start()
    job = plan.steps.get(kind=StepKind.DELETE_TOKENS).job
    for _ in range(10):
        assert doorbell.ring(job.pk, "cut")
    wait_for_cut(world, plan)
    world.sandbox.no_faults()
    wait_for_clean_up(world, plan)
    assert_true(lee, plan)


def test_a_frozen_worker_that_wakes_is_shut_out(world: World, lee: Leaver) -> None:
    """F20."""
    slow(world, DELETE_TOKEN)
    plan = lee.start()
    world.wait_for_hits(1)
    world.signal(WORKER, signal.SIGSTOP)
    world.start_worker("revoke", OTHER)
    wait_for_cut(world, plan)
    world.signal(WORKER, signal.SIGCONT)
    wait_for_clean_up(world, plan)
    assert_true(lee, plan)


def test_a_refused_key_is_not_tried_for_every_step(world: World, lee: Leaver) -> None:
    """F13."""
    world.sandbox.fault("status", "/users/*", status=401)
    plan = lee.start()

    def is_stuck() -> bool:
        return plan.steps.filter(kind=StepKind.SWITCH_OFF, job__state=JobState.NEEDS_HUMAN).exists()

    world.wait("the cut needs a person", is_stuck)
    # The rehearsal reads as well; of the cut's three steps one has asked.
    assert world.sandbox.requests("/manage/") <= 4
    assert Evidence.objects.filter(step__plan=plan, by="revoke key").count() <= 1
    assert not plan.steps.filter(kind=StepKind.DELETE_TOKENS, verdict=Verdict.PROVEN).exists()


def test_what_is_made_between_two_steps_does_not_survive(world: World, lee: Leaver) -> None:
    """F18, F28: a token while tokens are deleted, a grant while grants are removed."""
    slow(world, DELETE_TOKEN)
    plan = lee.start()
    world.wait_for_hits(1)
    world.sandbox.make_token("lee", "made meanwhile")
    slow(world, DELETE_GRANT)
    world.wait_for_hits(1, number=1)
    for name in lee.grants_left():
        lee.give(name, "admin")
    wait_for_clean_up(world, plan)
    assert_true(lee, plan)


@pytest.mark.parametrize("path", [DELETE_TOKEN, DELETE_GRANT], ids=["token", "grant"])
def test_a_deletion_that_is_accepted_and_keeps_it(world: World, lee: Leaver, path: str) -> None:
    """A 204 proves nothing."""
    kind = StepKind.DELETE_TOKENS if path == DELETE_TOKEN else StepKind.REMOVE_GRANT
    world.sandbox.fault("keep", path, method="DELETE")
    plan = lee.start()

    def is_stuck() -> bool:
        world.let_time_pass()
        return plan.steps.filter(kind=kind, job__state=JobState.NEEDS_HUMAN).exists()

    world.wait("a person is needed", is_stuck)
    assert not plan.steps.filter(kind=kind, verdict=Verdict.PROVEN).exists()
    assert not Credential.objects.filter(holder=lee.person, state="revoked").exists()
    assert not plan.steps.filter(kind=StepKind.PROVE_RIGHTS).exists()


def test_a_bot_that_lost_its_right(world: World, lee: Leaver) -> None:
    """F27: every read and deletion answers 404."""
    world.sandbox.fault("lost_admin", "/2.0/*")
    plan = lee.start()
    wait_for_cut(world, plan)

    def is_stuck() -> bool:
        return plan.steps.filter(kind=StepKind.READ_RIGHTS, job__state=JobState.NEEDS_HUMAN).exists()

    world.wait("a person is needed", is_stuck)
    assert lee.grants_left()
    assert not plan.steps.filter(kind__in=(StepKind.READ_RIGHTS, StepKind.PROVE_RIGHTS), verdict="proven").exists()


def test_a_plan_that_is_called_off_stops_at_its_next_step(world: World, lee: Leaver) -> None:
    """F24: what was done stays done and is told."""
    slow(world, DELETE_GRANT)
    plan = lee.start()
    world.wait_for_hits(1)
    cancel_plan(plan, because="the person stays", acting_user=lee.admin)
    world.wait("the worker is idle", lambda: not Job.objects.filter(step__plan=plan, state="running").exists())
    # Calling it off ends the row at once; the deletion that was on its way is answered, and counted, after that.
    time.sleep(IN_FLIGHT_SECONDS)
    deleted = world.sandbox.requests("permissions-config", method="DELETE")
    # Long enough for the sweeps that would find a step which is still due.
    world.let_time_pass()
    time.sleep(3 * scale.SWEEP_SECONDS)
    assert deleted <= 2
    assert world.sandbox.requests("permissions-config", method="DELETE") == deleted
    plan.refresh_from_db()
    assert plan.state == "cancelled"
    assert lee.tokens_left() == []
    assert_told_once(plan)


def test_a_scheduled_plan_starts_once_beside_two_beats(world: World, lee: Leaver) -> None:
    """F25."""
    world.start_worker("default")
    plan = lee.plan(Wanted(starts_at=database_now() + timedelta(seconds=1)))
    beats = [world.start_beat(), world.start_beat("beat-two")]
    try:
        world.wait("it starts by itself", lambda: Plan.objects.get(pk=plan.pk).started_at is not None)
        wait_for_clean_up(world, plan)
    finally:
        for name in (*beats, "worker"):
            world.kill(name)
    assert Event.objects.filter(tag="plan:started", details__plan=plan.pk).count() == 1
    assert_true(lee, plan)


def test_nothing_is_lost_or_done_twice_while_workers_are_killed(world: World) -> None:
    """Seeded kills over whole plans."""
    killer = Killer(world, SEED)
    order, wanted = random.Random(SEED), max(10, scale.SEEDED_REVOCATIONS // 2)
    while killer.kills < wanted:
        begin_anew(world)
        world.sandbox.fault("latency", "*", milliseconds=100)
        leavers = [Leaver(world, key) for key in order.sample(["lee", "emma", "aria"], 2)]
        plans = [leaver.start() for leaver in leavers]
        for _ in range(8):
            killer.strike()
        killer.relent()
        for leaver, plan in zip(leavers, plans, strict=True):
            _bring_to_end(world, leaver, plan)
            assert_true(leaver, plan)


def _bring_to_end(world: World, leaver: Leaver, plan: Plan) -> None:
    """A step whose worker was lost five times in a row is put aside: a person lets it be tried again."""

    def is_clean() -> bool:
        for step in plan.steps.filter(closed_at=None, job__state__in=(JobState.ERRORED, JobState.NEEDS_HUMAN)):
            if step.kind not in (StepKind.DEPLOY_KEY, StepKind.ROTATE):
                try:
                    retry_step(step, acting_user=leaver.admin)
                except Stale:
                    continue
        skip_pauses(plan)
        open_ones = plan.steps.filter(phase__in=("cut", "clean_up"), closed_at=None).exclude(kind=StepKind.DEPLOY_KEY)
        return plan.steps.filter(kind=StepKind.PROVE_RIGHTS).exists() and not open_ones.exists()

    world.wait("the plan is cleaned up", is_clean, seconds=scale.PATIENCE_SECONDS * 2)
