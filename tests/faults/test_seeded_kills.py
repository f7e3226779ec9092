"""Many revocations while workers die at random: nothing is lost or done twice, and nothing is said that is not so."""

import os
import random
import signal
import time

import pytest

from tests.faults import scale
from tests.faults.effects import assert_ended_once
from tests.faults.world import World
from tokens.models import Credential, Revocation
from workqueue.models import Job, JobState

# Another number, another order of kills: FAULTS_SEED=2 make faults
SEED = int(os.environ.get("FAULTS_SEED", "1"))
WORKERS = ("worker-revoke", "other-revoke")
PEOPLE = ("emma", "lee", "aria")
AT_ONCE = 10
LATENCY_MILLISECONDS = 150


class Killer:
    """Kills as the seed says, and lets workers come back. A killing here is one process that dies in the middle.

    Args:
        world: whose workers.
        seed: of the order of things.
    """

    def __init__(self, world: World, seed: int) -> None:
        self._world, self._random = world, random.Random(seed)
        self.kills = 0

    def strike(self) -> None:
        """Wait for a moment that nobody chose, then kill."""
        time.sleep(self._random.uniform(0.05, 0.6))
        name = self._random.choice(WORKERS)
        if not self._world.runs(name):
            self._world.start_worker("revoke", name)
        elif self._random.random() < 0.15:
            self._world.kill(name)
            self.kills += 1
        else:
            self._kill_child(name)

    def _kill_child(self, name: str) -> None:
        for pid in self._world.children_of(name)[:1]:
            os.kill(pid, signal.SIGKILL)
            self.kills += 1

    def relent(self) -> None:
        """Let every worker live."""
        for name in WORKERS:
            if not self._world.runs(name):
                self._world.start_worker("revoke", name)


@pytest.fixture
def killer(world: World) -> Killer:
    for name in WORKERS:
        world.start_worker("revoke", name)
    return Killer(world, SEED)


def test_nothing_is_lost_or_done_twice_while_workers_are_killed(world: World, killer: Killer) -> None:
    """As many kills as revocations."""
    world.sandbox.fault("latency", "/users/*", milliseconds=LATENCY_MILLISECONDS)
    credentials: list[Credential] = []
    revocations: list[Revocation] = []
    while killer.kills < scale.SEEDED_REVOCATIONS:
        while len(revocations) < scale.SEEDED_REVOCATIONS and _open(revocations) < AT_ONCE:
            credentials.append(world.make_bound_credential(PEOPLE[len(credentials) % len(PEOPLE)]))
            revocations.append(world.revoke(credentials[-1]))
        killer.strike()
    while len(revocations) < scale.SEEDED_REVOCATIONS:
        credentials.append(world.make_bound_credential())
        revocations.append(world.revoke(credentials[-1]))
    killer.relent()
    world.wait_for_end(*revocations, seconds=scale.PATIENCE_SECONDS * 2)
    _assert_all_true(world, credentials)


def _open(revocations: list[Revocation]) -> int:
    keys = [one.job_key for one in revocations]
    return Job.objects.filter(key__in=keys, ended_at=None).count()


def _assert_all_true(world: World, credentials: list[Credential]) -> None:
    """Each is revoked and gone, or was lost too often in a row and waits for a person; nobody says more than is so."""
    put_aside = [one for one in credentials if _job(one).state == JobState.ERRORED]
    for credential in put_aside:
        assert world.state_of(credential) == "needs_human"
        assert not world.events("credential:revoked", credential)
    assert len(put_aside) <= len(credentials) // 10, "five kills in a row of one and the same job are rare"
    for credential in put_aside:
        world.wait_for_end(world.revoke(credential))
        # It may have been deleted in the attempt that nobody heard of: then it is gone, not revoked by this try.
        assert world.state_of(credential) in ("revoked", "gone")
    rest = [one for one in credentials if one not in put_aside]
    living = world.sandbox.living_tokens()
    assert not [one for one in credentials if one.listing_id in living]
    assert_ended_once(world, *rest, deletions=len(credentials))


def _job(credential: Credential) -> Job:
    return Job.objects.get(key=credential.revocations.get().job_key)
