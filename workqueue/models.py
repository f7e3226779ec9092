"""The rows that are work. Redis only carries a job's number; what is here is the truth."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class JobState(models.TextChoices):
    """Where a job stands. The first three are open, the others are ends."""

    QUEUED = "queued", "queued"
    RUNNING = "running", "running"
    WAITING = "waiting", "waiting"
    DONE = "done", "done"
    FAILED = "failed", "failed"
    ERRORED = "errored", "errored"
    NEEDS_HUMAN = "needs_human", "needs a person"
    SKIPPED = "skipped", "skipped"


DUE_STATES = (JobState.QUEUED, JobState.WAITING)
OPEN_STATES = (*DUE_STATES, JobState.RUNNING)
END_STATES = (JobState.DONE, JobState.FAILED, JobState.ERRORED, JobState.NEEDS_HUMAN, JobState.SKIPPED)


class Job(models.Model):
    """One piece of work: who may do it, when, and how it went.

    ``key`` makes it one job however often it is asked for. ``fence`` grows with every claim and every taking
    back; a worker whose claim carries an older one can write nothing any more. ``errors`` counts exceptions
    nobody expected, ``crashes`` leases in a row that ran out without an answer.
    """

    kind = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=JobState.choices, default=JobState.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    crashes = models.PositiveIntegerField(default=0)
    fence = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    first_due_at = models.DateTimeField(db_default=Now())
    next_attempt_at = models.DateTimeField(db_default=Now())
    ring_again_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    result = models.JSONField(default=dict, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="workqueue_job_kind_and_key"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="workqueue_job_known_state"),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="workqueue_job_running_has_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ring_again_at"],
                name="workqueue_job_due",
                condition=Q(state__in=["queued", "waiting"]),
            ),
            models.Index(fields=["lease_until"], name="workqueue_job_leased", condition=Q(state="running")),
            models.Index(fields=["state", "kind"], name="workqueue_job_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"


class Spending(models.Model):
    """How many requests a principal sent to a host in one minute."""

    host = models.CharField(max_length=200)
    principal = models.CharField(max_length=200)
    minute = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["host", "principal", "minute"], name="workqueue_spending_one_row_a_minute")
        ]
        indexes = [models.Index(fields=["minute"], name="workqueue_spending_minute")]

    def __str__(self) -> str:
        return f"{self.host} {self.minute:%H:%M}: {self.used}"
