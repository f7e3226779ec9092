"""Who has a seat: said only where every workspace's members were read completely."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from accounts.models import Seat
from accounts.people import role_settings
from accounts.policy import ACTIVE
from tokens.models import Part, PartKind


@dataclass(frozen=True)
class Seating:
    """What the members' lists tell.

    Attributes:
        read_at: when the oldest of the newest complete reads began; None where a workspace is unread, or its newest
            read failed.
    """

    read_at: datetime | None

    @property
    def is_complete(self) -> bool:
        """Whether a missing seat means anything."""
        return self.read_at is not None

    def tells_about(self, moment: datetime) -> bool:
        """Whether whoever held something at this moment was looked for afterwards."""
        return self.read_at is not None and moment <= self.read_at

    @staticmethod
    def is_off(account_status: str) -> bool:
        """Whether an account does not work."""
        return account_status != ACTIVE

    @staticmethod
    def is_away(person: str) -> Q:
        """Of rows with this link to a person: whose account is off, or who has neither a seat nor a named role.

        Somebody who is known to be away only in case the members were read is among them.
        """
        named = role_settings()
        seats = Seat.objects.filter(person=OuterRef(f"{person}__pk"), workspace__uuid__in=named.workspaces)
        has_no_seat = ~Q(Exists(seats)) & ~Q(**{f"{person}__account_id__in": named.admins | named.auditors})
        return Q(**{f"{person}__isnull": False}) & (~Q(**{f"{person}__account_status": ACTIVE}) | has_no_seat)


def seating() -> Seating:
    """What the members' lists tell now."""
    served = set(settings.BITBUCKET_WORKSPACES)
    parts = Part.objects.filter(kind=PartKind.MEMBERS, workspace__uuid__in=served, retired_at=None)
    read = {
        uuid: observed_at
        for uuid, observed_at, problem in parts.values_list("workspace__uuid", "observed_at", "problem")
        if observed_at is not None and not problem
    }
    return Seating(min(read.values()) if served and read.keys() >= served else None)
