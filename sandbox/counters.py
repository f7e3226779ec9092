"""Counts what was asked, by route and credential; never keeps a secret, a query or a cookie."""

import threading
from collections import Counter, deque
from datetime import datetime
from typing import Any


class Counters:
    """Requests per route, credential label and status, and the last thousand in order."""

    def __init__(self) -> None:
        """Start at zero."""
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, str, int]] = Counter()
        self._recent: deque[dict[str, Any]] = deque(maxlen=1000)

    def add(self, at: datetime, method: str, route: str, credential: str, status: int) -> None:
        """Count one answered request."""
        entry = {"at": at.isoformat(), "method": method, "route": route, "credential": credential, "status": status}
        with self._lock:
            self._counts[method, route, credential, status] += 1
            self._recent.append(entry)

    def clear(self) -> None:
        """Forget everything counted so far."""
        with self._lock:
            self._counts.clear()
            self._recent.clear()

    def report(self) -> dict[str, Any]:
        """Give the counts as JSON values, and the recent requests in their order."""
        with self._lock:
            counts, recent = dict(self._counts), list(self._recent)
        grouped: dict[tuple[str, str, str], dict[str, int]] = {}
        for (method, route, credential, status), count in counts.items():
            grouped.setdefault((method, route, credential), {})[str(status)] = count
        routes = [
            {
                "method": method,
                "route": route,
                "credential": credential,
                "count": sum(statuses.values()),
                "statuses": statuses,
            }
            for (method, route, credential), statuses in sorted(grouped.items())
        ]
        return {"total": sum(counts.values()), "routes": routes, "recent": recent}
