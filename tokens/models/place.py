"""Where code lives, as a sync saw it: projects and repositories of the workspaces this portal serves."""

from django.db import models
from django.urls import reverse

from accounts.models import Workspace


class Project(models.Model):
    """A project of a workspace; its key may change, its uuid stays. ``gone_at`` is when a complete list lacked it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="projects")
    uuid = models.CharField(max_length=64)
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=255, blank=True)
    first_seen_at = models.DateTimeField()
    observed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["workspace", "uuid"], name="one_row_per_project")]

    def __str__(self) -> str:
        return self.name or self.key


class Repository(models.Model):
    """A repository. ``secrets`` counts what its pipelines hold: names and values are never kept here."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="repositories")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True, related_name="repositories")
    uuid = models.CharField(max_length=64)
    slug = models.CharField(max_length=255)
    full_name = models.CharField(max_length=512)
    name = models.CharField(max_length=255, blank=True)
    is_private = models.BooleanField(default=True)
    first_seen_at = models.DateTimeField()
    observed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)
    secrets = models.JSONField(default=dict, blank=True)
    secrets_observed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["workspace", "uuid"], name="one_row_per_repository")]
        indexes = [models.Index(fields=["full_name"], name="repository_full_name")]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("repository", args=[self.pk])
