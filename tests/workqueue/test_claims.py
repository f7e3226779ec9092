"""Making jobs, taking them, answering for them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from tests.workqueue.conftest import Bell
from tests.workqueue.making import change, due_in, make_job
from workqueue.claims import Claim, LostLease, claim_job, enqueue, finish, postpone
from workqueue.kinds import UnknownKind
from workqueue.models import END_STATES, Job, JobState

pytestmark = pytest.mark.django_db


def claimed(**payload: int | str) -> tuple[Job, Claim]:
    job = make_job("plain", "one", **payload)
    claim = claim_job(job.pk)
    assert claim is not None
    return job, claim


def _assert_shut_out(claim: Claim) -> None:
    with pytest.raises(LostLease), transaction.atomic():
        finish(claim)
    with pytest.raises(LostLease), transaction.atomic():
        postpone(claim, at=timedelta(1), reason="")


def state_of(job: Job) -> str:
    job.refresh_from_db()
    return job.state


def test_the_same_key_is_the_same_job(bell: Bell) -> None:
    first = enqueue("plain", key="revoke:7", payload={"credential": 7})
    again = enqueue("plain", key="revoke:7", payload={"credential": 8})
    other = enqueue("revoke", key="revoke:7", payload={})
    assert first.pk == again.pk != other.pk
    assert again.payload == {"credential": 7}
    assert Job.objects.count() == 2


def test_the_bell_rings_once_and_after_the_commit(bell: Bell, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue("revoke", key="one", payload={})
        enqueue("revoke", key="one", payload={})
        assert bell.rung == []
    assert bell.rung == [(job.pk, "revoke")]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_neither_made_nor_rung(bell: Bell) -> None:
    with transaction.atomic():
        make_job()
        transaction.set_rollback(True)
    assert bell.rung == []
    assert not Job.objects.exists()


def test_a_job_for_later_waits_in_silence(bell: Bell, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue("plain", key="one", payload={}, at=timezone.now() + timedelta(hours=1))
    assert bell.rung == []
    assert claim_job(job.pk) is None
    assert 3500 < due_in(job) < 3600


def test_an_unknown_kind_or_an_odd_payload_is_refused_at_once() -> None:
    with pytest.raises(UnknownKind):
        enqueue("unheard_of", key="one", payload={})
    for odd in (1.5, True, None, ["x"]):
        with pytest.raises(TypeError):
            enqueue("plain", key="one", payload={"odd": odd})  # type: ignore[dict-item]


def test_a_claim_says_what_to_do() -> None:
    job, claim = claimed(credential=7)
    assert (claim.job_id, claim.kind, claim.key, claim.payload) == (job.pk, "plain", "one", {"credential": 7})
    assert (claim.attempt, claim.fence, claim.created_at) == (1, 1, job.created_at)
    assert state_of(job) == JobState.RUNNING
    assert job.lease_until is not None


def test_a_job_is_taken_once() -> None:
    job, _ = claimed()
    assert claim_job(job.pk) is None


@pytest.mark.parametrize("state", END_STATES)
def test_an_ended_job_is_not_taken(state: JobState) -> None:
    job = make_job()
    change(job, state=state)
    assert claim_job(job.pk) is None


def test_what_is_unknown_is_not_taken() -> None:
    assert claim_job(12345) is None
    job = make_job()
    change(job, kind="from_a_newer_version")
    assert claim_job(job.pk) is None
    assert state_of(job) == JobState.QUEUED


@pytest.mark.django_db(transaction=True)
def test_of_many_claims_at_once_one_wins(bell: Bell) -> None:
    jobs = [make_job(key=str(number)) for number in range(5)]
    together = Barrier(8, timeout=20)

    def take(_: int) -> list[Claim | None]:
        try:
            connection.ensure_connection()
            together.wait()
            return [claim_job(job.pk) for job in jobs]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        claims = [claim for taken in pool.map(take, range(8)) for claim in taken if claim]
    assert sorted(claim.job_id for claim in claims) == sorted(job.pk for job in jobs)
    assert {claim.attempt for claim in claims} == {1}


def test_finishing_keeps_result_and_reason() -> None:
    job, claim = claimed()
    with transaction.atomic():
        finish(claim, state=JobState.FAILED, reason="it said no", result={"status": 403})
    assert state_of(job) == JobState.FAILED
    assert (job.reason, job.result, job.lease_until) == ("it said no", {"status": 403}, None)
    assert job.ended_at is not None


def test_a_job_ends_once() -> None:
    _, claim = claimed()
    with transaction.atomic():
        finish(claim)
    _assert_shut_out(claim)


def test_only_an_end_is_an_end() -> None:
    _, claim = claimed()
    with pytest.raises(ValueError, match="cannot end as waiting"), transaction.atomic():
        finish(claim, state=JobState.WAITING)


@pytest.mark.django_db(transaction=True)
def test_an_answer_belongs_into_a_transaction(bell: Bell) -> None:
    job, claim = claimed()
    with pytest.raises(TransactionManagementError):
        finish(claim)
    with transaction.atomic():
        finish(claim)
        transaction.set_rollback(True)
    assert state_of(job) == JobState.RUNNING


def test_a_stale_claim_can_neither_finish_nor_postpone() -> None:
    """Its lease ran out, somebody else holds the job: whatever it does is rolled back with its transaction."""
    job, stale = claimed()
    change(job, state=JobState.QUEUED, lease_until=None, fence=job.fence + 1)
    fresh = claim_job(job.pk)
    assert fresh is not None
    _assert_shut_out(stale)
    with transaction.atomic():
        finish(fresh)
    assert state_of(job) == JobState.DONE


def test_postponing_waits_by_the_databases_clock() -> None:
    job, claim = claimed()
    with transaction.atomic():
        postpone(claim, at=timedelta(minutes=5), reason="not listed yet")
    assert state_of(job) == JobState.WAITING
    assert job.reason == "not listed yet"
    assert 295 < due_in(job) <= 300
    assert claim_job(job.pk) is None
    change(job, next_attempt_at=Now())
    again = claim_job(job.pk)
    assert again is not None
    assert (again.attempt, again.fence) == (2, 2)


def test_postponing_to_a_moment() -> None:
    job, claim = claimed()
    moment = timezone.now() + timedelta(days=2)
    with transaction.atomic():
        postpone(claim, at=moment, reason="")
    assert state_of(job) == JobState.WAITING
    assert job.next_attempt_at == moment
