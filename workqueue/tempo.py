"""How often the sweeper runs, and what follows from that. One setting scales it all for tests of processes."""

from datetime import timedelta

from django.conf import settings

DEFAULT_SWEEP_SECONDS = 10.0
# An unclaimed job is rung for less and less often, so that a dead worker's queue does not fill with messages.
LATEST_RING = timedelta(minutes=5)


def sweep_seconds() -> float:
    """Seconds between two sweeps: ``settings.SWEEP_SECONDS`` where it is set."""
    return float(getattr(settings, "SWEEP_SECONDS", DEFAULT_SWEEP_SECONDS))


def grace() -> timedelta:
    """How long a job that was rung for when it was made may stay unclaimed before the sweeper rings."""
    return timedelta(seconds=1.5 * sweep_seconds())


def soonest_ring() -> timedelta:
    """How long the sweeper waits at least before it rings for the same job again."""
    return timedelta(seconds=2 * sweep_seconds())
