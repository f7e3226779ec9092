"""Jobs in any state."""

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from workqueue.claims import enqueue
from workqueue.models import Job


def make_job(kind: str = "plain", key: str = "one", **payload: int | str) -> Job:
    """A job that is due."""
    return enqueue(kind, key=key, payload=payload)


def change(job: Job, **columns: Any) -> None:
    """Put a job into a state by force."""
    Job.objects.filter(pk=job.pk).update(**columns)
    job.refresh_from_db()


def age(job: Job, by: timedelta) -> None:
    """Let a job have been made and due that long ago."""
    past = Now() - by
    change(job, created_at=past, first_due_at=past, next_attempt_at=past)


def due_in(job: Job) -> float:
    """Seconds until the next attempt, by the database's clock."""
    found = Job.objects.annotate(now=Now()).get(pk=job.pk)
    return float((found.next_attempt_at - found.now).total_seconds())
