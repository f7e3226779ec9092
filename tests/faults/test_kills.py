"""Processes that are killed, frozen or asked to leave in the middle of ending a credential."""

import signal

import pytest
from django.db import connection, transaction

from tests.faults import scale
from tests.faults.effects import assert_ended_once, slowed, stopped_in
from tests.faults.moments import http_date
from tests.faults.world import World
from tokens.models import Credential, Revocation
from workqueue import doorbell
from workqueue.models import Job

WORKER, OTHER = "worker-revoke", "other-revoke"


@pytest.fixture(autouse=True)
def _one_worker(world: World) -> None:
    """Each test begins with one worker that ends credentials."""
    if world.runs(OTHER):
        world.kill(OTHER)
    if not world.runs(WORKER):
        world.start_worker("revoke")


@pytest.fixture
def credential(world: World) -> Credential:
    return world.make_bound_credential()


@pytest.mark.parametrize("request_number", [0, 1, 2])
def test_a_child_killed_in_the_middle_of_a_call(world: World, credential: Credential, request_number: int) -> None:
    """F1; in the third request the deletion was answered with 204 and nothing of that is committed (F3)."""
    revocation = stopped_in(world, credential, request_number)
    assert world.kill_children(WORKER)
    world.wait_for_end(revocation)
    assert_ended_once(world, credential)
    job = world.job(revocation)
    assert (job.attempt, job.crashes) == (2, 1)


def test_a_child_killed_between_the_proof_and_the_commit(world: World, credential: Credential) -> None:
    """F3: deleted, read again, gone; the transaction that says so waits for a row, and its process dies."""
    slowed(world, credential, 1_000, skip=2)
    revocation = world.revoke(credential)
    world.wait_for_hits(3)
    with transaction.atomic():
        Revocation.objects.select_for_update().get(pk=revocation.pk)
        world.wait("the worker's commit waits for the row", _somebody_waits_for_a_row)
        world.kill_children(WORKER)
    world.wait_for_end(revocation)
    assert_ended_once(world, credential)


def _somebody_waits_for_a_row() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        return cursor.fetchone() is not None


def test_a_whole_worker_killed_in_the_middle_of_a_job(world: World, credential: Credential) -> None:
    """F2: another one finishes when the lease has ended, not when the broker gives the message back."""
    revocation = stopped_in(world, credential, 1)
    world.kill(WORKER)
    world.start_worker("revoke", OTHER)
    assert world.wait_for_end(revocation, seconds=scale.TAKEN_OVER_WITHIN) <= scale.TAKEN_OVER_WITHIN
    assert_ended_once(world, credential)


def test_a_worker_that_is_asked_to_leave_finishes_its_job(world: World, credential: Credential) -> None:
    """F5: a deployment."""
    slowed(world, credential, 2_000, skip=1)
    revocation = world.revoke(credential)
    world.wait_for_hits(2)
    world.end(WORKER)
    assert world.has_ended(revocation)
    assert_ended_once(world, credential)


def test_a_worker_that_is_not_given_the_time_to_finish_loses_nothing(world: World, credential: Credential) -> None:
    """F5: asked to leave, and killed before it could."""
    revocation = stopped_in(world, credential, 1)
    world.end(WORKER, patience_seconds=1)
    assert world.state_of(credential) == "revoking"
    world.start_worker("revoke", OTHER)
    world.wait_for_end(revocation)
    assert_ended_once(world, credential)


def test_the_same_job_delivered_ten_times_at_once(world: World, credential: Credential) -> None:
    """F19."""
    world.start_worker("revoke", OTHER)
    slowed(world, credential, 1_000)
    revocation = world.revoke(credential)
    job = world.job(revocation)
    for _ in range(10):
        assert doorbell.ring(job.pk, "revoke")
    world.wait_for_end(revocation)
    world.wait("all ten are taken", lambda: world.redis.client.llen("revoke") == 0)
    assert_ended_once(world, credential)
    assert world.job(revocation).attempt == 1
    assert len(world.events("credential:revocation_started", credential)) == 1


@pytest.mark.parametrize("request_number", [0, 2])
def test_a_frozen_worker_that_wakes_after_its_lease_is_shut_out(
    world: World, credential: Credential, request_number: int
) -> None:
    """F20: it slept before the deletion, or before it would have written the end."""
    slowed(world, credential, 1_000, skip=request_number)
    revocation = world.revoke(credential)
    world.wait_for_hits(request_number + 1)
    world.signal(WORKER, signal.SIGSTOP)
    world.start_worker("revoke", OTHER)
    world.wait_for_end(revocation)
    ended = world.job(revocation)
    world.signal(WORKER, signal.SIGCONT)
    world.wait("the late one is told", lambda: "taken over while it ran" in world.log_of(WORKER))
    assert_ended_once(world, credential)
    assert (world.job(revocation).attempt, world.job(revocation).ended_at) == (2, ended.ended_at)
    world.kill(WORKER)  # its log has said it; the next test looks at a new one


@pytest.mark.parametrize("hours", [1, -1])
@pytest.mark.parametrize("asks_for", ["4", "date"])
def test_a_worker_whose_clock_is_wrong_is_neither_early_nor_late(
    world: World, credential: Credential, hours: int, asks_for: str
) -> None:
    """F21: what is due when is the database's to say; a date in an answer is measured from that answer's own date."""
    world.end(WORKER)
    world.start_worker("revoke", OTHER, clock_seconds=3_600 * hours)
    wish = asks_for if asks_for != "date" else http_date(6)
    world.sandbox.fault("status", "/users/*", status=429, retry_after=wish, count=1)
    revocation = world.revoke(credential)
    world.wait("it waits", lambda: world.job(revocation).state == "waiting")
    waiting = world.job(revocation)
    assert 0 < world.due_in(waiting) < 20
    world.wait_for_end(revocation)
    ended = world.job(revocation)
    assert ended.ended_at is not None
    late = (ended.ended_at - waiting.next_attempt_at).total_seconds()
    assert 0 <= late <= 5 + 2 * scale.SWEEP_SECONDS
    assert (ended.attempt, ended.crashes) == (2, 0)
    assert_ended_once(world, credential)


def test_without_beat_the_workers_sweep_and_two_beats_do_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F25: no bell is rung for these, so that only a sweep finds them."""
    monkeypatch.setattr("workqueue.claims.ring", lambda *_, **__: False)
    alone = [world.make_bound_credential() for _ in range(3)]
    world.wait_for_end(*[world.revoke(one) for one in alone])
    for name in ("beat", "second-beat"):
        world.start_beat(name)
    world.wait("both beat", lambda: all("Sending due task" in world.log_of(one) for one in ("beat", "second-beat")))
    world.start_worker("revoke", OTHER)
    together = [world.make_bound_credential() for _ in range(10)]
    world.wait_for_end(*[world.revoke(one) for one in together])
    for name in ("beat", "second-beat"):
        world.end(name)
    assert_ended_once(world, *alone, *together)


def test_a_job_that_always_kills_its_process_is_put_aside_and_the_others_pass(world: World) -> None:
    """F26: five lost workers in a row; then a person is asked, and nobody says that it was revoked."""
    bad = world.make_bound_credential("lee")
    good = [world.make_bound_credential() for _ in range(5)]
    path = f"/users/{bad.known_holder.account_id}/*"
    world.sandbox.fault("latency", path, milliseconds=scale.LEASE_SECONDS * 1_000)
    revocation = world.revoke(bad)
    others = []
    for crash in range(1, 6):
        world.wait_for_hits(crash)
        world.kill_children(WORKER)
        others.append(world.revoke(good[crash - 1]))
        _wait_for_crashes(world, revocation, crash)
    world.wait_for_end(revocation, *others)
    job = Job.objects.get(pk=world.job(revocation).pk)
    assert (job.state, job.attempt, job.crashes) == ("errored", 5, 5)
    assert world.state_of(bad) == "needs_human"
    assert bad.listing_id in world.sandbox.living_tokens()
    assert_ended_once(world, *good)


def _wait_for_crashes(world: World, revocation: Revocation, count: int) -> None:
    world.wait("the crash is counted", lambda: world.job(revocation).crashes >= count)
