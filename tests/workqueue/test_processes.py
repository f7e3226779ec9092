"""The queue with a real worker, real PostgreSQL and real Redis, while things break."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from pytest_django import Settings

from portal.celery import app
from tests.workqueue.handlers import effects
from tests.workqueue.kinds import SWEEP_SECONDS
from tests.workqueue.making import make_job
from tests.workqueue.processes import PrivateRedis, Worker, wait_until
from workqueue import doorbell
from workqueue.models import Job, JobState

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def redis() -> Iterator[PrivateRedis]:
    """A Redis for this module alone."""
    server = PrivateRedis()
    yield server
    server.stop()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where jobs note that they started."""
    return tmp_path / "started"


@pytest.fixture(autouse=True)
def _bell(redis: PrivateRedis, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """This process rings at the same Redis, and knows how often the workers sweep."""
    settings.SWEEP_SECONDS = SWEEP_SECONDS
    ours = Celery("test", broker=redis.url, set_as_current=False)
    options = {"socket_timeout": 2, "socket_connect_timeout": 2, "max_retries": 0}
    ours.conf.update(broker_transport_options=options, task_publish_retry=app.conf.task_publish_retry)
    monkeypatch.setattr("workqueue.doorbell.current_app", ours)
    monkeypatch.setattr("workqueue.doorbell._bell", doorbell._Bell())


@pytest.fixture(scope="module")
def shared_worker(
    redis: PrivateRedis, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None
) -> Iterator[Worker]:
    """Starting one takes seconds, so the tests share it."""
    process = Worker(redis, tmp_path_factory.mktemp("worker") / "worker.log")
    yield process
    process.stop()


@pytest.fixture
def worker(shared_worker: Worker) -> Worker:
    """A living worker with two children."""
    if not shared_worker.is_alive():
        shared_worker.start()
    return shared_worker


def all_done(jobs: list[Job]) -> bool:
    pks = [job.pk for job in jobs]
    return Job.objects.filter(pk__in=pks, state=JobState.DONE).count() == len(jobs)


def started(log: Path) -> list[tuple[int, int]]:
    """Attempt and process id of every start."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [(int(attempt), int(pid)) for attempt, pid in (line.split() for line in lines)]


def slow_job(log: Path, seconds: int) -> Job:
    return make_job("slow", "slow", log=str(log), seconds=seconds)


def test_ringing_a_hundred_times_has_one_effect_each(worker: Worker) -> None:
    jobs = [make_job("effect", f"effect-{number}") for number in range(10)]
    for job in jobs * 10:
        doorbell.ring(job.pk, "default")
    wait_until(lambda: all_done(jobs))
    assert [effects(job.key) for job in jobs] == [1] * 10
    assert set(Job.objects.values_list("attempt", flat=True)) == {1}


def test_a_child_killed_in_the_middle(worker: Worker, log: Path) -> None:
    job = slow_job(log, seconds=60)
    wait_until(lambda: bool(started(log)))
    os.kill(started(log)[0][1], signal.SIGKILL)
    wait_until(lambda: all_done([job]))
    job.refresh_from_db()
    assert (effects("slow"), job.attempt, job.crashes) == (1, 2, 1)
    assert [attempt for attempt, _ in started(log)] == [1, 2]


def test_a_whole_worker_killed_in_the_middle(worker: Worker, redis: PrivateRedis, log: Path, tmp_path: Path) -> None:
    job = slow_job(log, seconds=60)
    wait_until(lambda: bool(started(log)))
    worker.signal(signal.SIGKILL)
    worker.process.wait(timeout=10)
    other = Worker(redis, tmp_path / "other.log", name="other")
    try:
        wait_until(lambda: all_done([job]))
    finally:
        other.stop()
    assert effects("slow") == 1


def test_a_frozen_child_that_wakes_after_its_lease_is_shut_out(worker: Worker, log: Path) -> None:
    job = slow_job(log, seconds=2)
    wait_until(lambda: bool(started(log)))
    frozen = started(log)[0][1]
    os.kill(frozen, signal.SIGSTOP)
    wait_until(lambda: all_done([job]))
    assert effects("slow") == 1
    os.kill(frozen, signal.SIGCONT)
    wait_until(lambda: "taken over while it ran" in worker.log.read_text())
    job.refresh_from_db()
    assert (effects("slow"), job.attempt, job.result) == (1, 2, {"attempt": 2})


def test_a_kind_stop_finishes_or_frees_the_job(worker: Worker, log: Path) -> None:
    job = slow_job(log, seconds=2)
    wait_until(lambda: bool(started(log)))
    worker.stop()
    job.refresh_from_db()
    assert (job.state, effects("slow")) == (JobState.DONE, 1)


def test_a_flushed_redis_loses_nothing(shared_worker: Worker, redis: PrivateRedis) -> None:
    shared_worker.stop()
    jobs = [make_job("effect", f"effect-{number}") for number in range(20)]
    assert redis.client.llen("default") >= 20
    redis.client.flushall()
    shared_worker.start()
    wait_until(lambda: all_done(jobs))
    assert [effects(job.key) for job in jobs] == [1] * 20


def test_a_redis_that_goes_in_the_middle_of_a_job_and_comes_back(
    worker: Worker, redis: PrivateRedis, log: Path
) -> None:
    """The message of the running job can then not be acknowledged, which used to end the whole worker."""
    running = slow_job(log, seconds=2)
    wait_until(lambda: bool(started(log)))
    redis.stop()
    began = time.monotonic()
    jobs = [make_job("effect", f"effect-{number}") for number in range(5)]
    assert time.monotonic() - began < 5
    wait_until(lambda: all_done([running]))
    time.sleep(1)
    redis.start()
    wait_until(lambda: all_done(jobs), seconds=60)
    assert worker.is_alive()
    assert [effects(job.key) for job in (running, *jobs)] == [1] * 6


def test_what_always_crashes_stops_and_the_others_pass(worker: Worker) -> None:
    bad = make_job("crash", "bad")
    good = [make_job("effect", f"effect-{number}") for number in range(5)]
    wait_until(lambda: all_done(good))
    wait_until(lambda: not Job.objects.filter(pk=bad.pk, state__in=("queued", "running")).exists(), seconds=90)
    bad.refresh_from_db()
    assert (bad.state, bad.attempt) == (JobState.ERRORED, 5)
