"""Somebody asks for a credential; somebody or a rule decides."""

from django.db import models
from django.urls import reverse

from accounts.models import Person
from tokens.models.template import TemplateVersion
from tokens.states import RequestState


class UsedBy(models.TextChoices):
    """Who works with a credential: the person who asks, or a machine that they and a deputy answer for."""

    PERSON = "person", "I will, myself"
    MACHINE = "machine", "A machine"


class Makers(models.TextChoices):
    """What is known of who can make the access token of an approved request: the admins of the place it opens."""

    LOOKING = "looking", "Being looked up"
    KNOWN = "known", "Known"
    NOT_KNOWN = "not_known", "Not known"
    NO_PLACE = "no_place", "There is no such place"


class Request(models.Model):
    """One ask. ``scopes`` are frozen at submission, with their hash; verification compares with them.

    ``needed`` is what the adviser worked out, where the person came from there: ``{"scopes": […], "because": {scope:
    [call or task, …]}}``. ``machine`` (its name; ``where_used`` is where it runs), ``deputy`` and ``boundary`` (the one
    repository, project or workspace) belong to a machine's. ``public_key`` is the public half of a deploy key as
    `algorithm base64`; the portal never sees the other one. ``makers`` says whether it is known
    who can make an access token (`RequestMaker`), ``makers_because`` why not.
    """

    code = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="requests")
    template_version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=40, default="api_token")
    scopes = models.JSONField()
    scopes_hash = models.CharField(max_length=64)
    risk = models.CharField(max_length=10)
    reason = models.CharField(max_length=300)
    where_used = models.CharField(max_length=200)
    needed = models.JSONField(default=dict, blank=True)
    used_by = models.CharField(max_length=8, choices=UsedBy, default=UsedBy.PERSON)
    machine = models.CharField(max_length=100, blank=True)
    public_key = models.TextField(blank=True)
    deputy = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="deputy_for")
    boundary = models.CharField(max_length=200, blank=True)
    lifetime_days = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=RequestState, default=RequestState.PENDING)
    decided_by_rule = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    # The last day on which a credential of this request may be alive.
    approved_until = models.DateField(null=True, blank=True)
    look_due_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_at_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Set when an earlier credential was lost: the same grant opens again once that one is gone.
    reopens = models.ForeignKey(
        "tokens.Credential", on_delete=models.PROTECT, null=True, blank=True, related_name="reopened_by"
    )
    # The key that the one of this request takes the place of; both work until nothing uses the old one.
    rotates = models.ForeignKey(
        "tokens.Credential", on_delete=models.PROTECT, null=True, blank=True, related_name="rotated_by"
    )
    # A credential that was found and that this request would make a proper one of.
    adopts = models.ForeignKey(
        "tokens.Credential", on_delete=models.PROTECT, null=True, blank=True, related_name="adopted_by"
    )
    makers = models.CharField(max_length=10, choices=Makers, blank=True)
    makers_because = models.CharField(max_length=300, blank=True)
    # While the create page is open the newest tokens are looked at often; what was seen of this one.
    create_page_seen_at = models.DateTimeField(null=True, blank=True)
    seen_entry = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-submitted_at", "-id"]
        indexes = [
            models.Index(fields=["state", "submitted_at"], name="request_state_age"),
            models.Index(fields=["person", "-submitted_at"], name="request_person_age"),
        ]
        permissions = [
            ("request_credential", "Can ask for a credential"),
            ("approve_request", "Can approve or deny requests of others"),
            ("view_all_requests", "Can see every request"),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("request", args=[self.code])

    @property
    def credential_name(self) -> str:
        """The name the person gives the token at Atlassian: the code first, so that the listing can be matched."""
        return f"{self.code} {self.template_version.name}"


class RequestMaker(models.Model):
    """Somebody who administers the place that a request is for, and so can make its access token there."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="request_makers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["request", "person"], name="one_row_per_maker")]

    def __str__(self) -> str:
        return f"{self.person} for {self.request}"


class Verdict(models.TextChoices):
    """What an approver said."""

    APPROVED = "approved", "Approved"
    DENIED = "denied", "Denied"


class Approval(models.Model):
    """One approver's word on one request."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="approvals")
    approver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "approver"], name="one_word_per_approver")]
        ordering = ["decided_at"]

    def __str__(self) -> str:
        return f"{self.request}: {self.verdict}"
