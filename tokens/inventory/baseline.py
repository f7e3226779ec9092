"""The first look is a baseline: what existed then is undeclared until a date, and nobody is blamed for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Min

from tokens.models import Part, PartKind

# What turns up later has this long; nobody is ever given less, however late it is found.
DECLARE_WITHIN: Final = timedelta(days=14)


@dataclass(frozen=True)
class Baseline:
    """When the first complete look began, None before it, and until when what existed then is to be declared."""

    began: datetime | None = None
    until: datetime | None = None

    def existed(self, created_at: datetime | None, registered_at: datetime) -> bool:
        """Whether something existed at the first look, as far as its own time or ours tells."""
        return self.began is not None and (created_at or registered_at) <= self.began

    def due_at(self, created_at: datetime | None, registered_at: datetime) -> datetime:
        """Until when somebody should have declared it."""
        usual = registered_at + DECLARE_WITHIN
        if self.until is None or not self.existed(created_at, registered_at):
            return usual
        return max(self.until, usual)


def baseline() -> Baseline:
    """The baseline as it is now: from the first complete listing of the organisation's tokens.

    Where no organisation is connected, the first complete list of deploy keys begins it.
    """
    first = Part.objects.filter(first_observed_at__isnull=False)
    tokens = first.filter(kind=PartKind.ORGANISATION_TOKENS).aggregate(at=Min("first_observed_at"))["at"]
    began = tokens or first.filter(kind=PartKind.DEPLOY_KEYS).aggregate(at=Min("first_observed_at"))["at"]
    return Baseline(began, began + timedelta(days=settings.BASELINE_DAYS)) if began else Baseline()
