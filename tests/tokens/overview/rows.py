"""Hand-made rows for the overview: each one is what its words say and nothing else."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import Person, Workspace
from tests.tokens.shelf import fill_shelf
from tokens.models import Credential, Finding, Part, PartKind, Request, TemplateVersion

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
READ = ["read:repository:bitbucket"]
_numbers = count(1)


def person(name: str = "emma") -> Person:
    """Somebody who holds things."""
    found, _ = Person.objects.get_or_create(account_id=f"712020:{name}", defaults={"display_name": name.capitalize()})
    return found


def acme() -> Workspace:
    """The workspace."""
    found, _ = Workspace.objects.get_or_create(uuid="{acme-uuid}", defaults={"slug": "acme", "name": "Acme"})
    return found


def credential(**fields: Any) -> Credential:
    """A live API token for Bitbucket that a run found yesterday and nobody approved."""
    number = next(_numbers)
    known = {
        "holder": person(),
        "standing": "undeclared",
        "source": "sync",
        "name": f"token {number}",
        "scopes": READ,
        "holder_proof": "listing",
        "binding": "bound",
        "listing_id": f"entry-{number}",
        "registered_at": NOW - DAY,
    }
    return Credential.objects.create(**known | fields)


def approved(*, decided_at: datetime = NOW - 2 * DAY, **fields: Any) -> Credential:
    """A live API token that was asked for, approved and read back exactly as approved."""
    known = {"standing": "approved", "source": "paste", "verification_outcome": "exact"}
    return credential(**known | {"request": _request(decided_at)} | fields)


def adopted(**fields: Any) -> Credential:
    """One that a run found, and that somebody asked for afterwards."""
    row = approved(source="sync", **fields)
    Request.objects.filter(credentials=row).update(adopts=row)
    return row


def finding(kind: str = "undeclared", *, age: timedelta = timedelta(hours=1), **fields: Any) -> Finding:
    """An open finding about a credential of its own."""
    about = fields.pop("credential", None) or credential()
    known = {"kind": kind, "credential": about, "title": kind, "read_by": "a run", "opened_at": NOW - age}
    return Finding.objects.create(**known | fields)


def part(kind: str = PartKind.MEMBERS, *, age: timedelta | None = timedelta(hours=1), **fields: Any) -> Part:
    """A part that was read to the end some time ago; never where no age is given."""
    read = NOW - age if age is not None else None
    known = {"kind": kind, "workspace": acme(), "first_observed_at": read, "observed_at": read, "tried_at": read}
    return Part.objects.create(**known | fields)


def _request(decided_at: datetime) -> Request:
    if not TemplateVersion.objects.exists():
        fill_shelf()
    return Request.objects.create(
        code=f"bcp-{next(_numbers):06}", person=person(), template_version=TemplateVersion.objects.earliest("pk"),
        scopes=READ, scopes_hash="hash", risk="low", reason="The nightly report", where_used="my laptop",
        lifetime_days=30, state="issued", submitted_at=decided_at, decided_at=decided_at,
    )  # fmt: skip
