"""Thousands of small rows: made at once, worked through with few bells, put off together, and forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models.functions import Now

from tests.workqueue.conftest import Bell
from tests.workqueue.handlers import effects
from tests.workqueue.making import change, due_in, make_job
from workqueue import draining, runner
from workqueue.bulk import MOST_BELLS, enqueue_many, is_parked, park
from workqueue.draining import claim_next
from workqueue.kinds import kind_named
from workqueue.models import Job, JobState
from workqueue.sweeper import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bell")]


def make_many(number: int, kind: str = "unit") -> list[Job]:
    enqueue_many(kind, [(f"unit-{place}", {"place": place}) for place in range(number)])
    return list(Job.objects.filter(kind=kind).order_by("pk"))


def states() -> dict[str, int]:
    return {
        str(state): Job.objects.filter(state=state).count()
        for state in set(Job.objects.values_list("state", flat=True))
    }


def test_many_are_made_with_few_bells(bell: Bell, django_capture_on_commit_callbacks: object) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert enqueue_many("unit", [(str(place), {"place": place}) for place in range(100)]) == 100
    assert len(bell.rung) == MOST_BELLS
    job = Job.objects.get(key="7")
    assert (job.payload, job.state, job.attempt, job.result) == ({"place": 7}, JobState.QUEUED, 0, {})
    assert enqueue_many("unit", [("7", {"place": 8}), ("new", {})]) == 1
    assert Job.objects.get(key="7").payload == {"place": 7}
    assert enqueue_many("unit", []) == 0


def test_a_payload_with_anything_else_is_refused() -> None:
    with pytest.raises(TypeError):
        enqueue_many("unit", [("a", {"place": True})])


def test_one_bell_does_them_all_in_their_order() -> None:
    jobs = make_many(5)
    runner.run(jobs[3].pk)
    assert states() == {"done": 5}
    done = list(Group.objects.filter(name__startswith="unit-").order_by("pk").values_list("name", flat=True))
    assert [name.partition(" ")[0] for name in done] == ["unit-3", "unit-0", "unit-1", "unit-2", "unit-4"]


def test_a_bell_for_one_that_is_done_still_does_the_others() -> None:
    jobs = make_many(3)
    change(jobs[0], state=JobState.DONE, ended_at=Now())
    runner.run(jobs[0].pk)
    assert states() == {"done": 3}


def test_when_nothing_is_left_more_is_asked_for(bell: Bell) -> None:
    jobs = make_many(2, "refilled")
    runner.run(jobs[0].pk)
    assert Group.objects.filter(name__startswith="ran dry").count() == 1
    assert bell.rung == []


def test_a_slice_ends_and_rings_for_the_next(bell: Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "SLICE_SECONDS", 0)
    jobs = make_many(3)
    runner.run(jobs[0].pk)
    assert states() == {"done": 1, "queued": 2}
    assert bell.rung == [(jobs[1].pk, "default")]


def test_others_get_their_turn(bell: Bell) -> None:
    jobs = make_many(3)
    other = make_job("plain")
    runner.run(jobs[0].pk)
    assert states() == {"done": 1, "queued": 3}
    assert bell.rung == [(jobs[1].pk, "default")]
    runner.run(other.pk)
    runner.run(jobs[1].pk)
    assert states() == {"done": 4}


def test_another_queues_work_is_not_waited_for() -> None:
    jobs = make_many(2)
    make_job("revoke")
    runner.run(jobs[0].pk)
    assert states() == {"done": 2, "queued": 1}


def test_what_fails_waits_and_the_others_go_on() -> None:
    jobs = make_many(3)
    change(jobs[1], payload={"raise": "retry_in_an_hour"})
    runner.run(jobs[0].pk)
    assert states() == {"done": 2, "waiting": 1}


def test_the_sweeper_rings_once_for_all_of_them(bell: Bell) -> None:
    jobs = make_many(50)
    assert sweep().rung == 1
    assert bell.rung == [(jobs[0].pk, "default")]


def test_a_lost_lease_is_taken_back_and_done_again() -> None:
    jobs = make_many(2)
    assert claim_next(kind_named("unit"))
    change(jobs[0], lease_until=Now() - timedelta(seconds=1))
    assert sweep().taken_back == 1
    runner.run(jobs[1].pk)
    assert states() == {"done": 2}


def test_put_off_together() -> None:
    jobs = make_many(3)
    enqueue_many("unit", [("other-1", {})])
    assert park("unit", "unit-", pause=timedelta(minutes=10), because="busy") == 3
    assert is_parked("unit", "unit-")
    assert not is_parked("unit", "other-")
    assert 590 < due_in(jobs[0]) <= 600
    assert park("unit", "unit-", pause=timedelta(minutes=1), because="busy") == 0  # never earlier than before
    runner.run(jobs[0].pk)
    assert states() == {"waiting": 3, "done": 1}


def test_old_ends_are_forgotten_where_the_kind_says_so() -> None:
    kept = [make_job("plain"), make_job("unit", "young"), make_job("unit", "person")]
    old = [make_job("unit", f"old-{state}") for state in (JobState.DONE, JobState.FAILED, JobState.SKIPPED)]
    for job, state in zip(old, (JobState.DONE, JobState.FAILED, JobState.SKIPPED), strict=True):
        change(job, state=state, ended_at=Now() - timedelta(hours=7))
    change(kept[0], state=JobState.DONE, ended_at=Now() - timedelta(days=900))
    change(kept[1], state=JobState.DONE, ended_at=Now() - timedelta(hours=5))
    change(kept[2], state=JobState.NEEDS_HUMAN, ended_at=Now() - timedelta(days=900))
    sweep()
    assert set(Job.objects.values_list("pk", flat=True)) == {job.pk for job in kept}


@pytest.mark.django_db(transaction=True)
def test_many_workers_share_them_and_none_is_done_twice() -> None:
    with transaction.atomic():
        jobs = make_many(40)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(_run_there, [job.pk for job in jobs[:4]]))
    assert states() == {"done": 40}
    assert [effects(job.key) for job in jobs] == [1] * 40
    assert set(Job.objects.values_list("attempt", flat=True)) == {1}


def _run_there(job_id: int) -> None:
    try:
        runner.run(job_id)
    finally:
        connection.close()
