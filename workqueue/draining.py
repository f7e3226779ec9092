"""Kinds with thousands of small rows: one bell works through what is due, so that a row needs no message of its own.

Any number of workers may do so at once; a lost one loses only the row it held. Messages of such kinds expire soon: a
worker that stops to give others a turn rings for the next row, and bells that nobody had time for do not pile up.
"""

import json
import time
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from workqueue.claims import Claim
from workqueue.doorbell import ring
from workqueue.kinds import Kind, configured_kinds
from workqueue.models import DUE_STATES, Job

SLICE_SECONDS = 20.0
BELL_LASTS_SECONDS = 60.0
# A person may be waiting for a job of another kind.
LOOK_AROUND_SECONDS = 1.0

_CLAIM_NEXT = """
UPDATE workqueue_job
SET state = 'running', attempt = attempt + 1, fence = fence + 1, lease_until = statement_timestamp() + %(lease)s
WHERE id = (
    SELECT id FROM workqueue_job
    WHERE state IN ('queued', 'waiting') AND kind = %(kind)s AND next_attempt_at <= statement_timestamp()
    ORDER BY ring_again_at
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, key, payload, attempt, fence, created_at
"""


def claim_next(kind: Kind) -> Claim | None:
    """Take the due job of a kind that has waited longest and that nobody else holds; None when there is none."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"kind": kind.name, "lease": kind.lease}
        cursor.execute(_CLAIM_NEXT, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    if row is None:
        return None
    payload = json.loads(row[2]) if isinstance(row[2], str) else row[2]
    return Claim(row[0], kind.name, row[1], payload, row[3], row[4], row[5])


class Slice:
    """The time one bell may take: until it is over, or others wait for this worker."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        now = time.monotonic()
        self._ends, self._looks_at = now + SLICE_SECONDS, now

    def goes_on(self) -> bool:
        """Whether another job may be taken."""
        now = time.monotonic()
        if now >= self._ends:
            return False
        if now < self._looks_at:
            return True
        self._looks_at = now + LOOK_AROUND_SECONDS
        return not self._others_wait()

    def _others_wait(self) -> bool:
        due = Job.objects.filter(state__in=DUE_STATES, next_attempt_at__lte=Now()).exclude(kind=self._kind.name)
        return any(name in _kinds_of(self._kind.queue) for name in due.values_list("kind", flat=True)[:20])


def _kinds_of(queue: str) -> set[str]:
    return {kind.name for kind in configured_kinds() if kind.queue == queue and not kind.drains}


def is_due(kind: Kind) -> bool:
    """Whether any job of a kind is due and free."""
    return Job.objects.filter(kind=kind.name, state__in=DUE_STATES, next_attempt_at__lte=Now()).exists()


def ring_for_next(kind: Kind) -> bool:
    """Ring once for the due job of a kind that has waited longest; False where none is due or Redis took nothing."""
    due = Job.objects.filter(kind=kind.name, state__in=DUE_STATES, next_attempt_at__lte=Now())
    job_id = due.order_by("ring_again_at").values_list("pk", flat=True).first()
    return job_id is not None and ring(job_id, kind.queue, expires=BELL_LASTS_SECONDS)
