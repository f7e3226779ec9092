"""The ordered work for one leaver."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Person
from offboarding.states import OPEN_PLAN, STARTED_PLAN, PlanState


class Origin(models.TextChoices):
    """How a plan came to be."""

    PAGE = "page", "Planned on a person's page"
    COMMAND = "command", "Planned on the command line"
    API = "api", "Planned through the HTTP API"
    RADAR = "radar", "Left without us"


class Plan(models.Model):
    """Everything that is taken away from one person, and until when.

    ``leaves_at`` and ``reported_at`` are what the people who planned it said: the minutes of the statement count from
    them. ``starts_at`` is when it starts by itself. ``preview`` is what would break (``{"at", "lines", "unread"}``),
    ``rehearsal`` the same path without a change at Bitbucket, ``blockers`` what only a second admin lifts.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="plans")
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.DRAFT)
    origin = models.CharField(max_length=8, choices=Origin)
    reference = models.CharField(max_length=100, blank=True)
    leaves_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    planned_at = models.DateTimeField()
    # Who planned or scheduled it: a person, or only a name (a service token, an operating-system user, the radar).
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    planned_by_label = models.CharField(max_length=200)
    started_at = models.DateTimeField(null=True, blank=True)
    started_by_label = models.CharField(max_length=200, blank=True)
    cut_at = models.DateTimeField(null=True, blank=True)
    clean_up_released_at = models.DateTimeField(null=True, blank=True)
    clean_up_released_because = models.CharField(max_length=300, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_because = models.CharField(max_length=300, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    is_forced = models.BooleanField(default=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=300, blank=True)
    preview = models.JSONField(default=dict, blank=True)
    rehearsal = models.JSONField(default=dict, blank=True)
    # Whoever named the time it starts by itself; needs the right to start plans then, too.
    scheduled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # When the person was seen at work again after it had ended: what the plan left alive counts as new from then on.
    returned_at = models.DateTimeField(null=True, blank=True)
    # Whether it would start but for a second admin, and why.
    waits_for_second_because = models.CharField(max_length=300, blank=True)
    idempotency_key = models.CharField(max_length=200, blank=True)
    token_name = models.CharField(max_length=100, blank=True)

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_plan", "Can see offboarding plans and their evidence"),
            ("plan", "Can plan an offboarding"),
            ("run_plan", "Can start, stop and work on offboarding plans"),
            ("force_close", "Can force steps of an offboarding plan closed"),
        ]
        ordering = ["-planned_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=list(OPEN_PLAN)), name="one_open_plan_per_person"
            ),
            models.UniqueConstraint(
                fields=["token_name", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="one_plan_per_idempotency_key",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(started_at__isnull=False),
                name="started_plan_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="completed") | Q(completed_at__isnull=False), name="completed_plan_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="plan_by_state"),
            models.Index(fields=["started_at"], name="plan_by_start"),
        ]

    def __str__(self) -> str:
        return f"Offboarding {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether something may still happen to it."""
        return self.state in OPEN_PLAN

    @property
    def is_started(self) -> bool:
        """Whether it runs or waits."""
        return self.state in STARTED_PLAN

    @property
    def planner(self) -> Person | None:
        """Whoever planned it, and does its tasks until somebody else is named: never the leaver; None for a service
        token and the portal itself."""
        return self.planned_by if self.planned_by_id != self.person_id else None


class Countersign(models.Model):
    """Something that one person asked for and a second one has to confirm."""

    class Purpose(models.TextChoices):
        START = "start", "Start the plan"
        FORCE_CLOSE = "force_close", "Force a step closed"
        TASK = "task", "Close a task of high risk"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="countersigns")
    step = models.ForeignKey("Step", on_delete=models.PROTECT, null=True, blank=True, related_name="countersigns")
    purpose = models.CharField(max_length=12, choices=Purpose)
    because = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_by_label = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")), name="confirmed_by_another"
            ),
            models.UniqueConstraint(
                fields=["plan", "step", "purpose"],
                condition=Q(confirmed_at=None, dropped_at=None),
                nulls_distinct=False,
                name="one_open_countersign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of plan {self.plan_id}"
