"""Seats as a complete list of a workspace's members shows them. Who is missing loses seat and roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from accounts.models import Seat, Workspace
from accounts.operations.people_seen import PersonSeen, remember_people


@dataclass(frozen=True)
class SeatsChanged:
    """How many seats a list gave and took away, and how many there are now."""

    given: int
    taken: int
    seats: int


def replace_seats(workspace: Workspace, members: Sequence[PersonSeen], *, at: datetime) -> SeatsChanged:
    """Let the seats of a workspace be those of a complete list. Call it inside the transaction of the read.

    Roles are computed from seats at each request, so somebody who lost theirs loses the roles at once. A seat that a
    sign-in showed after the read began stays: the list may be older. The trail is told once a run, not for each seat.

    Args:
        workspace: whose members they are.
        members: all of them.
        at: when the read began.

    Raises:
        TransactionManagementError: there is no transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Seats change in the transaction of what was read.")
    numbers = remember_people(members)
    listed = {numbers[key] for one in members if (key := one.account_id or one.uuid) in numbers}
    held = set(Seat.objects.filter(workspace=workspace).values_list("person", flat=True))
    Seat.objects.bulk_create(
        [Seat(person_id=person, workspace=workspace, observed_at=at) for person in sorted(listed - held)],
        ignore_conflicts=True,
    )
    older = Seat.objects.filter(workspace=workspace, observed_at__lt=at)
    older.filter(person__in=listed & held).update(observed_at=at)
    taken = older.filter(person__in=held - listed).delete()[0]
    return SeatsChanged(given=len(listed - held), taken=taken, seats=len(listed))
