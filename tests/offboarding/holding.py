"""What somebody holds, and what the lists of members tell, as rows: the inventory's own tests show how they come."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Person, Seat, Workspace
from accounts.operations.people_seen import PersonSeen
from accounts.operations.seats import replace_seats
from tokens.models import Credential, Grant, Part, PartKind, Project

HOUR = timedelta(hours=1)


def acme() -> Workspace:
    """The one workspace that is served."""
    return Workspace.objects.get_or_create(uuid=settings.BITBUCKET_WORKSPACES[0], defaults={"slug": "acme"})[0]


def members_read(*people: Person, at: datetime | None = None, problem: str = "") -> None:
    """The list of members was read to its end and held these people; with a problem it was not, and tells nothing."""
    at = at or timezone.now()
    if not problem:
        seen = [PersonSeen(one.account_id, one.uuid, one.display_name) for one in people]
        with transaction.atomic():
            replace_seats(acme(), seen, at=at)
    Part.objects.update_or_create(
        kind=PartKind.MEMBERS, workspace=acme(), retired_at=None, defaults={"observed_at": at, "problem": problem}
    )


def a_token(person: Person, *, at: datetime | None = None, **more: object) -> Credential:
    """A live API token that the listing shows as theirs."""
    values: dict[str, object] = {
        "standing": "undeclared",
        "source": "sync",
        "name": "found",
        "scopes": [],
        "holder_proof": "listing",
        "registered_at": at or timezone.now() - HOUR,
    }
    return Credential.objects.create(holder=person, **(values | more))


def a_grant(person: Person, *, at: datetime | None = None) -> Grant:
    """A grant by name on a project."""
    seen = at or timezone.now() - HOUR
    key = f"P{Project.objects.count()}"
    project = Project.objects.create(
        workspace=acme(), key=key, uuid=f"{{{key}}}", name=key, first_seen_at=seen, observed_at=seen
    )
    return Grant.objects.create(
        project=project, person=person, permission="write", first_seen_at=seen, observed_at=seen
    )


def seatless(person: Person) -> None:
    """The portal has not seen a seat of theirs."""
    Seat.objects.filter(person=person).delete()
