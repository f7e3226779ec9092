"""Making thousands of jobs at once, and putting many off together."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Now

from workqueue.claims import Payload
from workqueue.doorbell import ring
from workqueue.draining import BELL_LASTS_SECONDS
from workqueue.kinds import Kind, kind_named
from workqueue.models import DUE_STATES, Job, JobState
from workqueue.tempo import grace

# As many workers as this hear of a batch at once; the sweeper rings for the rest.
MOST_BELLS = 8
_PARKED = "Parked: "

# A kind that drains is taken in the order of `ring_again_at`, which has an index: the rows of one batch are told apart
# by a microsecond each, so that the first row given is the first one done.
_INSERT = """
INSERT INTO workqueue_job
    (kind, key, payload, state, attempt, errors, crashes, fence, reason, result, ring_again_at)
SELECT %(kind)s, given.key, given.payload::jsonb, 'queued', 0, 0, 0, 0, '', '{}',
    statement_timestamp() + %(grace)s + given.place * interval '1 microsecond'
FROM unnest(%(keys)s::text[], %(payloads)s::text[]) WITH ORDINALITY AS given (key, payload, place)
ORDER BY given.place
ON CONFLICT (kind, key) DO NOTHING
RETURNING id
"""


def enqueue_many(kind: str, rows: Sequence[tuple[str, Payload]]) -> int:
    """Make many jobs of one kind in the caller's transaction, due at once; when that commits, a few bells are rung.

    Args:
        kind: one of ``settings.JOB_KINDS``.
        rows: key and payload of each; a key that is there already is left as it is. The first ones are done first.

    Returns:
        How many were new.

    Raises:
        UnknownKind: no such kind.
        TypeError: a payload holds something else than whole numbers and texts.
    """
    known = kind_named(kind)
    if not all(type(value) in (int, str) for _, payload in rows for value in payload.values()):
        raise TypeError("A job's payload holds whole numbers and texts only.")
    if not rows:
        return 0
    values: dict[str, Any] = {
        "kind": kind,
        "keys": [key for key, _ in rows],
        "payloads": [json.dumps(dict(payload)) for _, payload in rows],
        "grace": timedelta() if known.drains else grace(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        made = [int(row[0]) for row in cursor.fetchall()]
    transaction.on_commit(lambda: _ring_some(made, known), robust=True)
    return len(made)


def _ring_some(made: Sequence[int], kind: Kind) -> None:
    for job_id in made[:MOST_BELLS]:
        if not ring(job_id, kind.queue, expires=BELL_LASTS_SECONDS if kind.drains else None):
            return


def park(kind: str, key_starts_with: str, *, pause: timedelta, because: str) -> int:
    """Put every due job of a kind whose key starts so off together, because none of them can succeed before.

    Args:
        pause: from now, by the database's clock.
        because: for people.

    Returns:
        How many are put off.
    """
    due = Job.objects.filter(kind=kind, key__startswith=key_starts_with, state__in=DUE_STATES)
    until = Now() + pause
    early = due.filter(next_attempt_at__lt=until)
    return early.update(
        state=JobState.WAITING, next_attempt_at=until, ring_again_at=until, reason=(_PARKED + because)[:300]
    )


def is_parked(kind: str, key_starts_with: str) -> bool:
    """Whether jobs whose key starts so were put off together and their time has not come yet."""
    parked = Job.objects.filter(kind=kind, key__startswith=key_starts_with, state=JobState.WAITING)
    latest = parked.filter(reason__startswith=_PARKED, next_attempt_at__gt=Now()).aggregate(at=Max("next_attempt_at"))
    return latest["at"] is not None


def parked_reason(because: str) -> str:
    """The reason that a single job gives where it parks the others and waits like them."""
    return _PARKED + because
