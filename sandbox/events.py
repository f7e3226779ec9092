"""What happened in the organisation, as its events stream tells it."""

import threading
import uuid
from dataclasses import dataclass
from datetime import datetime

MOST_KEPT = 2000


@dataclass(frozen=True)
class Event:
    """One event; `number` is its place in the stream, `actor` an account id or the name of an organisation key."""

    number: int
    id: str
    at: datetime
    action: str
    actor: str
    account_id: str
    token_id: str = ""
    label: str = ""


class Events:
    """The newest events in the order they happened."""

    def __init__(self) -> None:
        """Start with a quiet organisation."""
        self._lock = threading.Lock()
        self._kept: list[Event] = []
        self._last = 0

    def note(self, at: datetime, action: str, actor: str, account_id: str, token_id: str = "", label: str = "") -> None:
        """Remember one event."""
        with self._lock:
            self._last += 1
            self._kept.append(Event(self._last, str(uuid.uuid4()), at, action, actor, account_id, token_id, label))
            del self._kept[:-MOST_KEPT]

    def everything(self) -> list[Event]:
        """List what is remembered, oldest first."""
        with self._lock:
            return list(self._kept)

    def replace_all(self, events: list[Event]) -> None:
        """Forget everything and take these instead."""
        with self._lock:
            self._kept = list(events)
            self._last = events[-1].number if events else 0
