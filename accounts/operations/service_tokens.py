"""Service tokens of the HTTP API: making one, ending one, finding the one that was shown."""

import hashlib
import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.views.decorators.debug import sensitive_variables

from accounts.access import authorise
from accounts.actors import Service, actor
from accounts.models import ServiceToken, User
from accounts.operations.errors import NotPossible
from accounts.policy import SERVICE_SCOPES
from audit import trail
from audit.content import RefusedContent, refuse_secret
from audit.tags import Tag

PERMISSION = "accounts.manage_service_tokens"
# A shape of its own, so that scanners and our own masker know it.
PREFIX = "bcps_"
LONGEST_DAYS = 365
# Writing the time of every use would make each request a write.
USE_IS_NOTED_AFTER = timedelta(minutes=1)


@sensitive_variables("text")
def make_service_token(
    name: str, scopes: list[str], days: int, *, acting_user: User, os_user: str = ""
) -> tuple[ServiceToken, str]:
    """Make a token for another system.

    Args:
        name: what it is called; the trail and the plans name it so for ever.
        scopes: of `SERVICE_SCOPES`.
        days: how long it works, 1 to 365.
        acting_user: an admin.
        os_user: the account on the server, for a command.

    Returns:
        The row, and the token itself: shown once and stored nowhere.

    Raises:
        PermissionDenied: the actor may not.
        NotPossible: no name, one that is taken or looks like a secret, an unknown scope, or too many days.
    """
    authorise(acting_user, PERMISSION)
    clean = " ".join(name.split())
    _check(clean, scopes, days)
    text = PREFIX + secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            row = ServiceToken.objects.create(
                name=clean,
                scopes=sorted(set(scopes)),
                token_hash=_hash(text),
                created_by=acting_user.person,
                expires_at=Now() + timedelta(days=days),
            )
            _record_making(row, days, acting_user, os_user)
    except IntegrityError:
        raise NotPossible(
            f"There is, or was, a service token called “{clean}”: names are not reused."
            " Where that one was never copied, revoke it and choose another name."
        ) from None
    row.refresh_from_db()
    return row, text


def _record_making(row: ServiceToken, days: int, acting_user: User, os_user: str) -> None:
    more = {"os_user": os_user} if os_user else {}
    trail.record(
        Tag.SERVICE_TOKEN_MADE, actor=actor(acting_user), subject=_subject(row), scopes=row.scopes, days=days, **more
    )


def _check(name: str, scopes: list[str], days: int) -> None:
    if not 1 <= len(name) <= 100:
        raise NotPossible("Give it a name of at most 100 characters that says which system uses it.")
    try:
        refuse_secret(name, where="name")
    except RefusedContent:
        raise NotPossible("The name looks like a secret.") from None
    if not scopes or set(scopes) - SERVICE_SCOPES.keys():
        raise NotPossible(f"Its scopes are some of: {', '.join(SERVICE_SCOPES)}.")
    if not 1 <= days <= LONGEST_DAYS:
        raise NotPossible(f"It works for 1 to {LONGEST_DAYS} days.")


def revoke_service_token(token: ServiceToken, *, acting_user: User, os_user: str = "") -> bool:
    """End a token now.

    Returns:
        Whether it was not revoked before.

    Raises:
        PermissionDenied: the actor may not.
    """
    authorise(acting_user, PERMISSION)
    with transaction.atomic():
        ended = ServiceToken.objects.filter(pk=token.pk, revoked_at=None).update(
            revoked_at=Now(), revoked_by=acting_user.person
        )
        if ended:
            more = {"os_user": os_user} if os_user else {}
            trail.record(Tag.SERVICE_TOKEN_REVOKED, actor=actor(acting_user), subject=_subject(token), **more)
    return bool(ended)


def service_of(text: str) -> Service | None:
    """The system that a token was made for; None where it is unknown, expired or revoked.

    It is found by its hash: an index tells nobody how near a guess was.
    """
    if not text.startswith(PREFIX):
        return None
    row = ServiceToken.objects.filter(token_hash=_hash(text), revoked_at=None, expires_at__gt=Now()).first()
    if row is None:
        return None
    is_old = Q(last_used_at=None) | Q(last_used_at__lt=Now() - USE_IS_NOTED_AFTER)
    ServiceToken.objects.filter(is_old, pk=row.pk).update(last_used_at=Now())
    return Service(row.name, frozenset(row.scopes))


def ended_token(text: str) -> ServiceToken | None:
    """The revoked or expired token that this is; None for anything else."""
    over = Q(revoked_at__isnull=False) | Q(expires_at__lte=Now())
    return ServiceToken.objects.filter(over, token_hash=_hash(text)).first()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _subject(row: ServiceToken) -> trail.Subject:
    return trail.Subject(type="service_token", id=str(row.pk), label=row.name)
