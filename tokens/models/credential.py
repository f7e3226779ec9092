"""Anything that opens Bitbucket, as far as we know it. Never the secret."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Person
from tokens.models.request import Request
from tokens.states import ENDED, REGISTERED, CredentialState


class HolderProof(models.TextChoices):
    """How we know whose credential it is."""

    READ = "read", "Bitbucket named the holder"
    LISTING = "listing", "The organisation's listing names the holder"
    DECLARED = "declared", "Only the holder's word so far"


class BindingState(models.TextChoices):
    """Whether we know which entry of the organisation's listing it is."""

    LOOKING = "looking", "Looking for it in the organisation's listing"
    BOUND = "bound", "Found in the organisation's listing"
    UNBOUND = "unbound", "Not identified in the organisation's listing"
    NOT_CONNECTED = "not_connected", "No organisation is connected"


class Credential(models.Model):
    """One credential.

    ``fingerprint`` is an HMAC with a pepper kept outside the database; ``listing_id`` the one entry of the
    organisation's listing it is bound to: unique, never changed.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="credentials")
    holder = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="credentials")
    kind = models.CharField(max_length=40, default="api_token")
    name = models.CharField(max_length=140)
    scopes = models.JSONField()
    state = models.CharField(max_length=12, choices=CredentialState, default=CredentialState.ACTIVE)
    state_reason = models.CharField(max_length=300, blank=True)
    fingerprint = models.CharField(max_length=80)
    holder_proof = models.CharField(max_length=10, choices=HolderProof)
    verification_outcome = models.CharField(max_length=12)
    credential_type_seen = models.CharField(max_length=60, blank=True)
    registered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    expiry_is_read = models.BooleanField(default=False)
    binding = models.CharField(max_length=14, choices=BindingState, default=BindingState.LOOKING)
    binding_reason = models.CharField(max_length=300, blank=True)
    listing_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    listing_label = models.CharField(max_length=200, blank=True)
    bound_at = models.DateTimeField(null=True, blank=True)
    # Entries that could be it when several could: what a person chooses from (id, label, created, expires).
    candidates = models.JSONField(default=list, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-registered_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=sorted(REGISTERED)),
                name="one_registered_credential_per_request",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(ENDED)) | Q(ended_at__isnull=False),
                name="ended_credential_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(binding="bound") | Q(listing_id__isnull=False), name="bound_credential_has_entry"
            ),
        ]
        indexes = [
            models.Index(fields=["holder", "state"], name="credential_holder_state"),
            models.Index(fields=["fingerprint"], name="credential_fingerprint"),
            models.Index(fields=["state", "expires_at"], name="credential_state_expiry"),
        ]
        permissions = [
            ("view_inventory", "Can see every credential and finding"),
            ("revoke_credential", "Can revoke credentials of others"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("credential", args=[self.pk])
