"""The trail's rows. Database triggers (first migration) refuse every change of what is recorded."""

from datetime import UTC, datetime
from typing import Any

from django.db import models

from audit.content import hash_of, time_text

GENESIS_HASH = "0" * 64
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
# Everything that an event's hash covers, in the order in which exports show it.
CONTENT_FIELDS = (
    "seq",
    "at",
    "tag",
    "actor_kind",
    "actor_account_id",
    "actor_label",
    "subject_type",
    "subject_id",
    "subject_label",
    "details",
    "request_id",
    "previous_hash",
)


class Event(models.Model):
    """One thing that happened. Labels and ids, no foreign keys, so that it outlives what it names."""

    seq = models.BigIntegerField("number", primary_key=True)
    at = models.DateTimeField("time")
    tag = models.CharField(max_length=64)
    actor_kind = models.CharField(max_length=16)
    actor_account_id = models.CharField(max_length=128, blank=True)
    actor_label = models.TextField(blank=True)
    subject_type = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=128, blank=True)
    subject_label = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        default_permissions = ("view",)
        ordering = ["-seq"]
        indexes = [
            models.Index(fields=["at", "seq"], name="audit_event_at"),
            models.Index(fields=["tag", "seq"], name="audit_event_tag"),
            models.Index(fields=["actor_account_id", "seq"], name="audit_event_actor"),
            models.Index(fields=["subject_id", "seq"], name="audit_event_subject"),
            models.Index(fields=["request_id", "seq"], name="audit_event_request"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.tag}"

    def content(self) -> dict[str, Any]:
        """The fields that the hash covers, with the time as text."""
        fields = {name: getattr(self, name) for name in CONTENT_FIELDS}
        fields["at"] = time_text(self.at)
        return fields

    def computed_hash(self) -> str:
        """What the hash of this content is, whatever the row says."""
        return hash_of(self.content())


class ChainHead(models.Model):
    """The one row every writer locks: number, hash and time of the newest event. A trigger moves it."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS_HASH)
    at = models.DateTimeField(default=BEGINNING)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_chainhead_is_one_row")]

    def __str__(self) -> str:
        return f"head {self.seq}"


class EvidencePack(models.Model):
    """A signed pack as it was handed out. Database triggers keep it as they keep events."""

    name = models.TextField()
    subject_type = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=128)
    subject_label = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.TextField(blank=True)
    content = models.BinaryField()
    size = models.PositiveIntegerField("bytes")
    sha256 = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_pack_subject")]

    def __str__(self) -> str:
        return f"pack {self.pk} {self.name}"
