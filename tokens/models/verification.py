"""What came back when a pasted credential was read. The secret itself lived for that one request only."""

from django.db import models

from accounts.models import Person
from tokens.models.request import Request


class Outcome(models.TextChoices):
    """The answer of one verification, in the order in which they win."""

    INVALID = "invalid", "Bitbucket does not accept it"
    WRONG_KIND = "wrong_kind", "Another kind of credential"
    WRONG_HOLDER = "wrong_holder", "Somebody else's"
    UNREADABLE = "unreadable", "Could not be read"
    EXCESS = "excess", "Broader than approved"
    MISSING = "missing", "Smaller than approved"
    EXACT = "exact", "Exactly as approved"


class BoundaryProof(models.TextChoices):
    """Whether an access token opens the one place that was approved, and another one of the same sort stays closed."""

    PROVEN = "proven", "Opens its place, and another one stayed closed"
    OPENS_MORE = "opens_more", "Opens another place as well"
    ELSEWHERE = "elsewhere", "Does not open its place"
    NOT_TESTED = "not_tested", "Could not be tested"


class Verification(models.Model):
    """One readable answer. What could not be read, or was never sent, leaves no row here.

    The last four fields are of an access token: what was tried of its boundary, who pasted it, and the end that they
    say was chosen for it.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="verifications")
    outcome = models.CharField(max_length=12, choices=Outcome)
    granted = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    excess = models.JSONField(default=list)
    credential_type_seen = models.CharField(max_length=60, blank=True)
    holder_proof = models.CharField(max_length=10, blank=True)
    fingerprint = models.CharField(max_length=80, blank=True)
    # Bitbucket may answer 401 only because of the address: a later 401 counts beside the same one alone.
    email = models.CharField(max_length=254, blank=True)
    verified_at = models.DateTimeField()
    # Registered by a click or a later proof; each verification registers at most once.
    registered_as = models.OneToOneField(
        "tokens.Credential", on_delete=models.PROTECT, null=True, blank=True, related_name="verification"
    )
    # High risk and the holder only declared: it waits for the organisation's listing.
    waits_for_listing = models.BooleanField(default=False)
    waiting_reason = models.CharField(max_length=300, blank=True)
    boundary_proof = models.CharField(max_length=10, choices=BoundaryProof, blank=True)
    boundary_words = models.CharField(max_length=300, blank=True)
    pasted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declared_end = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-verified_at", "-id"]

    def __str__(self) -> str:
        return f"{self.request}: {self.outcome}"


class PasteAttempt(models.Model):
    """That somebody pasted something at a time: all that the limit of attempts needs to know."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    attempted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "attempted_at"], name="paste_person_time")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.attempted_at:%Y-%m-%d %H:%M}"
