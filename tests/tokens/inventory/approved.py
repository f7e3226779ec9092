"""Approved credentials as rows, without the walk: what the rules look at."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Person
from tokens.codes import new_code
from tokens.models import Credential, Request, TemplateVersion
from tokens.queries import current_version

READ = ["read:repository:bitbucket"]


def approved_request(person: Person, **more: Any) -> Request:
    """An issued request; the shelf has to be filled."""
    version: TemplateVersion = more.pop("version", None) or current_version("clone-and-pull")
    now = timezone.now()
    values: dict[str, Any] = {
        "code": new_code(),
        "person": person,
        "template_version": version,
        "scopes": READ,
        "scopes_hash": "0" * 64,
        "risk": "low",
        "reason": "The nightly report",
        "where_used": "git",
        "lifetime_days": 30,
        "state": "issued",
        "submitted_at": now,
        "decided_at": now - timedelta(days=1),
        "approved_until": now.date() + timedelta(days=30),
        **more,
    }
    return Request.objects.create(**values)


def approved_credential(person: Person, *, until: date | None = None, **more: Any) -> Credential:
    """A bound and registered credential of a request of its own; what starts with ``request_`` is the request's."""
    asked = {name.removeprefix("request_"): more.pop(name) for name in list(more) if name.startswith("request_")}
    if until is not None:
        asked["approved_until"] = until
    asked.setdefault("kind", more.get("kind", "api_token"))
    request = approved_request(person, **asked)
    now = timezone.now()
    values: dict[str, Any] = {
        "request": request,
        "holder": person,
        "name": request.credential_name,
        "scopes": READ,
        "holder_proof": "listing",
        "verification_outcome": "exact",
        "registered_at": now,
        "created_at": now - timedelta(hours=1),
        "expires_at": now + timedelta(days=30),
        "expiry_is_read": True,
        "binding": "bound",
        "listing_id": f"listed-{request.code}",
        "bound_at": now,
        "seen_at": now,
        **more,
    }
    return Credential.objects.create(**values)
