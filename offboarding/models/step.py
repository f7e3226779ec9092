"""One action of a plan, what shows that it held, and what one has to rotate."""

from django.db import models
from django.db.models import Q

from accounts.models import Person, Workspace
from offboarding.models.plan import Plan
from offboarding.states import Phase, StepKind
from tokens.models import Credential, Repository
from workqueue.models import Job


class Verdict(models.TextChoices):
    """What a closed step may be called. Only a machine's re-read makes something proven."""

    PROVEN = "proven", "Proven"
    DISABLED = "disabled", "Disabled"
    ATTESTED = "attested", "Attested"
    KEPT = "kept", "Kept on purpose"
    FORCED = "forced", "Closed by force"
    NOTHING = "nothing", "There was nothing"


class KeyDecision(models.TextChoices):
    """What an admin decided about a deploy key."""

    KEEP = "keep", "Keep it, with a new owner"
    ROTATE = "rotate", "Replace it"
    DELETE = "delete", "Delete it"


class Step(models.Model):
    """One action. Its state is its job's.

    ``target`` says to what it is done, as plain ids and labels. ``verdict`` is set when it is closed. A step that a
    person does has an assignee, a due date and a link; ``attestation`` is what the person wrote.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind)
    phase = models.CharField(max_length=10, choices=Phase)
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=300)
    detail = models.TextField(blank=True)
    key = models.CharField(max_length=200)
    target = models.JSONField(default=dict, blank=True)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="step")
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    verdict_words = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_high_risk = models.BooleanField(default=False)
    assignee = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    due_at = models.DateTimeField(null=True, blank=True)
    link = models.CharField(max_length=500, blank=True)
    attested_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    attestation = models.CharField(max_length=500, blank=True)
    attested_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=8, choices=KeyDecision, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    alarmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="one_step_per_key"),
            # An evidence form can never say "proven", and what a person attested is named.
            models.CheckConstraint(
                condition=Q(attested_by__isnull=True) | ~Q(verdict="proven"), name="attested_is_not_proven"
            ),
            models.CheckConstraint(
                condition=~Q(verdict="attested") | Q(attested_by__isnull=False), name="attested_step_has_person"
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "phase", "position"], name="step_of_plan"),
            models.Index(fields=["assignee"], condition=Q(closed_at=None), name="open_task_of_person"),
        ]

    def __str__(self) -> str:
        return self.title


class Evidence(models.Model):
    """One request and its answer, one re-read, or one word of a person. Never a secret.

    A row for a change is written before the request is sent: ``answered_at`` empty means that nobody knows what became
    of it. ``proves`` is set on the complete re-read that shows the end.
    """

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="evidence")
    at = models.DateTimeField()
    request = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    # Such as a token's id or a key's number: what the request was about.
    subject = models.CharField(max_length=200, blank=True)
    proves = models.BooleanField(default=False)
    by = models.CharField(max_length=200)

    class Meta:
        default_permissions = ()
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["step", "at"], name="evidence_of_step")]

    def __str__(self) -> str:
        return f"{self.request} → {self.answer}"


class RotateItem(models.Model):
    """What the pipelines of one place hold that the leaver could read or use: names, never values."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="items")
    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # [{"name", "secured", "where"}, …]
    variables = models.JSONField(default=list, blank=True)
    runners = models.JSONField(default=list, blank=True)
    has_pipeline_key = models.BooleanField(default=False)
    last_run_at = models.DateTimeField(null=True, blank=True)
    runs = models.PositiveIntegerField(default=0)
    unread = models.JSONField(default=list, blank=True)
    rank = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["rank", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "repository", "workspace"], nulls_distinct=False, name="one_item_per_place"
            )
        ]

    def __str__(self) -> str:
        return str(self.repository or self.workspace)

    @property
    def secured(self) -> int:
        """How many secured variables it holds."""
        return sum(1 for one in self.variables if one.get("secured"))

    @property
    def readable(self) -> int:
        """How many variables it holds whose values anybody with a view of the pipelines reads."""
        return len(self.variables) - self.secured
