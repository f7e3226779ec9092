"""The portal's own adding of one deploy key: what was sent, and what a re-read shows."""

from django.db import models
from django.db.models import Q

from tokens.models.place import Project, Repository
from tokens.models.request import Request


class RegistrationOutcome(models.TextChoices):
    """How it ended."""

    REGISTERED = "registered", "Added by us, and a re-read shows it"
    WITHDRAWN = "withdrawn", "Not wanted any more before anything was sent"
    NEEDS_HUMAN = "needs_human", "A person has to decide"


class KeyRegistration(models.Model):
    """Evidence in columns: when the key was sent and answered, when the place's list was read again and what it held.

    There is one for a request, for ever: a key is never sent for a second row.
    """

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="key_registration")
    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    reread_at = models.DateTimeField(null=True, blank=True)
    reread_total = models.PositiveIntegerField(null=True, blank=True)
    waiting_because = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=12, choices=RegistrationOutcome, blank=True)
    credential = models.OneToOneField(
        "tokens.Credential", on_delete=models.PROTECT, null=True, blank=True, related_name="key_registration"
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(repository__isnull=False, project__isnull=True)
                | Q(repository__isnull=True, project__isnull=False),
                name="key_registration_is_at_one_place",
            ),
            # "Registered" means re-read and there; the database holds us to it.
            models.CheckConstraint(
                condition=~Q(outcome="registered") | Q(reread_at__isnull=False, credential__isnull=False),
                name="registered_key_was_reread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.outcome or 'running'}"

    @property
    def job_key(self) -> str:
        """The idempotency key of its row of work: another one each time that a person wants it tried again."""
        return f"key:{self.request_id}:{self.tries}"

    @property
    def place(self) -> Repository | Project:
        """Where the key is added."""
        place = self.repository or self.project
        assert place is not None
        return place
