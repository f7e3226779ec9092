"""Deploy keys: never two where one was approved, never one without a row, never "revoked" what still works."""

import pytest
from django.db import connection, transaction

from tests.faults import scale
from tests.faults.key_desk import KEYS, KeyDesk, key_desk
from tests.faults.world import World
from tokens.models import Circuit, Credential, KeyRegistration, Revocation
from workqueue import doorbell

WORKER, OTHER = "worker-revoke", "other-revoke"


@pytest.fixture
def desk(world: World) -> KeyDesk:
    """One worker that holds the bot's token, and no key with a code at Bitbucket."""
    if world.runs(OTHER):
        world.kill(OTHER)
    if not world.runs(WORKER):
        world.start_worker("revoke")
    made = key_desk(world)
    made.clear()
    made.count = KeyRegistration.objects.count() * 2
    world.sandbox.forget_requests()
    return made


def _somebody_waits_for_a_row() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        return cursor.fetchone() is not None


# --- adding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("request_number", [0, 1, 2])
def test_a_child_killed_while_it_adds(world: World, desk: KeyDesk, request_number: int) -> None:
    """F1; in the third request the key is there and nothing of that is committed (F3)."""
    desk.stopped_in(request_number)
    row = desk.approve()
    world.wait_for_hits(request_number + 1)
    assert world.kill_children(WORKER)
    desk.wait_for(row)
    desk.assert_added_once(row, posts=1)


def test_a_child_killed_between_the_proof_of_a_key_and_the_commit(world: World, desk: KeyDesk) -> None:
    """F3: added, read again, there; the transaction that says so waits for a row, and its process dies."""
    world.sandbox.fault("latency", KEYS, milliseconds=1_000, skip=2, count=1)
    row = desk.approve()
    world.wait_for_hits(3)
    with transaction.atomic():
        KeyRegistration.objects.select_for_update().get(pk=row.pk)
        world.wait("the worker's commit waits for the row", _somebody_waits_for_a_row)
        world.kill_children(WORKER)
    desk.wait_for(row)
    desk.assert_added_once(row, posts=1)


def test_a_whole_worker_killed_after_it_sent_the_key(world: World, desk: KeyDesk) -> None:
    """F2."""
    desk.stopped_in(2)
    row = desk.approve()
    world.wait_for_hits(3)
    world.kill(WORKER)
    world.start_worker("revoke", OTHER)
    desk.wait_for(row)
    desk.assert_added_once(row, posts=1)


def test_an_adding_delivered_ten_times_at_once(world: World, desk: KeyDesk) -> None:
    """F19."""
    world.start_worker("revoke", OTHER)
    world.sandbox.fault("latency", KEYS, milliseconds=500)
    row = desk.approve()
    job = desk.job(row)
    for _ in range(10):
        assert doorbell.ring(job.pk, "revoke")
    desk.wait_for(row)
    world.wait("all ten are taken", lambda: world.redis.client.llen("revoke") == 0)
    desk.assert_added_once(row, posts=1)
    assert desk.job(row).attempt == 1


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_key_that_was_added_although_the_answer_says_no(world: World, desk: KeyDesk, status: int) -> None:
    """F12, with the worst of it: it was done, and the answer was an error."""
    world.sandbox.fault("done_then_status", KEYS, method="POST", status=status, count=1)
    row = desk.approve()
    desk.wait_for(row, hurry=True)
    desk.assert_added_once(row)
    assert world.sandbox.requests("deploy-keys", method="POST") == 1, "it was sent again"


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_bot_adds_nothing_and_asks_people(world: World, desk: KeyDesk, status: int) -> None:
    """F13."""
    world.sandbox.fault("status", KEYS, method="POST", status=status)
    row = desk.approve()
    desk.wait_for(row)
    row.refresh_from_db()
    assert (row.outcome, row.request.state) == ("needs_human", "approved")
    assert desk.held() == []
    _open_circuits_again()


def test_a_bot_that_lost_its_right_adds_nothing(world: World, desk: KeyDesk) -> None:
    """F27: every read and change answers 404."""
    world.sandbox.fault("lost_admin", "*")
    row = desk.approve()
    desk.wait_for(row)
    row.refresh_from_db()
    assert row.outcome == "needs_human"
    assert not Credential.objects.filter(request=row.request).exists()


# --- replacing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("request_number", [1, 2])
def test_a_child_killed_while_it_adds_the_newer_key(world: World, desk: KeyDesk, request_number: int) -> None:
    """F1, F3: the older one goes on working, and there is one newer one."""
    older = desk.add()
    world.sandbox.forget_requests()
    desk.stopped_in(request_number)
    row = desk.rotate(older)
    world.wait_for_hits(request_number + 1)
    assert world.kill_children(WORKER)
    desk.wait_for(row)
    desk.assert_added_once(row, posts=1)
    older.refresh_from_db()
    assert (older.state, len(desk.held())) == ("rotating", 2)


def test_the_replaced_one_is_retired_once(world: World, desk: KeyDesk) -> None:
    """F1, F3 on the deletion of the older key."""
    older = desk.add()
    desk.wait_for(desk.rotate(older))
    older.refresh_from_db()
    desk.stopped_in(2)
    revocation = desk.revoke(older)
    world.wait_for_hits(3)
    assert world.kill_children(WORKER)
    desk.wait_for(revocation)
    desk.assert_deleted_once(older, state="retired")
    assert len(desk.held()) == 1


# --- deleting --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("request_number", [0, 1, 2])
def test_a_child_killed_while_it_deletes(world: World, desk: KeyDesk, request_number: int) -> None:
    """F1; in the third request the deletion was answered with 204 and nothing of that is committed (F3)."""
    credential = desk.add()
    desk.stopped_in(request_number)
    revocation = desk.revoke(credential)
    world.wait_for_hits(request_number + 1)
    assert world.kill_children(WORKER)
    desk.wait_for(revocation)
    desk.assert_deleted_once(credential)


def test_a_child_killed_between_the_proof_of_an_end_and_the_commit(world: World, desk: KeyDesk) -> None:
    """F3."""
    credential = desk.add()
    world.sandbox.fault("latency", KEYS, milliseconds=1_000, skip=2, count=1)
    revocation = desk.revoke(credential)
    world.wait_for_hits(3)
    with transaction.atomic():
        Revocation.objects.select_for_update().get(pk=revocation.pk)
        world.wait("the worker's commit waits for the row", _somebody_waits_for_a_row)
        world.kill_children(WORKER)
    desk.wait_for(revocation)
    desk.assert_deleted_once(credential)


def test_a_deletion_delivered_ten_times_at_once(world: World, desk: KeyDesk) -> None:
    """F19."""
    world.start_worker("revoke", OTHER)
    credential = desk.add()
    world.sandbox.fault("latency", KEYS, milliseconds=500)
    revocation = desk.revoke(credential)
    job = desk.job(revocation)
    for _ in range(10):
        assert doorbell.ring(job.pk, "revoke")
    desk.wait_for(revocation)
    desk.assert_deleted_once(credential)
    assert desk.job(revocation).attempt == 1


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_deletion_that_happened_although_the_answer_says_no(world: World, desk: KeyDesk, status: int) -> None:
    """F12."""
    credential = desk.add()
    world.sandbox.fault("done_then_status", KEYS, method="DELETE", status=status, count=1)
    revocation = desk.revoke(credential)
    desk.wait_for(revocation, hurry=True)
    desk.assert_deleted_once(credential)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_bot_deletes_nothing_and_asks_people(world: World, desk: KeyDesk, status: int) -> None:
    """F13."""
    credential = desk.add()
    world.sandbox.fault("status", KEYS, method="DELETE", status=status)
    desk.wait_for(desk.revoke(credential))
    _assert_still_alive(desk, credential)
    _open_circuits_again()


def test_a_bot_that_lost_its_right_never_says_revoked(world: World, desk: KeyDesk) -> None:
    """F27: a 404 proves nothing."""
    credential = desk.add()
    world.sandbox.fault("lost_admin", "*")
    desk.wait_for(desk.revoke(credential))
    _assert_still_alive(desk, credential)


def test_a_204_that_keeps_the_key_is_never_called_revoked(world: World, desk: KeyDesk) -> None:
    credential = desk.add()
    world.sandbox.fault("keep", KEYS, method="DELETE")
    desk.wait_for(desk.revoke(credential), hurry=True)
    _assert_still_alive(desk, credential)


def _assert_still_alive(desk: KeyDesk, credential: Credential) -> None:
    credential.refresh_from_db()
    assert credential.state == "needs_human", f"{credential.state}\n{desk.world.report()}"
    assert len(desk.held()) == 1


def _open_circuits_again() -> None:
    """The next test's bot is not to be shut out by this one's."""
    Circuit.objects.all().delete()


def test_seeded_kills_of_keys(world: World, desk: KeyDesk) -> None:
    """Whatever is killed when: one key for each approval, and none of those that were deleted."""
    rows = [desk.approve() for _ in range(scale.SEEDED_REVOCATIONS // 5)]
    for _ in range(len(rows) // 2):
        world.wait("some work is done", lambda: bool(world.children_of(WORKER)), seconds=scale.PATIENCE_SECONDS)
        world.kill_children(WORKER)
    desk.wait_for(*rows, hurry=True)
    desk.assert_added_once(*rows)
    credentials = [Credential.objects.get(request=row.request_id) for row in rows]
    revocations = [desk.revoke(one) for one in credentials]
    for _ in range(len(rows) // 2):
        world.kill_children(WORKER)
        world.wait("the worker has children again", lambda: bool(world.children_of(WORKER)))
    desk.wait_for(*revocations, hurry=True)
    desk.assert_deleted_once(*credentials)
    assert desk.held() == []
