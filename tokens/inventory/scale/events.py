"""Many events on the trail, each hashed and chained by the trail's own functions, written a thousand at a time."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from audit.models import ChainHead, Event
from audit.tags import Tag
from tokens.inventory.scale.copying import copy_rows

# Each event moves the chain's one head row. In one long transaction its old versions would pile up and every move
# would walk over all of them, so a transaction holds few.
BATCH = 1_000
_TAGS = (Tag.SESSION_START, Tag.REQUEST_SUBMITTED, Tag.REQUEST_APPROVED, Tag.CREDENTIAL_REGISTERED, Tag.SESSION_END)


def add_events(count: int) -> int:
    """Append that many invented events to the trail.

    Returns:
        How many were written.
    """
    for first in range(0, count, BATCH):
        _add(first, min(BATCH, count - first))
    return count


@transaction.atomic
def _add(first: int, count: int) -> None:
    ChainHead.objects.bulk_create([ChainHead()], ignore_conflicts=True)
    head = ChainHead.objects.select_for_update().get(id=1)
    at = max(timezone.now(), head.at)
    seq, previous, events = head.seq, head.hash, []
    for number in range(first, first + count):
        seq += 1
        event = _event(number, seq, at, previous)
        previous = event.hash = event.computed_hash()
        events.append(event)
    copy_rows(events)


def _event(number: int, seq: int, at: datetime, previous: str) -> Event:
    return Event(
        seq=seq,
        at=at,
        tag=_TAGS[number % len(_TAGS)].value,
        actor_kind="person",
        actor_account_id=f"712020:scale-{number % 997:06}",
        actor_label=f"Person {number % 997}",
        subject_type="request",
        subject_id=str(number % 99_991),
        subject_label=f"Request {number % 99_991}",
        details={"number": number},
        previous_hash=previous,
    )
