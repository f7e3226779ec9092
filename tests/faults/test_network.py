"""Connections that are refused, never made, half open, slow, endless or cut: a call ends, the unknown is read again."""

from collections.abc import Callable

import pytest

from tests.faults.conftest import WorldMaker
from tests.faults.effects import assert_ended_once, assert_never_revoked
from tests.faults.proxy import Manner
from tests.faults.stand_in import TOKENS_OF
from tests.faults.world import World
from tokens.models import Credential, Revocation
from workqueue.models import JobState

DELETION = "api-tokens/<token_id>"
A_CALL_SECONDS = 15.0
MARGIN_SECONDS = 10.0  # a machine with other work, two sweeps, and no test that depends on time
MOST_BYTES = 5 * 1024 * 1024
BUFFERED_BYTES = 16 * 1024 * 1024  # what the system may hold on the way, in both directions
LIST, DELETE = b"GET ", b"DELETE "


@pytest.fixture(scope="module")
def world(make_world: WorldMaker) -> World:
    """The worker reaches the organisation through the proxy; a lease outlives a slow call, as in production."""
    world = make_world(proxied=("ATLASSIAN_API_URL",), environment={"FAULTS_LEASE_SECONDS": "60"})
    world.start_worker("revoke")
    return world


@pytest.fixture
def credential(world: World) -> Credential:
    return world.make_bound_credential()


SLOW: dict[str, Callable[[World, bytes], None]] = {
    "refused": lambda world, only: world.proxy.behave(Manner.REFUSE),
    "never established": lambda world, only: world.proxy.behave(Manner.STALL),
    "half open": lambda world, only: world.proxy.behave(Manner.HALF_OPEN, only=only),
    "slow loris": lambda world, only: world.proxy.behave(Manner.DRIP, only=only, seconds=0.5),
    "cut": lambda world, only: world.proxy.behave(Manner.CUT, only=only, after_bytes=20),
}


def attempted(world: World, credential: Credential) -> tuple[Revocation, float]:
    """A revocation whose first attempt failed, and how long that took, its way through Redis included."""
    revocation = world.revoke(credential)
    return revocation, world.wait("an attempt has failed", lambda: _waits(world, revocation))


def _waits(world: World, revocation: Revocation) -> bool:
    job = world.job(revocation)
    return (job.state, job.attempt) == (JobState.WAITING, 1)


@pytest.mark.parametrize("name", SLOW)
def test_a_list_that_does_not_come_ends_in_time(world: World, credential: Credential, name: str) -> None:
    """F14: fifteen seconds a call, whatever the network does."""
    SLOW[name](world, LIST)
    revocation, seconds = attempted(world, credential)
    assert seconds <= A_CALL_SECONDS + MARGIN_SECONDS
    assert world.sandbox.requests(DELETION) == 0
    assert_never_revoked(world, credential)
    world.proxy.behave(Manner.PASS)
    world.hurry_to_end(revocation)
    assert_ended_once(world, credential)
    assert world.job(revocation).crashes == 0


def test_an_answer_without_an_end_is_cut_off(world: World, credential: Credential) -> None:
    """F14: five megabytes a call."""
    path = TOKENS_OF.format(credential.known_holder.account_id)
    world.sandbox.fault("endless", path, count=1)
    before = world.proxy.delivered
    revocation, seconds = attempted(world, credential)
    assert seconds <= A_CALL_SECONDS + MARGIN_SECONDS
    assert "larger than 5 MiB" in world.job(revocation).reason
    assert MOST_BYTES <= world.proxy.delivered - before <= MOST_BYTES + BUFFERED_BYTES
    world.hurry_to_end(revocation)
    assert_ended_once(world, credential)


@pytest.mark.parametrize(("manner", "happened"), [(Manner.SWALLOW, 1), (Manner.CUT, 1), (Manner.HALF_OPEN, 0)])
def test_a_deletion_of_unknown_outcome_is_read_again(
    world: World, credential: Credential, manner: Manner, happened: int
) -> None:
    """F14: it may have happened or not; the list says which, and it is deleted once."""
    world.proxy.behave(manner, only=DELETE, after_bytes=5)
    revocation, seconds = attempted(world, credential)
    assert seconds <= A_CALL_SECONDS + MARGIN_SECONDS
    assert (credential.listing_id not in world.sandbox.living_tokens()) is bool(happened)
    assert_never_revoked(world, credential)
    revocation.refresh_from_db()
    assert revocation.deletion_sent_at is not None
    world.proxy.behave(Manner.PASS)
    world.hurry_to_end(revocation)
    assert_ended_once(world, credential)
    assert world.sandbox.requests(DELETION) == 1
