"""The sweeper: rings for what is due, takes back what a lost worker held. Any number may run at once."""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest, Least, Now

from workqueue.budgets import forget_old_spending
from workqueue.claims import claim_from_job, finish
from workqueue.doorbell import ring
from workqueue.draining import ring_for_next
from workqueue.forgetting import forget_ended_jobs
from workqueue.kinds import UnknownKind, configured_kinds, kind_named
from workqueue.models import DUE_STATES, Job, JobState
from workqueue.runner import give_up
from workqueue.tempo import LATEST_RING, soonest_ring

logger = logging.getLogger(__name__)

CRASH_LIMIT = 5
BATCH = 500


@dataclass(frozen=True)
class Swept:
    """What one sweep did: jobs taken back, jobs quarantined, bells rung."""

    taken_back: int
    quarantined: int
    rung: int


def sweep() -> Swept:
    """Take back expired leases, quarantine what keeps crashing, ring for what is due, forget what is old."""
    outcomes = [_take_back(job_id) for job_id in _expired()]
    forget_old_spending()
    forget_ended_jobs()
    return Swept(outcomes.count(JobState.QUEUED), outcomes.count(JobState.ERRORED), _ring_due())


def _expired() -> list[int]:
    expired = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=Now())
    return list(expired.order_by("lease_until").values_list("pk", flat=True)[:BATCH])


def _take_back(job_id: int) -> JobState | None:
    """Free one job whose worker did not answer in time; the new fence shuts that worker out."""
    with transaction.atomic():
        # A locked row is being answered at this very moment: leave it.
        free = Job.objects.select_for_update(skip_locked=True).filter(state=JobState.RUNNING, lease_until__lt=Now())
        job = free.filter(pk=job_id).first()
        if job is None:
            return None
        job.fence, job.crashes = job.fence + 1, job.crashes + 1
        if job.crashes >= CRASH_LIMIT:
            return _quarantine(job)
        Job.objects.filter(pk=job_id).update(
            state=JobState.QUEUED,
            fence=job.fence,
            crashes=job.crashes,
            lease_until=None,
            next_attempt_at=Now(),
            ring_again_at=Now(),
            reason="Its worker did not answer in time.",
        )
        return JobState.QUEUED


def _quarantine(job: Job) -> JobState:
    reason = f"Its worker was lost {job.crashes} times in a row; it is not tried again."
    logger.error("Job %s (%s) is quarantined after %s crashes.", job.pk, job.kind, job.crashes)
    Job.objects.filter(pk=job.pk).update(fence=job.fence)
    claim = claim_from_job(job)
    try:
        give_up(claim, kind_named(job.kind), JobState.ERRORED, reason, crashes=job.crashes)
    except UnknownKind:
        finish(claim, state=JobState.ERRORED, reason=reason)
    return JobState.ERRORED


def _ring_due() -> int:
    """Ring for each due job that nobody took; stop at the first bell that Redis does not take.

    One bell is enough for all due jobs of a kind that drains.
    """
    draining = [kind for kind in configured_kinds() if kind.drains]
    together = sum(ring_for_next(kind) for kind in draining)
    return together + _ring_each([kind.name for kind in draining])


def _ring_each(but_not: list[str]) -> int:
    rung = []
    for job_id, kind in _due(but_not):
        if not _ring(job_id, kind):
            break
        rung.append(job_id)
    waited = Now() - F("next_attempt_at")
    Job.objects.filter(pk__in=rung, state__in=DUE_STATES).update(
        ring_again_at=Now() + Least(Greatest(waited, Value(soonest_ring())), Value(LATEST_RING))
    )
    return len(rung)


def _due(but_not: list[str]) -> list[tuple[int, str]]:
    due = Job.objects.filter(state__in=DUE_STATES, next_attempt_at__lte=Now(), ring_again_at__lte=Now())
    due = due.exclude(kind__in=but_not)
    return list(due.order_by("ring_again_at").values_list("pk", "kind")[:BATCH])


def _ring(job_id: int, kind: str) -> bool:
    try:
        return ring(job_id, kind_named(kind).queue)
    except UnknownKind:
        return True
