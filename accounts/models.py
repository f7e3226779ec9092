"""Rows of this room: people, their seats, the users among them, and what they were told."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.people import PersonQuerySet, role_settings
from accounts.policy import ACTIVE, Role, roles_from, words_from_roles


class Person(models.Model):
    """Whom credentials, grants and plans belong to. May never have signed in.

    Only ``account_id`` says who somebody is: names and e-mail addresses change hands, and two people may show
    the same.
    """

    account_id = models.CharField(max_length=128, unique=True)
    uuid = models.CharField(max_length=64, blank=True)
    display_name = models.CharField(max_length=255, blank=True)
    nickname = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=254, blank=True)
    confirmed_emails = models.JSONField(default=list)
    account_status = models.CharField(max_length=32, default=ACTIVE)
    first_seen_at = models.DateTimeField(default=timezone.now, db_default=Now())
    last_signed_in_at = models.DateTimeField(null=True, blank=True)
    reach = models.JSONField(null=True, blank=True)
    reach_observed_at = models.DateTimeField(null=True, blank=True)
    # Since when the portal lets them neither in nor ask: they are leaving.
    blocked_at = models.DateTimeField(null=True, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("manage_approvers", "Can name approvers and take the role away"),
            ("view_people", "Can see everybody the portal knows"),
            ("manage_service_tokens", "Can make and revoke service tokens of the HTTP API"),
        ]
        indexes = [models.Index(fields=["display_name", "id"], name="person_by_name")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(account_id=""), name="person_has_account_id"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.account_id

    def current_roles(self) -> frozenset[Role]:
        """The roles held now, read afresh: membership, naming and settings count from the next request on."""
        facts = Person.objects.filter(pk=self.pk).with_role_facts().first()
        return roles_of_person(facts) if facts is not None else frozenset()


class Workspace(models.Model):
    """A Bitbucket workspace this portal has seen; known by its uuid, slug and name are labels."""

    uuid = models.CharField(max_length=64, unique=True)
    slug = models.CharField(max_length=255)
    name = models.CharField(max_length=255, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name or self.slug


class Seat(models.Model):
    """A person's membership of a workspace, as Bitbucket told it at ``observed_at``."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="seats")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=32, blank=True)
    observed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "workspace"], name="one_seat_per_workspace")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.workspace_id}"

    @property
    def role_words(self) -> str:
        """The role as people say it; one that Bitbucket invents later as it came."""
        return {"": "member", "create-project": "may create projects"}.get(self.role, self.role)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signed in. There is no password: Bitbucket vouches, or a sign-in code made on the server.

    ``is_superuser`` exists because Django asks for it; the database refuses it: rights come from roles.
    """

    username = models.CharField(max_length=128, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="user")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = BaseUserManager["User"]()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(is_superuser=False), name="nobody_is_superuser"),
        ]

    def __str__(self) -> str:
        return self.username

    def current_roles(self) -> frozenset[Role]:
        """The roles held now; see `Person.current_roles`."""
        return self.person.current_roles()

    @cached_property
    def role_words(self) -> str:
        """The roles in words, for the account menu."""
        return words_from_roles(self.current_roles())


class Notification(models.Model):
    """Something a person is told, in the portal and by e-mail: the row is the outbox, a job mails it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notifications")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    path = models.CharField(max_length=500)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    failed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["person", "-id"], name="notification_newest"),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return self.subject


class SigninCode(models.Model):
    """A one-time code that lets one person in while Bitbucket's sign-in is down. Only its hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="signin_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"sign-in code {self.pk}"


class ServiceToken(models.Model):
    """A token with which another system uses the HTTP API.

    Only its hash is kept. The token is random and long, so that a plain SHA-256 cannot be guessed back.
    """

    name = models.CharField(max_length=100, unique=True)
    scopes = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """``live``, ``expired`` or ``revoked``."""
        if self.revoked_at is not None:
            return "revoked"
        return "live" if self.expires_at > timezone.now() else "expired"


class RecordedSetting(models.Model):
    """The last value of a setting that grants rights, so that the next start can tell what changed."""

    name = models.CharField(max_length=64, unique=True)
    value = models.JSONField(default=list)
    recorded_at = models.DateTimeField(default=timezone.now, db_default=Now())

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


def roles_of_person(person: Person) -> frozenset[Role]:
    """The roles of a person that was read with ``with_role_facts()``."""
    settings = role_settings()
    return roles_from(
        person.account_id,
        is_live=bool(getattr(person, "is_live", False)),
        has_seat=bool(getattr(person, "has_seat", False)),
        is_named_approver=bool(getattr(person, "is_named_approver", False)),
        admins=settings.admins,
        auditors=settings.auditors,
    )
