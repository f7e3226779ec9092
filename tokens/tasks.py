"""What beat rings."""

from celery import shared_task

from tokens.tick import tick as run_tick


@shared_task(name="tokens.tick")
def tick() -> None:
    """Time passed: expire, lapse, look again."""
    run_tick()
