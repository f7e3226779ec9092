"""One attempt to end one credential, with what shows that it ended."""

from django.db import models
from django.db.models import Q

from accounts.models import Person
from tokens.models.credential import Credential


class RevocationOutcome(models.TextChoices):
    """How it ended."""

    REVOKED = "revoked", "Deleted by us, and a re-read shows it gone"
    GONE = "gone", "It was gone before we deleted anything"
    ATTESTED = "attested", "A person says it is gone"
    PRESENTED = "presented", "Presented once more, and Bitbucket no longer accepts it"
    NEEDS_HUMAN = "needs_human", "A person has to decide"


class Revocation(models.Model):
    """Evidence in columns: when the deletion was sent and answered, when the list was read again and what it held.

    What no list shows is proven by itself: somebody presented the very token once more, and Bitbucket answered 401.
    """

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="revocations")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    lost = models.BooleanField(default=False)
    found_at = models.DateTimeField(null=True, blank=True)
    deletion_sent_at = models.DateTimeField(null=True, blank=True)
    deletion_answer = models.CharField(max_length=60, blank=True)
    reread_at = models.DateTimeField(null=True, blank=True)
    reread_total = models.PositiveIntegerField(null=True, blank=True)
    waiting_because = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=12, choices=RevocationOutcome, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    attested_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    attestation = models.CharField(max_length=300, blank=True)
    presented_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    presented_at = models.DateTimeField(null=True, blank=True)
    # Bitbucket's HTTP status: 401, or what shows that it still works.
    presented_status = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["credential"], condition=Q(finished_at=None), name="one_running_revocation"
            ),
            # "Revoked" means re-read and gone; the database holds us to it.
            models.CheckConstraint(
                condition=~Q(outcome="revoked") | Q(deletion_sent_at__isnull=False, reread_at__isnull=False),
                name="revoked_was_reread",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="presented")
                | Q(presented_by__isnull=False, presented_at__isnull=False, presented_status=401),
                name="presented_was_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credential}: {self.outcome or 'running'}"

    @property
    def job_key(self) -> str:
        """The idempotency key of its row of work."""
        return f"revocation:{self.pk}"
