"""What beat rings."""

from celery import shared_task

from offboarding.tick import tick as run_tick


@shared_task(name="offboarding.tick")
def tick() -> None:
    """Time passed: start what is due, look for who left without us, remind."""
    run_tick()
