"""Reading the queue: for the metrics and for people."""

from datetime import timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, QuerySet
from django.db.models.functions import Now

from workqueue.models import DUE_STATES, Job, JobState


def job_counts() -> list[tuple[str, str, int]]:
    """How many jobs there are by kind and state."""
    counts = Job.objects.order_by().values("kind", "state").annotate(count=Count("pk"))
    return [(row["kind"], row["state"], row["count"]) for row in counts]


def oldest_waiting() -> timedelta:
    """How long the most overdue job has been waiting for a worker; zero when none is due."""
    waited = ExpressionWrapper(Now() - F("next_attempt_at"), output_field=DurationField())
    due = Job.objects.filter(state__in=DUE_STATES, next_attempt_at__lte=Now())
    longest: timedelta | None = due.aggregate(longest=Max(waited))["longest"]
    return longest or timedelta()


def jobs_needing_a_person() -> QuerySet[Job]:
    """Jobs that only a person can bring to an end, the newest first: decisions, bugs and quarantined ones."""
    return Job.objects.filter(state__in=(JobState.NEEDS_HUMAN, JobState.ERRORED)).order_by("-ended_at", "-pk")


def job_of(kind: str, key: str) -> Job | None:
    """The one job of that kind and key, if it was ever asked for."""
    return Job.objects.filter(kind=kind, key=key).first()
