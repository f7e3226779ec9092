"""How old what we know is, and what nobody could read. What was not read is never called clean."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from tokens.models import ROLLING_KINDS, Part, PartKind

# A read is due when it reaches its age, and then needs a while.
SLACK = timedelta(hours=2)
NEVER_TRIED = "Not read yet"


@dataclass(frozen=True)
class Freshness:
    """What is known of one kind of part, in one workspace or of the organisation.

    Attributes:
        kind: a `PartKind`.
        workspace: its name; empty for what is the organisation's.
        parts: how many there are to read.
        fresh: read to the end in time, and the newest try did not fail.
        never: never read to the end.
        unread: those, and those whose newest try failed.
        items: how much the newest complete reads found.
        first: when the first complete read began; None where none was.
        oldest: when the read of the oldest one that was ever read began; None where none was.
        reasons: why parts are unread, with how many; the most frequent first.
        repositories: how many of the parts are of repositories.
        projects: how many are of projects.
    """

    kind: str
    workspace: str
    parts: int
    fresh: int
    never: int
    unread: int
    items: int
    first: datetime | None
    oldest: datetime | None
    reasons: tuple[tuple[str, int], ...]
    repositories: int
    projects: int

    @property
    def share(self) -> int:
        """Percent that is fresh, rounded down: 100 is said only when it is all of them."""
        return self.fresh * 100 // self.parts if self.parts else 0

    @property
    def is_whole(self) -> bool:
        """Whether all of it was read to the end, and the newest try of none failed."""
        return self.parts > 0 and self.unread == 0


def fresh_since(now: datetime) -> datetime:
    """What was read before that is older than this installation wants."""
    return now - timedelta(hours=settings.INVENTORY_MAX_AGE_HOURS) - SLACK


def freshness(now: datetime | None = None) -> tuple[Freshness, ...]:
    """What is known of each kind of part in each workspace, in the order of `PartKind`. One query."""
    rows = _rows(now or timezone.now())
    places = {(row["kind"], row["where"]): row["name"] or "" for row in rows}
    found = [
        _freshness(kind, name, [row for row in rows if (row["kind"], row["where"]) == (kind, where)])
        for (kind, where), name in places.items()
    ]
    order = {kind: number for number, kind in enumerate(PartKind.values)}
    return tuple(sorted(found, key=lambda one: (order.get(one.kind, len(order)), one.workspace)))


def is_first_time(found: Iterable[Freshness]) -> bool:
    """Whether no place's grants and keys were ever read to the end: nobody has started a full run, or it just began."""
    return not any(one.first for one in found if one.kind in ROLLING_KINDS)


def was_everything_read(found: Iterable[Freshness]) -> bool:
    """Whether every part was read to the end and no newest try failed; no parts at all means nothing was read."""
    known = list(found)
    return bool(known) and all(one.is_whole for one in known)


def _rows(now: datetime) -> list[dict[str, Any]]:
    where = Coalesce("workspace", "repository__workspace", "project__workspace")
    name = Coalesce("workspace__name", "repository__workspace__name", "project__workspace__name")
    rows: Any = (
        Part.objects.filter(retired_at=None)
        .order_by()
        .annotate(where=where)
        .values("kind", "where", "problem")
        .annotate(
            name=Max(name),
            parts=Count("pk"),
            fresh=Count("pk", filter=Q(problem="", observed_at__gte=fresh_since(now))),
            never=Count("pk", filter=Q(observed_at=None)),
            untried=Count("pk", filter=Q(observed_at=None, problem="")),
            items=Sum("items"),
            first=Min("first_observed_at"),
            oldest=Min("observed_at"),
            repositories=Count("repository"),
            projects=Count("project"),
        )
    )
    return list(rows)


def _freshness(kind: str, workspace: str, rows: list[dict[str, Any]]) -> Freshness:
    total: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for row in rows:
        total.update({name: row[name] for name in ("parts", "fresh", "never", "items", "repositories", "projects")})
        if row["problem"]:
            reasons[row["problem"]] += row["parts"]
        elif row["untried"]:
            reasons[NEVER_TRIED] += row["untried"]
    return Freshness(
        kind=kind,
        workspace=workspace,
        parts=total["parts"],
        fresh=total["fresh"],
        never=total["never"],
        unread=sum(reasons.values()),
        items=total["items"],
        first=_earliest(rows, "first"),
        oldest=_earliest(rows, "oldest"),
        reasons=tuple(reasons.most_common()),
        repositories=total["repositories"],
        projects=total["projects"],
    )


def _earliest(rows: list[dict[str, Any]], name: str) -> datetime | None:
    return min((row[name] for row in rows if row[name] is not None), default=None)
