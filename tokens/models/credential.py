"""Anything that opens Bitbucket, as far as we know it. Never the secret."""

from datetime import UTC, datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Left
from django.urls import reverse

from accounts.models import Person, Workspace
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.models.place import Project, Repository
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
    NO_LISTING = "no_listing", "No list shows this kind"


class Standing(models.TextChoices):
    """What we make of it: approved here, merely found, none of our business, or the portal's own."""

    APPROVED = "approved", "Approved here"
    UNDECLARED = "undeclared", "Not approved here"
    UNKNOWN_PRODUCT = "unknown_product", "Product not known"
    OTHER_PRODUCT = "other_product", "Not for Bitbucket"
    OWN = "own", "The portal's own"


# Counted when we say how much of what opens Bitbucket is approved.
COUNTED = (Standing.APPROVED, Standing.UNDECLARED)

# Stand for "no end" and "never used" where rows are put in order: every row has a place.
NO_END = datetime(9999, 12, 31, tzinfo=UTC)
NEVER_USED = datetime(1970, 1, 1, tzinfo=UTC)
# What the inventory filters by and an index can carry. Lists of scopes have no bound, so they are not among it.
FILTERED = (
    "state",
    "standing",
    "kind",
    "verification_outcome",
    "holder_proof",
    "workspace",
    "expires_at",
    "last_used_at",
    "holder",
    "request",
)


class Source(models.TextChoices):
    """How it came to our knowledge."""

    PASTE = "paste", "Pasted and read back"
    LISTING = "listing", "Registered from the organisation's listing"
    SYNC = "sync", "Found by an inventory run"
    RADAR = "radar", "Found among the newest tokens"
    PORTAL = "portal", "Added by the portal"


class Answer(models.TextChoices):
    """What its holder says about a credential that nobody approved."""

    USES = "uses", "I use it"
    NOT_BITBUCKET = "not_bitbucket", "It is not for Bitbucket"
    DELETE = "delete", "Delete it"
    NOT_MINE = "not_mine", "It is not mine"


class Credential(models.Model):
    """One credential, approved or merely found.

    ``fingerprint`` is an HMAC with a pepper kept outside the database; ``key_fingerprint`` what OpenSSH calls so,
    ``SHA256:…`` of a key's public half, empty where nobody told; ``listing_id`` the one entry of the vendor's listing
    it is: unique, never changed (for a deploy key ``deploy_key:<place's uuid>:<id>``). What was only found has
    no request; a deploy key whose owner Bitbucket does not name has no holder. ``creator`` made it at Bitbucket, where
    that is somebody else's to do than its holder's. ``scopes`` is what we know it can do, ``listed_scopes`` what the
    listing says (None where that does not tell). ``scope_list`` and ``search_text`` are kept by the database for
    filters and search.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, blank=True, related_name="credentials")
    holder = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="credentials")
    creator = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="created")
    standing = models.CharField(max_length=16, choices=Standing, default=Standing.APPROVED)
    source = models.CharField(max_length=8, choices=Source, default=Source.PASTE)
    kind = models.CharField(max_length=40, default="api_token")
    name = models.CharField(max_length=200)
    scopes = models.JSONField()
    listed_scopes = models.JSONField(null=True, blank=True)
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, null=True, blank=True, related_name="credentials"
    )
    repository = models.ForeignKey(
        Repository, on_delete=models.PROTECT, null=True, blank=True, related_name="credentials"
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True, related_name="credentials")
    state = models.CharField(max_length=12, choices=CredentialState, default=CredentialState.ACTIVE)
    state_reason = models.CharField(max_length=300, blank=True)
    fingerprint = models.CharField(max_length=80, blank=True)
    key_fingerprint = models.CharField(max_length=60, blank=True)
    holder_proof = models.CharField(max_length=10, choices=HolderProof)
    verification_outcome = models.CharField(max_length=12, blank=True)
    credential_type_seen = models.CharField(max_length=60, blank=True)
    # Where a machine that works with a person's token should go instead, and by when.
    migration_note = models.CharField(max_length=300, blank=True)
    # When we came to know it; `created_at` is the vendor's word.
    registered_at = models.DateTimeField()
    created_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    expiry_is_read = models.BooleanField(default=False)
    binding = models.CharField(max_length=14, choices=BindingState, default=BindingState.LOOKING)
    binding_reason = models.CharField(max_length=300, blank=True)
    listing_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    listing_label = models.CharField(max_length=200, blank=True)
    bound_at = models.DateTimeField(null=True, blank=True)
    # Entries that could be it when several could: what a person chooses from (id, label, created, expires).
    candidates = models.JSONField(default=list, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    # The last complete read that showed it, and which one that was.
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.CharField(max_length=60, blank=True)
    answer = models.CharField(max_length=14, choices=Answer, blank=True)
    answer_words = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    scope_list = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    search_text = models.TextField(default="", editable=False)
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
            models.CheckConstraint(
                condition=~Q(standing="approved") | Q(request__isnull=False, holder__isnull=False),
                name="approved_credential_has_request_and_holder",
            ),
            # An access token opens one place for one machine: nobody registers it for a second one.
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(kind__in=ACCESS_TOKEN_KINDS) & ~Q(fingerprint=""),
                name="one_credential_per_access_token",
            ),
        ]
        indexes = [
            models.Index(fields=["standing", "state"], name="credential_standing_state"),
            models.Index(fields=["repository"], name="credential_repository"),
            GinIndex(fields=["scope_list"], name="credential_scopes"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="credential_search"),
            models.Index(fields=["holder", "state"], name="credential_holder_state"),
            models.Index(fields=["fingerprint"], name="credential_fingerprint"),
            models.Index(fields=["state", "expires_at"], name="credential_state_expiry"),
            models.Index(
                fields=["key_fingerprint"], condition=~Q(key_fingerprint=""), name="credential_key_fingerprint"
            ),
            # Each lets few rows through where it is asked for.
            models.Index(fields=["kind"], name="credential_kind"),
            models.Index(fields=["verification_outcome"], name="credential_verification"),
            # Two letters have no trigram.
            models.Index(Left("search_text", 2), name="credential_search_beginning"),
            # The inventory's three orders. They carry what it filters by, so that a filter which lets few rows through
            # is answered by the index alone; the rows themselves are wide.
            models.Index(fields=["registered_at", "id"], include=FILTERED, name="credential_newest_first"),
            models.Index(Coalesce("expires_at", Value(NO_END)), "id", include=FILTERED, name="credential_ends_first"),
            models.Index(
                Coalesce("last_used_at", Value(NEVER_USED)), "id", include=FILTERED, name="credential_unused_longest"
            ),
        ]
        permissions = [
            ("view_inventory", "Can see every credential and finding"),
            ("revoke_credential", "Can revoke credentials of others"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("credential", args=[self.pk])

    @property
    def place(self) -> Repository | Project | None:
        """The one place it opens, for a key or token of a repository or project."""
        return self.repository or self.project

    @property
    def place_name(self) -> str:
        """The one place it opens as people name it, "" for a person's own, which opens all that they reach."""
        if self.repository is None and self.request is not None and self.request.boundary:
            return self.request.boundary
        return str(self.place or self.workspace or "")

    @property
    def approved_request(self) -> Request:
        """The request it was approved by.

        Raises:
            Request.DoesNotExist: it was merely found.
        """
        if self.request is None:
            raise Request.DoesNotExist(f"nobody asked for credential {self.pk}")
        return self.request

    @property
    def known_holder(self) -> Person:
        """Its holder.

        Raises:
            Person.DoesNotExist: Bitbucket names none.
        """
        if self.holder is None:
            raise Person.DoesNotExist(f"nobody is known to hold credential {self.pk}")
        return self.holder
