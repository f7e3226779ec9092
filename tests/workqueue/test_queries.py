"""Reading the queue."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from tests.workqueue.making import age, change, make_job
from workqueue.models import JobState
from workqueue.queries import job_counts, job_of, jobs_needing_a_person, oldest_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bell")]


def test_counts_and_people() -> None:
    states = (JobState.QUEUED, JobState.NEEDS_HUMAN, JobState.ERRORED, JobState.DONE, JobState.DONE)
    jobs = [make_job(key=str(number)) for number in range(len(states))]
    for job, state in zip(jobs, states, strict=True):
        change(job, state=state, ended_at=Now())
    assert sorted(job_counts()) == [
        ("plain", "done", 2),
        ("plain", "errored", 1),
        ("plain", "needs_human", 1),
        ("plain", "queued", 1),
    ]
    assert set(jobs_needing_a_person()) == {jobs[1], jobs[2]}
    assert job_of("plain", "3") == jobs[3]
    assert job_of("plain", "nobody asked for") is None


def test_how_long_the_oldest_waits() -> None:
    assert oldest_waiting() == timedelta()
    age(make_job(), timedelta(minutes=3))
    make_job(key="two")
    assert timedelta(minutes=3) <= oldest_waiting() < timedelta(minutes=4)
