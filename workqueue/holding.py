"""Writing in the middle of an attempt, only while the job is still ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from workqueue.claims import Claim, LostLease
from workqueue.models import Job, JobState


@contextmanager
def hold(claim: Claim) -> Iterator[None]:
    """A transaction that holds the job's row, so that nobody takes it over while an intent is written.

    Raises:
        LostLease: the job is not ours any more; nothing is written.
    """
    with transaction.atomic():
        ours = Job.objects.select_for_update().filter(pk=claim.job_id, fence=claim.fence, state=JobState.RUNNING)
        if not ours.exists():
            raise LostLease(f"Job {claim.job_id} is no longer held by this attempt.")
        yield
