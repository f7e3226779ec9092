"""A difference worth a person."""

from django.db import models
from django.db.models import Q

from accounts.models import Person
from tokens.models.credential import Credential


class FindingKind(models.TextChoices):
    """What is different from what was approved."""

    REFUSED_ALIVE = "refused_alive", "Refused, still alive"
    AMBIGUOUS = "ambiguous", "Two entries carry one code"


class Finding(models.Model):
    """One difference, from when it was seen until it was gone; ``read_by`` says which read showed it."""

    kind = models.CharField(max_length=20, choices=FindingKind)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="findings")
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="findings")
    title = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    read_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "credential"], condition=Q(closed_at=None), name="one_open_finding_per_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"
