"""Taking back, quarantining, ringing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models.functions import Now

from tests.workqueue.conftest import Bell
from tests.workqueue.making import change, make_job
from workqueue import runner
from workqueue.claims import LostLease, claim_job, finish
from workqueue.models import Job, JobState, Spending
from workqueue.sweeper import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bell")]

LONG_AGO = timedelta(hours=1)


def lose_worker(job: Job) -> None:
    """The job is claimed, and nobody answers in time."""
    change(job, next_attempt_at=Now())
    assert claim_job(job.pk)
    change(job, lease_until=Now() - timedelta(milliseconds=1))


def test_a_living_lease_is_left_alone() -> None:
    job = make_job()
    assert claim_job(job.pk)
    assert sweep().taken_back == 0


def test_an_expired_lease_is_taken_back_and_rung_for(bell: Bell) -> None:
    job = make_job("revoke")
    claim = claim_job(job.pk)
    assert claim is not None
    change(job, lease_until=Now() - timedelta(seconds=1))
    assert sweep().taken_back == 1
    job.refresh_from_db()
    assert (job.state, job.crashes, job.lease_until) == (JobState.QUEUED, 1, None)
    assert bell.rung == [(job.pk, "revoke")]
    with pytest.raises(LostLease), transaction.atomic():
        finish(claim)  # it wakes up, and is shut out even before somebody else took the job
    runner.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.DONE, 2)


def test_what_always_crashes_is_quarantined_after_five() -> None:
    job, healthy = make_job("crash"), make_job("plain", "healthy")
    for _ in range(4):
        lose_worker(job)
        assert sweep().quarantined == 0
    lose_worker(job)
    assert sweep().quarantined == 1
    job.refresh_from_db()
    assert (job.state, job.attempt, job.crashes) == (JobState.ERRORED, 5, 5)
    assert Group.objects.get(name__startswith="gave up one").name.endswith("it is not tried again.")
    runner.run(healthy.pk)
    healthy.refresh_from_db()
    assert healthy.state == JobState.DONE


def test_an_answer_in_between_forgives_the_crashes() -> None:
    job = make_job("raises", **{"raise": "retry"})
    for _ in range(4):
        lose_worker(job)
        sweep()
    change(job, next_attempt_at=Now())
    runner.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.crashes) == (JobState.WAITING, 0)


def test_a_quarantined_kind_that_is_unknown_here_ends_too() -> None:
    job = make_job()
    lose_worker(job)
    change(job, kind="from_a_newer_version", crashes=4)
    assert sweep().quarantined == 1
    job.refresh_from_db()
    assert job.state == JobState.ERRORED


def test_a_freshly_made_job_is_not_rung_for_twice(bell: Bell) -> None:
    job = make_job()
    assert sweep().rung == 0
    change(job, ring_again_at=Now())
    assert sweep().rung == 1
    assert bell.rung == [(job.pk, "default")]


def test_a_waiting_job_is_rung_for_when_it_is_due(bell: Bell) -> None:
    job = make_job("raises", **{"raise": "retry"})
    runner.run(job.pk)
    assert sweep().rung == 0
    change(job, next_attempt_at=Now(), ring_again_at=Now())
    assert sweep().rung == 1


def test_the_longer_nobody_comes_the_less_often_it_rings(bell: Bell) -> None:
    job = make_job()
    pauses = []
    for waited in (1, 60, 4000):
        change(job, next_attempt_at=Now() - timedelta(seconds=waited), ring_again_at=Now())
        sweep()
        job.refresh_from_db()
        found = Job.objects.annotate(now=Now()).get(pk=job.pk)
        pauses.append(round((found.ring_again_at - found.now).total_seconds()))
    assert pauses == [20, 60, 300]
    assert len(bell.rung) == 3


def test_a_dead_redis_is_tried_again_at_the_next_sweep(bell: Bell) -> None:
    job = make_job()
    change(job, ring_again_at=Now())
    bell.broken = True
    assert sweep().rung == 0
    bell.broken = False
    assert sweep().rung == 1


def test_unknown_kinds_do_not_stop_the_others(bell: Bell) -> None:
    jobs = [make_job(key=key) for key in ("strange", "known")]
    for job in jobs:
        change(job, ring_again_at=Now())
    change(jobs[0], kind="from_a_newer_version")
    sweep()
    assert bell.rung == [(jobs[1].pk, "default")]


def test_old_spending_is_forgotten() -> None:
    for hours in (1, 4):
        Spending.objects.create(host="h", principal="p", minute=Now() - timedelta(hours=hours), used=1)
    sweep()
    assert Spending.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_just_being_answered_is_not_taken_back() -> None:
    job = make_job()
    claim = claim_job(job.pk)
    assert claim is not None
    change(job, lease_until=Now() - timedelta(seconds=1))
    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        finish(claim)
        assert other.submit(_sweep_there).result(timeout=10) == 0
    job.refresh_from_db()
    assert (job.state, job.crashes) == (JobState.DONE, 0)


@pytest.mark.django_db(transaction=True)
def test_many_sweepers_take_a_job_back_once() -> None:
    jobs = [make_job(key=str(number)) for number in range(10)]
    for job in jobs:
        lose_worker(job)
    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(lambda _: _sweep_there(), range(6))) == 10
    assert set(Job.objects.values_list("crashes", "fence", "state")) == {(1, 2, "queued")}


def _sweep_there() -> int:
    try:
        return sweep().taken_back
    finally:
        connection.close()
