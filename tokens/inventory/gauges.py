"""The inventory's numbers for machines that watch, in few and cheap queries."""

import math
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.utils import timezone

from tokens.inventory.figures import headline
from tokens.inventory.parts import unread_parts
from tokens.models import Credential, Finding, FindingKind, Part
from tokens.states import CredentialState


@dataclass(frozen=True)
class Gauges:
    """What is watched.

    Attributes:
        approved_ratio: the headline, 0 to 1; NaN where there is nothing to count.
        open_findings: by kind, those without any too.
        oldest_part_seconds: how long ago the oldest part that was ever read was; NaN where none was.
        unread_parts: never read to the end, or the newest try failed.
        needs_human: credentials that the machine could not end.
    """

    approved_ratio: float
    open_findings: dict[str, int]
    oldest_part_seconds: float
    unread_parts: int
    needs_human: int


def gauges(now: datetime | None = None) -> Gauges:
    """What is watched, in five queries."""
    now, figure = now or timezone.now(), headline()
    kinds = Finding.objects.filter(closed_at=None).order_by().values_list("kind").annotate(many=Count("pk"))
    oldest = Part.objects.filter(retired_at=None).aggregate(oldest=Min("observed_at"))["oldest"]
    return Gauges(
        approved_ratio=figure.approved / figure.counted if figure.counted else math.nan,
        open_findings=dict.fromkeys(FindingKind.values, 0) | dict(kinds),
        oldest_part_seconds=(now - oldest).total_seconds() if oldest else math.nan,
        unread_parts=unread_parts().count(),
        needs_human=Credential.objects.filter(state=CredentialState.NEEDS_HUMAN).count(),
    )
