"""Entries of a listing as a client would give them, people and rows around them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import Person, Seat, Workspace
from bitbucket.resources import OrganisationToken
from tokens.models import Credential, Finding, Part, PartKind, Request, Source
from tokens.operations.observing import Observed, observe_tokens

READ = frozenset({"read:repository:bitbucket"})
ADMIN = frozenset({"admin:repository:bitbucket"})
JIRA = frozenset({"read:jira-work"})
_numbers = count(1)


def entry(
    owner: Person | str = "acc-eve", scopes: Collection[str] | None = READ, *, days: float = 1, **more: Any
) -> OrganisationToken:
    """An entry made ``days`` ago; ``owner`` is a person or an account id."""
    now = timezone.now()
    account_id = owner.account_id if isinstance(owner, Person) else owner
    made = OrganisationToken(
        id=f"entry-{next(_numbers)}",
        label="laptop",
        status="ALLOWED",
        created_at=now - timedelta(days=days),
        expires_at=now + timedelta(days=30),
        last_active_at=None,
        user_id=account_id,
        user_name=f"Name of {account_id}",
        user_email=f"{account_id}@example.test",
        scopes=None if scopes is None else frozenset(scopes),
    )
    return replace(made, **more)


def observe(*entries: OrganisationToken, at: datetime | None = None, source: Source = Source.SYNC) -> Observed:
    """One page is read."""
    return observe_tokens(entries, read_by="organisation listing", source=source, at=at or timezone.now())


def row_of(one: OrganisationToken) -> Credential:
    """The credential that an entry became."""
    return Credential.objects.get(listing_id=one.id)


def open_kinds(one: OrganisationToken | Credential) -> set[str]:
    """What is open about an entry."""
    credential = one if isinstance(one, Credential) else row_of(one)
    return set(Finding.objects.filter(credential=credential, closed_at=None).values_list("kind", flat=True))


def workspace() -> Workspace:
    """The one workspace that the settings name."""
    uuid = settings.BITBUCKET_WORKSPACES[0]
    return Workspace.objects.get_or_create(uuid=uuid, defaults={"slug": "acme", "name": "Acme"})[0]


def seat(person: Person) -> None:
    """Give a person a seat."""
    Seat.objects.create(person=person, workspace=workspace(), role="member", observed_at=timezone.now())


def members_read(*, problem: str = "", at: datetime | None = None) -> Part:
    """The members were read completely just now, or at a time; ``problem``: the newest try failed."""
    moment = at or timezone.now()
    values = {"first_observed_at": moment, "observed_at": moment, "problem": problem}
    return Part.objects.update_or_create(kind=PartKind.MEMBERS, workspace=workspace(), defaults=values)[0]


def listing_read(*, at: datetime | None = None) -> Part:
    """The organisation's tokens were read completely for the first time: the baseline begins."""
    moment = at or timezone.now()
    values = {"first_observed_at": moment, "observed_at": moment}
    return Part.objects.update_or_create(kind=PartKind.ORGANISATION_TOKENS, defaults=values)[0]


def coded(request: Request, **more: Any) -> OrganisationToken:
    """An entry as the walk says: the code in its name, the approved scopes, an end in time."""
    assert request.approved_until is not None
    end = datetime.combine(request.approved_until, datetime.min.time(), tzinfo=timezone.get_default_timezone())
    values: dict[str, Any] = {"label": request.credential_name, "expires_at": end, "days": 0, **more}
    return entry(values.pop("owner", request.person), values.pop("scopes", request.scopes), **values)
