"""A named least-privilege set, versioned."""

from django.db import models


class ApprovalRule(models.TextChoices):
    """Who decides about a request."""

    AT_ONCE = "at_once", "Approved at once"
    AT_ONCE_REVIEWED = "at_once_reviewed", "Approved at once, looked at within a day"
    APPROVERS = "approvers", "An approver decides"
    TWO_PEOPLE = "two_people", "Two approvers decide"


class Template(models.Model):
    """The name under which versions of a set are offered."""

    slug = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.slug


class TemplateVersion(models.Model):
    """What a template said at a time. Never changed: a new version is a new row.

    ``scopes`` are API-token scopes; ``services_levels`` is how people picked them.
    """

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=200)
    scopes = models.JSONField()
    services_levels = models.JSONField(default=list)
    kinds = models.JSONField()
    max_days = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=20, choices=ApprovalRule)
    deputy_required = models.BooleanField(default=False)
    used_by_machine = models.BooleanField(default=False)
    risk = models.CharField(max_length=10)
    risk_reasons = models.JSONField(default=list)
    guidance = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_version_number")]
        ordering = ["template", "-number"]

    def __str__(self) -> str:
        return f"{self.name} (version {self.number})"
