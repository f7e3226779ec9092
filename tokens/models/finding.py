"""A difference worth a person."""

from django.db import models
from django.db.models import Q

from accounts.models import Person
from tokens.models.credential import Credential


class FindingKind(models.TextChoices):
    """What is different from what was approved."""

    UNDECLARED = "undeclared", "Not approved here"
    GONE = "gone", "Gone, not by us"
    EXCESS = "excess", "Broader than approved"
    OVERDUE = "overdue", "Alive past its end"
    IDLE = "idle", "Not used for long"
    ORPHANED = "orphaned", "Its holder left"
    NO_DEPUTY = "no_deputy", "A machine's, without a deputy"
    REFUSED_ALIVE = "refused_alive", "Refused, still alive"
    AMBIGUOUS = "ambiguous", "Two entries carry one code"


class FindingAction(models.TextChoices):
    """The one thing to do next."""

    REGISTER = "register", "Register it"
    ASK_HOLDER = "ask_holder", "Ask the holder"
    REVOKE = "revoke", "Revoke it"
    CHOOSE = "choose", "Choose the right entry"
    NAME_DEPUTY = "name_deputy", "Name a deputy"
    LOOK = "look", "Look at it"


class Finding(models.Model):
    """One difference of one credential, from when it was seen until it was gone.

    A difference that comes back opens the same row again; ``history`` keeps what happened before: ``[{"at", "what",
    "words", "by"}, …]``. ``read_by`` says which read showed it, ``risk`` is the credential's, ``due_at`` until when
    somebody should have dealt with it.
    """

    kind = models.CharField(max_length=20, choices=FindingKind)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="findings")
    title = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    risk = models.CharField(max_length=10, default="medium")
    action = models.CharField(max_length=12, choices=FindingAction, default=FindingAction.LOOK)
    read_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    # When the holder was told or asked about it last.
    told_at = models.DateTimeField(null=True, blank=True)
    accepted_until = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.CharField(max_length=200, blank=True)
    history = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "credential"], name="one_finding_per_kind")]
        indexes = [
            models.Index(fields=["opened_at", "id"], condition=Q(closed_at=None), name="finding_open_by_age"),
            models.Index(fields=["person"], condition=Q(closed_at=None), name="finding_open_of_person"),
            models.Index(fields=["credential", "kind"], condition=Q(closed_at=None), name="finding_open_of_credential"),
        ]
        permissions = [("handle_finding", "Can ask about, accept and act on findings")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"


class FindingAcceptance(models.Model):
    """Somebody takes a difference on until a date, with a reason; high risk counts only with a second person's word."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="acceptances")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    because = models.CharField(max_length=300)
    until = models.DateField()
    needs_second = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["finding"], condition=Q(ended_at=None), name="one_acceptance_at_a_time"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("asked_by")),
                name="accepted_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} until {self.until}"
