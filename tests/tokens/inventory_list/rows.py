"""Credentials for a list, the short way, and what the page shows of them."""

import re
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import Person
from tokens.models import Credential, Finding, FindingKind, Request, TemplateVersion

_numbers = count(1)
READ, WRITE = "read:repository:bitbucket", "write:repository:bitbucket"
DAY = timedelta(days=1)


def found(**changes: Any) -> Credential:
    """An API token that was merely found: live, undeclared, bound; any column may be another."""
    number, now = next(_numbers), timezone.now()
    fields: dict[str, Any] = {
        "name": f"found {number}",
        "standing": "undeclared",
        "source": "sync",
        "scopes": [READ],
        "holder_proof": "listing",
        "registered_at": now - timedelta(minutes=number),
        "binding": "bound",
        "listing_id": f"entry-{number}",
        **changes,
    }
    if fields["binding"] != "bound":
        fields["listing_id"] = None
    return Credential.objects.create(**fields)


def approved(person: Person, slug: str = "clone-and-pull", **changes: Any) -> Credential:
    """One that was asked for, approved and verified."""
    number, now = next(_numbers), timezone.now()
    version = TemplateVersion.objects.get(template__slug=slug)
    request = Request.objects.create(
        code=f"bcp-T{number:05}",
        person=person,
        template_version=version,
        scopes=version.scopes,
        scopes_hash="x",
        risk=version.risk,
        reason="The nightly report",
        where_used="laptop",
        lifetime_days=30,
        state="issued",
        submitted_at=now,
    )
    return found(
        **{
            "name": request.credential_name,
            "standing": "approved",
            "request": request,
            "holder": person,
            "scopes": version.scopes,
            "verification_outcome": "exact",
            **changes,
        }
    )


def open_finding(credential: Credential, kind: FindingKind = FindingKind.IDLE, **changes: Any) -> Finding:
    """A finding of it that nobody has dealt with."""
    return Finding.objects.create(
        kind=kind,
        credential=credential,
        person=credential.holder,
        title=f"{credential.name}: {kind.label}",
        read_by="organisation listing",
        opened_at=timezone.now(),
        **changes,
    )


def shown(html: str) -> list[str]:
    """The names in the list, from top to bottom."""
    return re.findall(r'<span class="cell-name">(.*?)</span>', html)
