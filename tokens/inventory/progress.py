"""How far one run is: what was read, what waits, what could not be read, how fast it goes and when it should end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from tokens.inventory.forecast import requests_per_hour
from tokens.inventory.parts import left_of, parts_of
from tokens.models import Part, PartKind, Sync

# Speed is measured over the newest of it: a run that waited for its hourly limit is not slow.
MEASURED = timedelta(minutes=10)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class KindProgress:
    """The parts of one kind in a run: read to the end, waiting, and those that could not be read."""

    kind: str
    parts: int
    read: int
    waiting: int
    unread: int


@dataclass(frozen=True)
class Progress:
    """A run as it stands.

    Attributes:
        kinds: in the order of `PartKind`.
        per_minute: parts dealt with in a minute, lately; 0 where none was.
    """

    kinds: tuple[KindProgress, ...]
    per_minute: float

    @property
    def parts(self) -> int:
        """How many the run has to read, as far as it knows by now."""
        return sum(one.parts for one in self.kinds)

    @property
    def read(self) -> int:
        """How many were read to the end."""
        return sum(one.read for one in self.kinds)

    @property
    def waiting(self) -> int:
        """How many nobody has tried to the end."""
        return sum(one.waiting for one in self.kinds)

    @property
    def unread(self) -> int:
        """How many could not be read."""
        return sum(one.unread for one in self.kinds)


def progress(run: Sync, now: datetime | None = None) -> Progress:
    """How far a running run is. One query."""
    now = now or timezone.now()
    since = max(run.started_at, now - MEASURED)
    rows: Any = (
        parts_of(run)
        .order_by()
        .values("kind")
        .annotate(
            parts=Count("pk"),
            waiting=Count("pk", filter=left_of(run)),
            unread=Count("pk", filter=_is_unread(run)),
            lately=Count("pk", filter=Q(asked_at=None, tried_at__gte=since)),
        )
    )
    found = {row["kind"]: row for row in rows}
    kinds = tuple(_kind(found[kind]) for kind in PartKind.values if kind in found)
    lately = sum(row["lately"] for row in found.values())
    minutes = max((now - since).total_seconds() / 60, 1 / 60)
    return Progress(kinds, lately / minutes)


def unread_parts_of(run: Sync) -> QuerySet[Part]:
    """The parts that a run tried and could not read to the end, with their places."""
    parts = parts_of(run).filter(_is_unread(run))
    return parts.select_related("workspace", "repository", "project").order_by("kind", "pk")


def expected_end(found: Progress, *, requests_left: int, now: datetime | None = None) -> datetime | None:
    """When a run should be through: as fast as lately, and no faster than the hourly limit allows.

    Args:
        found: how far it is.
        requests_left: what may still be sent this hour.
        now: the present where None is given.

    Returns:
        None where nothing moved lately, so that nobody can tell.
    """
    now = now or timezone.now()
    if not found.waiting:
        return now
    if not found.per_minute:
        return None
    by_speed = timedelta(minutes=found.waiting / found.per_minute)
    by_limit = _HOUR * (max(0, found.waiting - requests_left) / requests_per_hour())
    return now + max(by_speed, by_limit)


def _is_unread(run: Sync) -> Q:
    """Tried by this run; but a read that began before the run is not one of this run."""
    return ~left_of(run) & (Q(observed_at=None) | Q(observed_at__lt=run.started_at))


def _kind(row: dict[str, Any]) -> KindProgress:
    read = row["parts"] - row["waiting"] - row["unread"]
    return KindProgress(row["kind"], row["parts"], read, row["waiting"], row["unread"])
