"""PostgreSQL restarts or is away: nothing half done, no call that nobody wrote down, and a page that says so."""

import time

import pytest

from tests.faults import scale
from tests.faults.conftest import WorldMaker
from tests.faults.effects import assert_ended_once, slowed
from tests.faults.world import Browser, World
from tokens.models import Credential, Revocation

WORKER = "worker-revoke"
DELETION = "api-tokens/<token_id>"


@pytest.fixture(scope="module")
def world(make_world: WorldMaker) -> World:
    """A world with a PostgreSQL of its own, workers and the web process."""
    world = make_world(own_postgres=True)
    world.start_web()
    world.start_worker("revoke")
    world.start_worker("default")
    return world


@pytest.fixture
def credential(world: World) -> Credential:
    return world.make_bound_credential()


@pytest.fixture
def ada(world: World) -> Browser:
    return world.browser("ada")


@pytest.mark.parametrize("request_number", [0, 1, 2])
def test_an_immediate_restart_in_the_middle_of_a_job(world: World, credential: Credential, request_number: int) -> None:
    """F9: what was committed stands, what was not is done again."""
    slowed(world, credential, 2_000, skip=request_number)
    revocation = world.revoke(credential)
    world.wait_for_hits(request_number + 1)
    world.restart_postgres(immediate=True)
    world.wait_for_end(revocation)
    assert_ended_once(world, credential)
    _is_whole(revocation)
    assert world.runs(WORKER)


def _is_whole(revocation: Revocation) -> None:
    """All that one transaction writes is there, in the order in which it happened."""
    revocation.refresh_from_db()
    assert revocation.outcome == "revoked"
    assert revocation.deletion_sent_at is not None
    assert revocation.reread_at is not None
    assert revocation.finished_at is not None
    assert revocation.deletion_sent_at <= revocation.reread_at <= revocation.finished_at


def test_away_before_the_intent_was_written_nothing_is_deleted(world: World, credential: Credential) -> None:
    """F10: the list was read; without the row that says "I am about to delete" nobody deletes."""
    slowed(world, credential, 1_500)
    revocation = world.revoke(credential)
    world.wait_for_hits()
    world.stop_postgres()
    time.sleep(1.5 + scale.OUTAGE_SECONDS)
    assert world.sandbox.requests(DELETION) == 0
    assert credential.listing_id in world.sandbox.living_tokens()
    world.start_postgres()
    world.wait_for_end(revocation)
    assert_ended_once(world, credential)
    _is_whole(revocation)


def test_away_after_the_intent_the_proof_waits(world: World, credential: Credential) -> None:
    """F10: the deletion went out with its intent on record; nothing follows until somebody can write it down."""
    slowed(world, credential, 1_500, skip=1)
    revocation = world.revoke(credential)
    world.wait_for_hits(2)
    revocation.refresh_from_db()
    assert revocation.deletion_sent_at is not None
    world.stop_postgres()
    time.sleep(1.5 + scale.OUTAGE_SECONDS)
    assert world.sandbox.requests() == 2, "no budget can be spent, so nothing is sent"
    world.start_postgres()
    world.wait_for_end(revocation)
    assert_ended_once(world, credential)


def test_a_page_says_in_plain_words_that_the_database_is_away(world: World, ada: Browser) -> None:
    """F10: no half page, no stack trace; nothing is sent on behalf of a click that was not written down."""
    credential = world.make_bound_credential()
    page = credential.get_absolute_url()
    # The pool of the web process tries again at growing intervals, also after the outages of the tests before.
    world.wait("pages answer", lambda: ada.get(page).status_code == 200)
    world.sandbox.forget_requests()
    world.stop_postgres()
    try:
        for path in ("/", page, "/signin/"):
            answer = ada.get(path)
            if path != "/signin/":
                assert answer.status_code == 503, path
                assert "Retry-After" in answer.headers
            assert "Traceback" not in answer.text
        told = ada.get(page).text
        assert ada.send(f"{page}revoke/", {"reason": "now"}).status_code in (403, 503)
        assert ada.get("/healthz").status_code == 200
        time.sleep(scale.OUTAGE_SECONDS)
        assert world.sandbox.requests() == 0
    finally:
        world.start_postgres()
    assert "database" in told.lower() or "try again" in told.lower()
    world.wait("pages answer again", lambda: ada.get(page).status_code == 200)
    assert world.state_of(credential) == "active"
    assert not credential.revocations.exists()
