"""What beat rings, and each worker once when it is ready: what works here is known seconds after a start."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from tokens.tick import tick as run_tick
from workqueue.doorbell import publish

TICK_SECONDS = 60.0


@shared_task(name="tokens.tick")
def tick() -> None:
    """Time passed: expire, lapse, look again."""
    run_tick()


@worker_ready.connect
def ring_once(**_: Any) -> None:
    """Do not wait for beat's first minute."""
    publish("tokens.tick", queue="default", expires=TICK_SECONDS)
