"""What people do to rows of work: make one that waits for a person, try it again, put it off, end it.

Every one of these shuts out the worker that may hold the row at this moment: its fence grows.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from workqueue.claims import Payload, enqueue
from workqueue.doorbell import ring
from workqueue.kinds import kind_named
from workqueue.models import OPEN_STATES, Job, JobState

# What nobody is to touch before a person says so.
_FAR_AWAY = timedelta(days=3650)


def make_for_person(kind: str, *, key: str, payload: Payload, reason: str) -> Job:
    """Make a job that waits for a person from the start, in the caller's transaction; see `enqueue`.

    Raises:
        UnknownKind: no such kind.
    """
    known = Job.objects.filter(kind=kind, key=key).first()
    if known is not None:
        return known
    with transaction.atomic():
        job = enqueue(kind, key=key, payload=payload, at=None, rings=False)
        Job.objects.filter(pk=job.pk).update(state=JobState.NEEDS_HUMAN, ended_at=Now(), reason=reason)
    job.refresh_from_db()
    return job


def try_again(job_id: int, *, but_not: tuple[JobState, ...] = (JobState.DONE, JobState.SKIPPED)) -> bool:
    """Make a job due now, with a fresh day to succeed in; in the caller's transaction, the bell rings at its commit.

    Args:
        job_id: the row.
        but_not: states in which it is left alone; a running one always is.

    Returns:
        Whether it is due now.
    """
    job = Job.objects.select_for_update(no_key=True).get(pk=job_id)
    if job.state in (*but_not, JobState.RUNNING):
        return False
    Job.objects.filter(pk=job_id).update(
        state=JobState.QUEUED,
        fence=F("fence") + 1,
        attempt=0,
        errors=0,
        crashes=0,
        first_due_at=Now(),
        next_attempt_at=Now(),
        ring_again_at=Now(),
        ended_at=None,
        reason="",
    )
    queue = kind_named(job.kind).queue
    transaction.on_commit(lambda: ring(job_id, queue), robust=True)
    return True


def hold_back(job_ids: list[int], *, reason: str) -> int:
    """Put jobs off until somebody calls `try_again`: what is due, waits or runs. Returns how many."""
    return Job.objects.filter(pk__in=job_ids, state__in=OPEN_STATES).update(
        state=JobState.WAITING,
        fence=F("fence") + 1,
        lease_until=None,
        next_attempt_at=Now() + _FAR_AWAY,
        ring_again_at=Now() + _FAR_AWAY,
        reason=reason[:300],
    )


def end_by_hand(job_id: int, *, state: JobState, reason: str) -> bool:
    """End a job that a person answers for, whoever holds it; False where it was done or skipped before.

    Args:
        job_id: the row.
        state: ``done`` or ``skipped``.
        reason: for people; never a secret.
    """
    open_ones = Job.objects.filter(pk=job_id).exclude(state__in=(JobState.DONE, JobState.SKIPPED))
    return bool(
        open_ones.update(state=state, fence=F("fence") + 1, lease_until=None, ended_at=Now(), reason=reason[:300])
    )
