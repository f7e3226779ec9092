"""A deadline and a byte allowance that hold for a whole call.

A read timeout is no deadline: whoever drips one byte a second never meets it. So every single step of a watched
connection gets only the time that is left of the call, and every received byte counts, headers included.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Watchdog:
    """The limits of one call.

    Args:
        seconds: the call's whole time.
        max_bytes: what it may receive.
    """

    def __init__(self, seconds: float, max_bytes: int) -> None:
        self._end = time.monotonic() + seconds
        self._allowance = max_bytes

    @property
    def is_expired(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self._end

    @property
    def is_overfed(self) -> bool:
        """Whether more arrived than allowed."""
        return self._allowance < 0

    def at_most(self, seconds: float | None) -> float:
        """The given patience, cut to what is left of the call.

        Raises:
            TimeoutError: nothing is left.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call's time is over")
        return left if seconds is None else min(seconds, left)

    def count(self, received: int) -> None:
        """Take received bytes off the allowance.

        Raises:
            OSError: it is overdrawn.
        """
        self._allowance -= received
        if self.is_overfed:
            raise OSError("the answer is larger than allowed")


_on_duty: ContextVar[Watchdog | None] = ContextVar("bitbucket_watchdog", default=None)


@contextmanager
def watching(seconds: float, max_bytes: int) -> Iterator[Watchdog]:
    """Everything sent inside the block shares one deadline and one allowance; an outer block's limits win."""
    outer = _on_duty.get()
    watchdog = outer or Watchdog(seconds, max_bytes)
    token = _on_duty.set(watchdog)
    try:
        yield watchdog
    finally:
        _on_duty.reset(token)


def on_duty() -> Watchdog:
    """The limits of the call that is under way."""
    watchdog = _on_duty.get()
    assert watchdog is not None, "a watched connection is used outside watching()"
    return watchdog
