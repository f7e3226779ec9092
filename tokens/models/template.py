"""A named least-privilege set, versioned."""

from django.db import models

from accounts.models import Person


class ApprovalRule(models.TextChoices):
    """Who decides about a request."""

    AT_ONCE = "at_once", "Approved at once"
    AT_ONCE_REVIEWED = "at_once_reviewed", "Approved at once, looked at within a day"
    APPROVERS = "approvers", "An approver decides"
    TWO_PEOPLE = "two_people", "Two approvers decide"


class Template(models.Model):
    """The name under which versions of a set are offered.

    A *custom* one holds a set that somebody asked for and no template covered. It is on no shelf; it is a proposal to
    the templates' owner, who takes it over or dismisses it.
    """

    slug = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_custom = models.BooleanField(default=False)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_because = models.CharField(max_length=300, blank=True)

    class Meta:
        permissions = [
            ("manage_templates", "Can make, change and retire templates"),
            ("view_templates", "Can read every version of every template"),
        ]

    def __str__(self) -> str:
        return self.slug


class TemplateVersion(models.Model):
    """What a template said at a time. Never changed: a new version is a new row.

    ``scopes`` are API-token scopes; ``services_levels`` is how people picked them; ``tasks`` what somebody does with
    it. ``kinds`` may carry it, the preferred one first; ``machine_kinds``: those of them that are only for a machine.
    ``justification`` says why it administers or deletes; ``change_note`` what is new in this version.
    """

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=200)
    scopes = models.JSONField()
    services_levels = models.JSONField(default=list)
    tasks = models.JSONField(default=list)
    kinds = models.JSONField()
    machine_kinds = models.JSONField(default=list)
    max_days = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=20, choices=ApprovalRule)
    deputy_required = models.BooleanField(default=False)
    used_by_machine = models.BooleanField(default=False)
    risk = models.CharField(max_length=10)
    risk_reasons = models.JSONField(default=list)
    guidance = models.TextField(blank=True)
    justification = models.CharField(max_length=300, blank=True)
    change_note = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_version_number")]
        ordering = ["template", "-number"]

    def __str__(self) -> str:
        return f"{self.name} (version {self.number})"
