"""Hourly limits per principal and group of endpoints, in a rolling hour.

Source: https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/
"""

import threading
from collections import defaultdict, deque
from datetime import datetime, timedelta

ANONYMOUS_LIMIT = 60
_HOUR = timedelta(hours=1)


class Limits:
    """Remembers when each principal asked; `per_hour` 0 means there is no limit."""

    def __init__(self, per_hour: int) -> None:
        """Start with nothing spent."""
        self.per_hour = per_hour
        self._lock = threading.Lock()
        self._spent: dict[tuple[str, str], deque[datetime]] = defaultdict(deque)

    def spend(self, principal: str, group: str, now: datetime, *, anonymous: bool = False, own: int = 0) -> bool:
        """Count one request; False when the limit of the last hour is reached (then it is not counted).

        `own` is a limit of this principal's own, 0 for the ordinary one.
        """
        limit = own or (min(ANONYMOUS_LIMIT, self.per_hour) if anonymous else self.per_hour)
        if not limit:
            return True
        with self._lock:
            times = self._current(principal, group, now)
            if len(times) >= limit:
                return False
            times.append(now)
            return True

    def remaining(self, principal: str, group: str, now: datetime) -> int:
        """Give what is left of the hour; the limit itself when there is none."""
        with self._lock:
            return max(0, self.per_hour - len(self._current(principal, group, now)))

    def clear(self) -> None:
        """Forget what was spent."""
        with self._lock:
            self._spent.clear()

    def _current(self, principal: str, group: str, now: datetime) -> deque[datetime]:
        times = self._spent[principal, group]
        while times and times[0] <= now - _HOUR:
            times.popleft()
        return times
