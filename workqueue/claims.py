"""Making a job, taking it, answering for it. Every time is the database's, every write checks the fence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from workqueue.doorbell import ring
from workqueue.kinds import Kind, UnknownKind, kind_named
from workqueue.models import DUE_STATES, END_STATES, Job, JobState
from workqueue.tempo import grace

Payload = Mapping[str, int | str]


class LostLease(Exception):
    """The job is no longer ours: our lease ran out and it was taken back, or it has been answered already."""


class Retry(Exception):
    """Raised by a handler: not now.

    Args:
        reason: why, for people; never a secret.
        after: when at the earliest; None for a pause that grows with each attempt.
    """

    def __init__(self, reason: str = "", after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after


class NeedsHuman(Exception):
    """Raised by a handler: only a person can decide this; the text says what."""


class ExpectedFailure(Exception):
    """Raised by a handler: the other side refused for good, which is no bug; the text says what it said."""


@dataclass(frozen=True)
class Claim:
    """The right to do one attempt at one job, until its lease ends.

    Attributes:
        job_id: the row.
        kind: its kind.
        key: its key.
        payload: whole numbers and short texts.
        attempt: 1 for the first.
        fence: what a write must still find in the row.
        created_at: when the job was made.
    """

    job_id: int
    kind: str
    key: str
    payload: dict[str, Any] = field(hash=False)
    attempt: int
    fence: int
    created_at: datetime


def enqueue(kind: str, *, key: str, payload: Payload, at: datetime | None = None, rings: bool = True) -> Job:
    """Make a job in the caller's transaction; when that commits, the bell is rung.

    Args:
        kind: one of ``settings.JOB_KINDS``.
        key: what makes it this job: a second call with the same kind and key returns the first one's row.
        payload: row numbers and short texts; never a secret.
        at: not before then (the database's clock decides); None for now.
        rings: False where nobody is to take it at once.

    Returns:
        The job's row.

    Raises:
        UnknownKind: no such kind.
        TypeError: the payload holds something else.
    """
    queue = kind_named(kind).queue
    if not all(type(value) in (int, str) for value in payload.values()):
        raise TypeError("A job's payload holds whole numbers and texts only.")
    due: Any = at or Now()
    times = {"first_due_at": due, "next_attempt_at": due, "ring_again_at": at or Now() + grace()}
    job, made = Job.objects.get_or_create(kind=kind, key=key, defaults={"payload": dict(payload), **times})
    if made:
        job.refresh_from_db()
        if at is None and rings:
            transaction.on_commit(lambda: ring(job.pk, queue), robust=True)
    return job


def claim_job(job_id: int, kind: Kind | None = None) -> Claim | None:
    """Take a job that is due, if nobody else did: one conditional UPDATE decides.

    Args:
        job_id: the row.
        kind: its kind, where the caller has looked that up.

    Returns:
        The claim; None when the job is not due, taken, ended, unknown, or of a kind unknown to this process.
    """
    kind = kind or kind_of_job(job_id)
    if kind is None:
        return None
    with transaction.atomic():
        taken = Job.objects.filter(pk=job_id, state__in=DUE_STATES, next_attempt_at__lte=Now()).update(
            state=JobState.RUNNING,
            attempt=F("attempt") + 1,
            fence=F("fence") + 1,
            lease_until=Now() + kind.lease,
        )
        return claim_from_job(Job.objects.get(pk=job_id)) if taken else None


def kind_of_job(job_id: int) -> Kind | None:
    """The kind of a job; None where there is no such job, or this process does not know its kind."""
    name = Job.objects.filter(pk=job_id).values_list("kind", flat=True).first()
    try:
        return kind_named(name) if name else None
    except UnknownKind:
        return None


def claim_from_job(job: Job) -> Claim:
    """The claim that a row stands for at this moment."""
    return Claim(job.pk, job.kind, job.key, job.payload, job.attempt, job.fence, job.created_at)


def finish(
    claim: Claim,
    *,
    state: JobState = JobState.DONE,
    reason: str = "",
    result: dict[str, Any] | None = None,
) -> None:
    """End the job, inside the transaction that records what it did: both happen, or neither.

    Args:
        claim: what :func:`claim_job` gave.
        state: one of the ends.
        reason: for people; never a secret.
        result: plain JSON worth keeping.

    Raises:
        LostLease: the job is not ours any more; let it roll the transaction back.
        ValueError: the state is no end.
        TransactionManagementError: there is no transaction.
    """
    if state not in END_STATES:
        raise ValueError(f"A job cannot end as {state}.")
    settle(claim, state=state, reason=reason, result=result or {}, ended_at=Now())


def postpone(claim: Claim, *, at: datetime | timedelta, reason: str) -> None:
    """Put the job back for later, in the caller's transaction. It is a plan, no failure: no giving up.

    Args:
        claim: what :func:`claim_job` gave.
        at: when; a timedelta counts from now by the database's clock, which is better than this machine's. An empty
            one is a next slice of the same work: the bell is rung when the transaction commits.
        reason: for people; never a secret.

    Raises:
        LostLease: the job is not ours any more.
        TransactionManagementError: there is no transaction.
    """
    due: Any = Now() + at if isinstance(at, timedelta) else at
    settle(claim, state=JobState.WAITING, reason=reason, next_attempt_at=due, ring_again_at=due, crashes=0)
    if at == timedelta():
        queue = kind_named(claim.kind).queue
        transaction.on_commit(lambda: ring(claim.job_id, queue), robust=True)


def settle(claim: Claim, **changes: Any) -> None:
    """Write the answer of an attempt, if the fence is still ours.

    Raises:
        LostLease: it is not.
        TransactionManagementError: there is no transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A job is answered in the transaction of what it did.")
    ours = Job.objects.filter(pk=claim.job_id, fence=claim.fence, state=JobState.RUNNING)
    if not ours.update(lease_until=None, **changes):
        raise LostLease(f"Job {claim.job_id} is no longer held by this attempt.")
