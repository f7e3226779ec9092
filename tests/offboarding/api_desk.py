"""The HTTP API as another system calls it."""

import json
from typing import Any

from django.test import Client

from accounts.models import User
from accounts.operations import make_service_token

ADDRESS = "/api/v1/offboardings"


def system(name: str, admin: User) -> "Caller":
    """Another system, with a token of its own."""
    return Caller(make_service_token(name, ["offboardings:write"], 90, acting_user=admin)[1])


class Caller:
    """A system with a token.

    Args:
        token: what it shows; empty for nothing.
    """

    def __init__(self, token: str) -> None:
        self.client, self.token = Client(), token

    def headers(self, key: str | None) -> dict[str, str]:
        """What it sends beside the body."""
        shown = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return shown | ({"Idempotency-Key": key} if key is not None else {})

    def send(self, body: Any, *, key: str | None = "k1", kind: str = "application/json") -> Any:
        """POST one leaver, or what is sent as it stands."""
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.post(ADDRESS, content, content_type=kind, headers=self.headers(key))

    def send_list(self, text: str, *, key: str | None = "k1") -> Any:
        """POST a list."""
        return self.send(text, key=key, kind="text/csv; charset=utf-8")

    def look(self, plan: Any) -> Any:
        """GET a plan."""
        return self.client.get(f"{ADDRESS}/{plan}", headers=self.headers(None))
