"""Ringing with a real Redis that answers, is gone, or hangs: a page never waits long for it."""

import signal
import time
from collections.abc import Iterator

import pytest
from celery import Celery
from django.conf import settings

from portal.celery import app
from tests.workqueue.processes import PrivateRedis
from workqueue import doorbell


@pytest.fixture
def redis() -> Iterator[PrivateRedis]:
    """A Redis to break."""
    server = PrivateRedis()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _bell(redis: PrivateRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    """The portal's own settings for publishing, at that Redis."""
    assert settings.PORTAL_PROCESS == "cli"
    ours = Celery("test", broker=redis.url, set_as_current=False)
    for name in ("broker_transport_options", "task_publish_retry", "broker_connection_timeout"):
        setattr(ours.conf, name, getattr(app.conf, name))
    monkeypatch.setattr("workqueue.doorbell.current_app", ours)
    monkeypatch.setattr("workqueue.doorbell._bell", doorbell._Bell())


def seconds_to_ring() -> tuple[bool, float]:
    began = time.monotonic()
    return doorbell.ring(1, "revoke"), time.monotonic() - began


def test_a_message_is_a_number_on_its_queue(redis: PrivateRedis) -> None:
    rung, _ = seconds_to_ring()
    assert rung
    assert redis.client.llen("revoke") == 1
    message = redis.client.lindex("revoke", 0)
    assert isinstance(message, bytes)
    assert b"workqueue.run" in message


def test_a_redis_that_is_gone_costs_little_and_only_once(redis: PrivateRedis) -> None:
    redis.stop()
    rung, seconds = seconds_to_ring()
    assert not rung
    assert seconds < 2.5
    assert seconds_to_ring() < (False, 0.1)


@pytest.mark.parametrize("connected", [True, False])
def test_a_redis_that_hangs_costs_two_seconds_and_only_once(redis: PrivateRedis, connected: bool) -> None:
    if connected:
        assert seconds_to_ring()[0]
    redis.process.send_signal(signal.SIGSTOP)
    rung, seconds = seconds_to_ring()
    assert not rung
    assert seconds < 3
    assert seconds_to_ring() < (False, 0.1)


def test_after_a_while_it_is_tried_again(redis: PrivateRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workqueue.doorbell.SILENT_SECONDS", 0.1)
    redis.stop()
    assert not seconds_to_ring()[0]
    redis.start()
    time.sleep(0.2)
    assert seconds_to_ring()[0]
