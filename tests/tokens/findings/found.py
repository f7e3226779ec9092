"""Found credentials and findings, the short way: as the inventory leaves them."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import Person
from tokens.models import Credential, Finding, FindingAcceptance, FindingKind, Source, Standing
from tokens.models.credential import BindingState, HolderProof

READ, WRITE = "read:repository:bitbucket", "write:repository:bitbucket"
LISTING = "organisation listing"
_numbers = count(1)


def in_days(days: int) -> datetime:
    """A moment so many days from now."""
    return timezone.now() + timedelta(days=days)


def day(days: int) -> date:
    """A day so many days from today."""
    return timezone.now().date() + timedelta(days=days)


def found_token(
    holder: Person | None,
    *,
    name: str = "old laptop",
    scopes: list[str] | None = None,
    standing: str = Standing.UNDECLARED,
    ends_in: int | None = 20,
    **more: Any,
) -> Credential:
    """A token that the organisation's listing shows; without ``scopes`` the listing does not tell any."""
    values: dict[str, Any] = {
        "standing": standing,
        "source": Source.SYNC,
        "scopes": scopes or [],
        "listed_scopes": scopes,
        "holder_proof": HolderProof.LISTING,
        "registered_at": timezone.now(),
        "created_at": in_days(-40),
        "expires_at": None if ends_in is None else in_days(ends_in),
        "expiry_is_read": ends_in is not None,
        "binding": BindingState.BOUND,
        "listing_id": f"found-{next(_numbers)}",
        "listing_label": name,
        "bound_at": timezone.now(),
        "seen_at": timezone.now(),
        "seen_by": LISTING,
    }
    return Credential.objects.create(holder=holder, name=name, **values | more)


def unknown_token(holder: Person, **more: Any) -> Credential:
    """A token of which the listing does not tell the product."""
    return found_token(holder, standing=Standing.UNKNOWN_PRODUCT, **more)


def finding_of(credential: Credential, kind: FindingKind = FindingKind.UNDECLARED, **more: Any) -> Finding:
    """An open finding about a credential."""
    values: dict[str, Any] = {
        "title": f"{credential.name} is not approved here",
        "risk": "medium",
        "action": "ask_holder",
        "read_by": LISTING,
        "opened_at": in_days(-3),
        "checked_at": timezone.now(),
        "due_at": in_days(57),
    }
    return Finding.objects.create(kind=kind, credential=credential, person=credential.holder, **values | more)


def accepted(finding: Finding, by: Person, *, until: date | None = None, needs_second: bool = False) -> None:
    """An acceptance that is in effect; with ``needs_second``, only proposed."""
    until = until or day(30)
    FindingAcceptance.objects.create(
        finding=finding, asked_by=by, asked_at=timezone.now(), because="Replaced soon", until=until,
        needs_second=needs_second,
    )  # fmt: skip
    if not needs_second:
        Finding.objects.filter(pk=finding.pk).update(accepted_until=until)
