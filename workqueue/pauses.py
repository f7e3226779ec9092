"""How long to wait before the next attempt."""

from datetime import timedelta
from random import SystemRandom

LONGEST_PAUSE = timedelta(minutes=15)
# A vendor that asks for more is asked again after this; its own limits count by the hour.
LONGEST_WISH = timedelta(hours=6)
SHORTEST_WISH = timedelta(seconds=1)

_random = SystemRandom()


def pause_after(attempt: int, first_pause: timedelta) -> timedelta:
    """A pause that doubles with each attempt up to 15 minutes, less up to half by chance so that jobs spread.

    Args:
        attempt: 1 for the first.
        first_pause: the longest pause after the first attempt.
    """
    longest = min(first_pause * 2 ** min(attempt - 1, 20), LONGEST_PAUSE)
    pause: timedelta = longest * _random.uniform(0.5, 1.0)
    return pause


def pause_wished(wish: timedelta) -> timedelta:
    """A pause that the other side asked for, 1 s to 6 h: never shorter, up to a tenth longer."""
    return min(max(wish, SHORTEST_WISH), LONGEST_WISH) * _random.uniform(1.0, 1.1)
