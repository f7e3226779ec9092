"""One attempt, and every way it can go."""

import logging
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models.functions import Now

from tests.workqueue.conftest import Bell
from tests.workqueue.handlers import CANARY, effects
from tests.workqueue.making import age, change, due_in, make_job
from workqueue import runner
from workqueue.claims import Claim, LostLease, finish
from workqueue.models import Job, JobState

pytestmark = pytest.mark.django_db


def run(job: Job) -> Job:
    runner.run(job.pk)
    job.refresh_from_db()
    return job


def run_when_due(job: Job) -> Job:
    change(job, next_attempt_at=Now())
    return run(job)


def gave_up() -> list[str]:
    return list(Group.objects.filter(name__startswith="gave up").values_list("name", flat=True))


def test_returning_is_being_done() -> None:
    job = run(make_job("plain"))
    assert (job.state, job.attempt, job.lease_until) == (JobState.DONE, 1, None)


def test_an_effect_and_the_end_come_together_and_once() -> None:
    job = make_job("effect", "e")
    for _ in range(3):
        run(job)
    assert (job.state, job.result, effects("e")) == (JobState.DONE, {"attempt": 1}, 1)


def test_a_handler_may_answer_by_itself() -> None:
    assert run(make_job("answers", "skip")).state == JobState.SKIPPED
    later = run(make_job("answers", "later", postpone=1))
    assert (later.state, later.reason) == (JobState.WAITING, "later")


@pytest.mark.parametrize(
    ("problem", "state", "reason"),
    [
        ("person", JobState.NEEDS_HUMAN, "two entries fit"),
        ("refused", JobState.FAILED, "it said no"),
    ],
)
def test_endings_that_are_no_bug(problem: str, state: JobState, reason: str) -> None:
    job = run(make_job("raises", **{"raise": problem}))
    assert (job.state, job.reason) == (state, reason)
    assert gave_up() == []  # the handler decided that itself


def test_trying_again_takes_longer_each_time() -> None:
    job = run(make_job("raises", **{"raise": "retry"}))
    assert (job.state, job.reason) == (JobState.WAITING, "busy")
    assert 2 < due_in(job) <= 5
    for least in (5, 10, 20):
        run_when_due(job)
        assert least - 1 < due_in(job) <= 2 * least


@pytest.mark.parametrize(("problem", "hours"), [("retry_in_an_hour", 1), ("retry_never", 6)])
def test_a_wished_pause_is_kept_and_clamped(problem: str, hours: int) -> None:
    job = run(make_job("raises", **{"raise": problem}))
    assert hours * 3600 - 1 < due_in(job) <= hours * 3960


def test_after_a_day_a_person_is_asked() -> None:
    job = make_job("raises", **{"raise": "retry"})
    age(job, timedelta(hours=23))
    assert run(job).state == JobState.WAITING
    age(job, timedelta(hours=24))
    assert run(job).state == JobState.NEEDS_HUMAN
    assert gave_up() == ["gave up one: busy"]
    assert job.ended_at is not None


def test_a_bug_is_tried_five_times_and_never_quoted(caplog: pytest.LogCaptureFixture) -> None:
    job = make_job("raises", **{"raise": "bug"})
    with caplog.at_level(logging.ERROR):
        for _ in range(4):
            assert run_when_due(job).state == JobState.WAITING
        assert run_when_due(job).state == JobState.ERRORED
    assert job.errors == 5
    assert "RuntimeError" in job.reason
    assert CANARY not in f"{job.reason} {gave_up()} {job.result}"
    assert len(gave_up()) == 1
    assert len(caplog.records) == 5


def test_a_database_that_was_away_is_nobodys_bug() -> None:
    job = make_job("raises", **{"raise": "database"})
    for _ in range(7):
        run_when_due(job)
    assert (job.state, job.errors) == (JobState.WAITING, 0)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_breaks_in_the_middle(bell: Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job("plain")

    def lose_connection(_: Claim) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr("tests.workqueue.handlers.do_nothing", lose_connection)
    assert run(job).state == JobState.WAITING
    assert (job.reason, job.errors, job.crashes) == ("The database was away.", 0, 0)


def test_a_hook_with_a_bug_still_ends_the_job() -> None:
    job = make_job("broken_hook", **{"raise": "retry"})
    age(job, timedelta(hours=25))
    assert run(job).state == JobState.ERRORED
    assert gave_up() == []  # its half-done work is rolled back


def test_an_attempt_that_lost_its_lease_records_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job("plain")

    def slow(claim: Claim) -> None:
        change(job, state=JobState.QUEUED, lease_until=None, fence=claim.fence + 1)
        with pytest.raises(LostLease), transaction.atomic():
            finish(claim)
        raise RuntimeError

    monkeypatch.setattr("tests.workqueue.handlers.do_nothing", slow)
    assert run(job).state == JobState.QUEUED
    assert job.errors == 0
    assert "taken over" not in job.reason


def test_a_handler_that_lets_the_lost_lease_through(monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job("plain")

    def slow(claim: Claim) -> None:
        change(job, state=JobState.QUEUED, lease_until=None, fence=claim.fence + 1)
        with transaction.atomic():
            Group.objects.create(name="a write that must not stay")
            finish(claim)

    monkeypatch.setattr("tests.workqueue.handlers.do_nothing", slow)
    assert run(job).state == JobState.QUEUED
    assert not Group.objects.filter(name="a write that must not stay").exists()


def test_a_job_of_no_use_costs_nothing() -> None:
    runner.run(4711)
