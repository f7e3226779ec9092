"""What the other side may answer while a credential is ended: limits, errors, refusals, nonsense and lies."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from accounts.models import Notification
from tests.faults import scale
from tests.faults.effects import assert_ended_once, assert_never_revoked
from tests.faults.moments import http_date
from tests.faults.stand_in import TOKENS_OF
from tests.faults.world import World
from tokens.inventory.moments import database_now
from tokens.models import Credential
from workqueue.models import Job, JobState

DELETION = "api-tokens/<token_id>"
ANY_DELETION = "/users/*/api-tokens/*"


@pytest.fixture(scope="module", autouse=True)
def _workers(world: World) -> None:
    world.start_worker("revoke")


@pytest.fixture
def credential(world: World) -> Credential:
    return world.make_bound_credential()


@pytest.fixture
def other(world: World) -> Credential:
    """Somebody else's, which must go on whatever happens to the first one."""
    return world.make_bound_credential("lee")


def break_list(world: World, credential: Credential, kind: str, **more: Any) -> None:
    """Break the list of the holder's tokens."""
    path = TOKENS_OF.format(credential.known_holder.account_id)
    world.sandbox.fault(kind, path, **more)


WISHES = {
    "an hour": ("3600", 3_600, 5_000),
    "none": (None, 2, 4),
    "a date": ("date", 1_790, 2_600),
    "negative": ("-5", 2, 4),
    "ages": (str(10**9), 3_600, 5_000),
}


@pytest.mark.parametrize("name", WISHES)
def test_a_limit_is_kept(world: World, credential: Credential, other: Credential, name: str) -> None:
    """F11: no call before its time, no wait without an end, and nobody else waits."""
    wish, least, most = WISHES[name]
    wish = http_date(1_800) if wish == "date" else wish
    break_list(world, credential, "status", status=429, retry_after=wish, count=1)
    began = database_now()
    revocation = world.revoke(credential)
    world.wait("it waits", lambda: world.job(revocation).state == JobState.WAITING)
    pause = (world.job(revocation).next_attempt_at - began).total_seconds()
    assert least <= pause <= most + scale.SWEEP_SECONDS * 4
    world.wait_for_end(world.revoke(other))
    if least > 60:
        assert world.sandbox.requests("api-tokens", method="GET") == 1 + 2, "one that was refused, two for the other"
    world.hurry_to_end(revocation)
    assert_ended_once(world, credential, other)


def test_what_fails_for_a_while_is_tried_again_and_then_left_alone(world: World, credential: Credential) -> None:
    """F12."""
    for status in (500, 502, 503):
        world.sandbox.fault("status", ANY_DELETION, method="DELETE", status=status, count=1)
    revocation = world.revoke(credential)
    world.hurry_to_end(revocation)
    assert_ended_once(world, credential)
    assert [world.sandbox.requests(DELETION, status=one) for one in (500, 502, 503, 204)] == [1] * 4
    sent = world.sandbox.requests()
    world.let_time_pass()
    _some_sweeps_pass(world)
    assert world.sandbox.requests() == sent


def _some_sweeps_pass(world: World) -> None:
    """A later job is found by a sweep, so earlier ones would have been."""
    now = database_now()
    sweeps = Job.objects.create(kind="unknown here", key=str(now), next_attempt_at=now, ring_again_at=now)

    def was_swept() -> bool:
        sweeps.refresh_from_db()
        return sweeps.ring_again_at > now

    world.wait("a sweep", was_swept)
    sweeps.delete()


REFUSALS: dict[str, dict[str, Any]] = {
    "401": {"status": 401},
    "403 for a scope": {"status": 403, "body": "Your credentials lack one or more required privilege scopes."},
    "403 for this person": {"status": 403},
}


@pytest.mark.parametrize("where", ["list", "deletion", "list again"])
@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_asks_a_person_and_the_others_go_on(
    world: World, credential: Credential, other: Credential, name: str, where: str
) -> None:
    """F13."""
    if where == "deletion":
        path = TOKENS_OF.format(credential.known_holder.account_id) + "/*"
        world.sandbox.fault("status", path, method="DELETE", **REFUSALS[name])
    else:
        break_list(world, credential, "status", skip=int(where == "list again"), **REFUSALS[name])
    world.wait_for_end(world.revoke(credential), world.revoke(other))
    assert (world.state_of(credential), world.state_of(other)) == ("needs_human", "revoked")
    assert_never_revoked(world, credential)
    assert len(world.events("credential:revocation_failed", credential)) == 1
    assert Notification.objects.filter(subject__contains=credential.name).exists()


@pytest.mark.parametrize("again", [0, 1], ids=["list", "list again"])
@pytest.mark.parametrize("kind", ["malformed", "html", "empty", "wrong_types", "truncated"])
def test_an_answer_that_is_none_proves_nothing(world: World, credential: Credential, kind: str, again: int) -> None:
    """F15: before the deletion nothing is deleted, after it nobody says "revoked"."""
    break_list(world, credential, kind, skip=again)
    revocation = world.revoke(credential)
    world.wait("it waits", lambda: world.job(revocation).state == JobState.WAITING)
    assert_never_revoked(world, credential)
    assert world.sandbox.requests(DELETION) == again
    world.sandbox.no_faults()
    world.hurry_to_end(revocation)
    assert_ended_once(world, credential)


def test_an_answer_that_was_lost_on_its_way(world: World, credential: Credential) -> None:
    """F3, F14: it was deleted, and we were told that it failed: the list is read again, nothing is deleted twice."""
    world.sandbox.fault("done_then_status", ANY_DELETION, method="DELETE", status=502)
    revocation = world.revoke(credential)
    world.hurry_to_end(revocation)
    assert (world.state_of(credential), len(world.events("credential:revoked", credential))) == ("revoked", 1)
    assert world.sandbox.requests(DELETION) == 1


def test_a_204_that_keeps_the_token_never_says_revoked(world: World, credential: Credential) -> None:
    world.sandbox.fault("keep", ANY_DELETION, method="DELETE")
    revocation = world.revoke(credential)
    for attempt in range(1, 4):
        world.let_time_pass()
        world.wait(f"attempt {attempt}", lambda least=attempt: world.job(revocation).attempt >= least)  # type: ignore[misc]
        assert_never_revoked(world, credential)
    Job.objects.filter(key=revocation.job_key).update(first_due_at=Now() - timedelta(hours=25))
    world.hurry_to_end(revocation)
    assert (world.state_of(credential), world.job(revocation).state) == ("needs_human", JobState.NEEDS_HUMAN)
    assert credential.listing_id in world.sandbox.living_tokens()
    assert_never_revoked(world, credential)


@pytest.mark.parametrize("request_number", [0, 1, 2])
def test_a_key_that_lost_its_right_is_no_proof(world: World, credential: Credential, request_number: int) -> None:
    """F27: from one of its requests on everything answers 404, which looks like a token that is gone."""
    world.sandbox.fault("lost_admin", "/users/*", skip=request_number)
    revocation = world.revoke(credential)
    world.hurry_to_end(revocation)
    assert (world.state_of(credential), world.job(revocation).state) == ("needs_human", JobState.DONE)
    assert_never_revoked(world, credential)
    revocation.refresh_from_db()
    assert revocation.outcome == "needs_human"
    assert (credential.listing_id in world.sandbox.living_tokens()) is (request_number < 2)
    world.sandbox.no_faults()
    world.hurry_to_end(world.revoke(credential))
    assert world.state_of(credential) == ("revoked" if request_number < 2 else "gone")
