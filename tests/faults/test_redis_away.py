"""Redis is only the bell: whatever happens to it, the rows are done and the pages answer."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults import scale
from tests.faults.effects import assert_ended_once
from tests.faults.world import Browser, World
from tokens.models import Credential, Revocation
from workqueue import doorbell
from workqueue.models import Job

WORKER = "worker-revoke"


@pytest.fixture(scope="module", autouse=True)
def _processes(world: World) -> None:
    world.start_web()


@pytest.fixture(autouse=True)
def _worker(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker, and a bell that has forgotten the last outage."""
    monkeypatch.setattr("workqueue.doorbell._bell", doorbell._Bell())
    if not world.runs(WORKER):
        world.start_worker("revoke")


@pytest.fixture
def ada(world: World) -> Browser:
    return world.browser("ada")


def made(world: World, count: int) -> list[Credential]:
    return [world.make_bound_credential() for _ in range(count)]


def click(browser: Browser, credential: Credential) -> Revocation:
    """Revoke on the page, as an admin does; the page answers although it cannot ring."""
    page = credential.get_absolute_url()
    answer = browser.post(f"{page}revoke/", page, {"reason": "Not needed any more"})
    assert answer.status_code == 302, answer.text
    assert browser.get(page).status_code == 200
    return credential.revocations.get()


def test_a_crash_between_the_commit_and_the_bell(world: World) -> None:
    """F4: the row is there, nobody was rung for, and the sweeper finds it."""
    (credential,) = made(world, 1)
    user = world.user("ada")
    code = world.run_python("tests.faults.dying", str(credential.pk), user.person.account_id)
    assert code == -signal.SIGKILL
    revocation = credential.revocations.get()
    assert world.wait_for_end(revocation) <= 30 + scale.LEASE_SECONDS
    assert_ended_once(world, credential)


def test_a_flushed_redis_loses_nothing(world: World) -> None:
    """F6: a hundred messages are gone, a hundred jobs are done."""
    world.end(WORKER)
    credentials = made(world, 100)
    revocations = [world.revoke(one) for one in credentials]
    assert world.redis.client.llen("revoke") >= 100
    world.redis.client.flushall()
    world.start_worker("revoke")
    world.wait_for_end(*revocations)
    assert_ended_once(world, *credentials)


def test_redis_away_and_back_in_the_middle_of_a_job(world: World, ada: Browser) -> None:
    """F7: pages answer, and within a minute of its return everything is done by workers that listen again."""
    running, *clicked = made(world, 4)
    revocations = [stopped_in_for(world, running)]
    world.redis.stop()
    revocations += [click(ada, one) for one in clicked]
    time.sleep(scale.OUTAGE_SECONDS)
    world.redis.start()
    assert world.wait_for_end(*revocations, seconds=scale.TAKEN_OVER_WITHIN) <= 60 + scale.LEASE_SECONDS
    _is_consumed_again(world)
    assert world.runs(WORKER)
    assert_ended_once(world, running, *clicked, *_consumed(world))


def stopped_in_for(world: World, credential: Credential) -> Revocation:
    """A revocation whose deletion takes two seconds, in which Redis goes."""
    world.sandbox.fault("latency", "/users/*/api-tokens/*", milliseconds=2_000, count=1)
    revocation = world.revoke(credential)
    world.wait_for_hits()
    return revocation


def _is_consumed_again(world: World) -> None:
    """A fresh message is taken from the queue, not found by a sweep."""
    world.wait("the bell can be rung again", lambda: doorbell.ring(0, "revoke"))
    world.wait("workers read the queue again", lambda: world.redis.client.llen("revoke") == 0)


def _consumed(world: World) -> list[Credential]:
    """One more, after everything is well again."""
    (credential,) = made(world, 1)
    world.wait_for_end(world.revoke(credential))
    return [credential]


def test_all_connections_to_redis_are_closed(world: World, ada: Browser) -> None:
    """F7."""
    first, *others = made(world, 4)
    revocations = [world.revoke(first)]
    for one in others:
        world.redis.disconnect_everybody()
        revocations.append(click(ada, one))
    world.wait_for_end(*revocations)
    _is_consumed_again(world)
    assert world.runs(WORKER)
    assert_ended_once(world, first, *others)


def test_a_redis_that_hangs(world: World, ada: Browser) -> None:
    """F8: a bell is tried for about two seconds, then the page answers; the work is done when Redis goes on."""
    by_page, by_hand = made(world, 2)
    page = by_page.get_absolute_url()
    assert ada.get(page).status_code == 200
    with _frozen(world):
        began = time.monotonic()
        revocations = [click(ada, by_page)]
        # Three pages and one bell; two seconds are meant, twenty are a page that hangs.
        assert time.monotonic() - began < 20
        began = time.monotonic()
        revocations.append(world.revoke(by_hand))
        assert time.monotonic() - began < 10
        assert Job.objects.filter(key__in=[one.job_key for one in revocations]).count() == 2
    world.wait_for_end(*revocations)
    assert_ended_once(world, by_page, by_hand)


@contextmanager
def _frozen(world: World) -> Iterator[None]:
    world.redis.freeze()
    try:
        yield
    finally:
        world.redis.thaw()


def test_readiness_says_that_redis_is_away(world: World, ada: Browser) -> None:
    world.redis.stop()
    try:
        told = ada.get("/readyz")
        assert (told.status_code, told.json()["redis"]) == (503, "unreachable")
        assert ada.get("/healthz").status_code == 200
    finally:
        world.redis.start()
