"""Reading the inventory: what is read as one, how old it is, and the runs that read it."""

from django.db import models
from django.db.models import Q

from accounts.models import Person, Workspace
from tokens.models.place import Project, Repository


class Sync(models.Model):
    """One inventory run. Its parts tell its progress; ``finished_at`` is set when none of them waits any more."""

    class Mode(models.TextChoices):
        FULL = "full", "Everything"
        LISTS = "lists", "Members, projects, repositories and tokens"

    mode = models.CharField(max_length=8, choices=Mode)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # What it found when it ended: counts by name, for people and for `sync_inventory --json`.
    result = models.JSONField(default=dict, blank=True)

    class Meta:
        default_permissions = ()
        permissions = [("run_sync", "Can start an inventory run")]
        constraints = [
            models.UniqueConstraint(fields=["mode"], condition=Q(finished_at=None), name="one_running_sync_per_mode")
        ]
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_mode_display()}, {self.started_at:%Y-%m-%d %H:%M}"


class PartKind(models.TextChoices):
    """What one part reads. The first four are lists of a whole, the others are read place by place."""

    MEMBERS = "members", "Members"
    PROJECTS = "projects", "Projects"
    REPOSITORIES = "repositories", "Repositories"
    ORGANISATION_TOKENS = "organisation_tokens", "API tokens of the organisation"
    USER_GRANTS = "user_grants", "Grants of people"
    GROUP_GRANTS = "group_grants", "Grants of groups"
    DEPLOY_KEYS = "deploy_keys", "Deploy keys"


LIST_KINDS = (PartKind.MEMBERS, PartKind.PROJECTS, PartKind.REPOSITORIES, PartKind.ORGANISATION_TOKENS)
ROLLING_KINDS = (PartKind.USER_GRANTS, PartKind.GROUP_GRANTS, PartKind.DEPLOY_KEYS)


class Part(models.Model):
    """One thing that is read as a whole, and how fresh it is.

    ``observed_at`` is when the last *complete* read began; None is "never read", which is not "clean". ``problem`` says
    why the newest try failed; it stays until a complete read. ``asked_at`` is set while a row of work waits for it.
    """

    kind = models.CharField(max_length=20, choices=PartKind)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    first_observed_at = models.DateTimeField(null=True, blank=True)
    observed_at = models.DateTimeField(null=True, blank=True)
    items = models.PositiveIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    sync = models.ForeignKey(Sync, on_delete=models.SET_NULL, null=True, blank=True, related_name="parts")
    # The place is gone: nothing to read any more.
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "workspace", "repository", "project"], nulls_distinct=False, name="one_part_per_place"
            ),
        ]
        indexes = [
            models.Index(fields=["observed_at"], condition=Q(retired_at=None, asked_at=None), name="part_oldest_first"),
            models.Index(fields=["sync"], condition=Q(asked_at__isnull=False), name="part_open_of_sync"),
        ]

    def __str__(self) -> str:
        where = self.place or self.workspace
        return f"{self.get_kind_display()} of {where}" if where else self.get_kind_display()

    @property
    def place(self) -> Repository | Project | None:
        """The repository or project that it is read at; None for the list of a whole."""
        return self.repository or self.project

    @property
    def is_unread(self) -> bool:
        """Whether the newest try failed, or none was ever complete."""
        return self.observed_at is None or bool(self.problem)


class Circuit(models.Model):
    """Calls that are not tried any more until a probe succeeds: a credential refused, or one operation of it.

    ``operation`` empty means every call of this principal.
    """

    principal = models.CharField(max_length=200)
    operation = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["principal", "operation"], condition=Q(closed_at=None), name="one_open_circuit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.principal} {self.operation or 'everything'}"
