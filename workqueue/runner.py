"""One attempt at one job: claim, do, answer."""

import logging
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from workqueue.claims import (
    Claim,
    ExpectedFailure,
    LostLease,
    NeedsHuman,
    Retry,
    claim_job,
    finish,
    kind_of_job,
    settle,
)
from workqueue.draining import Slice, claim_next, ring_for_next
from workqueue.kinds import Kind
from workqueue.models import Job, JobState
from workqueue.pauses import pause_after, pause_wished

logger = logging.getLogger(__name__)

ERROR_LIMIT = 5


def run(job_id: int) -> None:
    """Do one attempt at a job if it is due and free; otherwise nothing, however often it is asked.

    Where the job's kind drains, go on with what else is due of it, for a while.

    Args:
        job_id: the job's row.
    """
    kind = kind_of_job(job_id)
    if kind is None:
        return
    claim = claim_job(job_id, kind)
    if claim is not None:
        attempt(claim, kind)
    if kind.drains:
        drain(kind)


def drain(kind: Kind) -> None:
    """Do what is due of a kind until nothing is left, the slice of time is over or others wait; then ring for the rest.

    Args:
        kind: one that drains.
    """
    turn = Slice(kind)
    while turn.goes_on():
        claim = claim_next(kind)
        if claim is None:
            _run_dry(kind)
            return
        attempt(claim, kind)
    ring_for_next(kind)


def _run_dry(kind: Kind) -> None:
    hook = kind.ran_dry_hook()
    try:
        if hook:
            hook()
    except Exception:
        logger.exception("Nothing is left to do of %s, and asking for more failed.", kind.name)


def attempt(claim: Claim, kind: Kind) -> None:
    """Do one attempt at a job that is ours.

    Args:
        claim: what claiming gave.
        kind: its kind.
    """
    try:
        _attempt(claim, kind)
    except LostLease:
        logger.warning("Job %s was taken over while it ran; what it did last was not recorded.", claim.job_id)


def _attempt(claim: Claim, kind: Kind) -> None:
    try:
        kind.handler()(claim)
    except LostLease:
        raise
    except Retry as retry:
        _try_again(claim, kind, retry.reason, retry.after)
    except NeedsHuman as ending:
        _end(claim, JobState.NEEDS_HUMAN, str(ending))
    except ExpectedFailure as ending:
        _end(claim, JobState.FAILED, str(ending))
    except (OperationalError, InterfaceError):
        _mend_connection()
        _try_again(claim, kind, "The database was away.")
    except Exception as error:
        logger.exception("Job %s (%s) failed unexpectedly.", claim.job_id, claim.kind)
        _count_error(claim, kind, type(error).__name__)
    else:
        _mark_done(claim)


def _mend_connection() -> None:
    """A connection that broke is replaced by the next query only after somebody has put it away."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def _mark_done(claim: Claim) -> None:
    """Most handlers have answered in their own transaction; the others are done when they return."""
    if Job.objects.filter(pk=claim.job_id, fence=claim.fence).exclude(state=JobState.RUNNING).exists():
        return
    _end(claim, JobState.DONE, "")


def _end(claim: Claim, state: JobState, reason: str) -> None:
    with transaction.atomic():
        finish(claim, state=state, reason=reason)


def _try_again(claim: Claim, kind: Kind, reason: str, after: timedelta | None = None) -> None:
    if _is_overdue(claim, kind):
        give_up(claim, kind, JobState.NEEDS_HUMAN, reason)
    else:
        own_pause = pause_after(claim.attempt, kind.first_pause)
        _wait(claim, reason, own_pause if after is None else pause_wished(after))


def _count_error(claim: Claim, kind: Kind, error: str) -> None:
    """The exception's name is kept, never its text: nobody knows what an unexpected one quotes."""
    reason = f"Unexpected {error}; the log has more."
    errors = Job.objects.values_list("errors", flat=True).get(pk=claim.job_id) + 1
    if errors >= ERROR_LIMIT:
        give_up(claim, kind, JobState.ERRORED, reason, errors=errors)
    elif _is_overdue(claim, kind):
        give_up(claim, kind, JobState.NEEDS_HUMAN, reason, errors=errors)
    else:
        _wait(claim, reason, pause_after(claim.attempt, kind.first_pause), errors=F("errors") + 1)


def _is_overdue(claim: Claim, kind: Kind) -> bool:
    return Job.objects.filter(pk=claim.job_id, first_due_at__lte=Now() - kind.give_up_after).exists()


def _wait(claim: Claim, reason: str, pause: timedelta, **changes: Combinable) -> None:
    due = Now() + pause
    with transaction.atomic():
        settle(
            claim,
            state=JobState.WAITING,
            reason=reason,
            next_attempt_at=due,
            ring_again_at=due,
            crashes=0,
            **changes,
        )


def give_up(claim: Claim, kind: Kind, state: JobState, reason: str, **changes: int) -> None:
    """End a job that will not succeed by itself, and tell its room in the same transaction.

    Args:
        claim: a claim whose fence is the row's.
        kind: its kind.
        state: ``needs_human`` after too long, ``errored`` after too many bugs or crashes.
        reason: for people.
        changes: further columns.
    """
    try:
        with transaction.atomic():
            settle(claim, state=state, reason=reason, ended_at=Now(), **changes)
            hook = kind.gave_up_hook()
            if hook:
                hook(claim, reason)
    except LostLease:
        raise
    except Exception:
        logger.exception("Job %s (%s) could not tell that it was given up.", claim.job_id, claim.kind)
        _end(claim, JobState.ERRORED, reason)
