"""The HTTP API as another system calls it."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.test import Client
from django.urls import path
from ninja import NinjaAPI
from ninja.security import HttpBearer

from accounts.actors import System
from offboarding.api import router
from portal.api import too_long
from portal.urls import urlpatterns as portal_addresses


class Shown(HttpBearer):
    """TEMPORARY: whoever shows a name is it, until there are service tokens."""

    def authenticate(self, request: HttpRequest, token: str) -> System | None:
        return System(token) if token != "nobody" else None


api = NinjaAPI(title="Test", version="1", urls_namespace="offboarding-test", auth=Shown())
api.add_router("", router)
api.exception_handler(RequestDataTooBig)(too_long)
urlpatterns = [path("api/v1/", api.urls), *portal_addresses]
ADDRESS = "/api/v1/offboardings"


class Caller:
    """A system with a token.

    Args:
        token: what it shows; empty for nothing.
    """

    def __init__(self, token: str = "hr") -> None:
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
