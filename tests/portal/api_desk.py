"""What the tests of the HTTP API do over and over: somebody signed in, JSON sent."""

import json
from typing import Any

from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from tests.accounts.people import make_user
from tests.tokens.shelf import fill_shelf

BACKEND = "accounts.roles.RoleBackend"
NAMES = ("scopes", "diagnose")


def settle(settings: Settings) -> User:
    """The portal's settings, the templates, and Emma, who has a seat."""
    settings.PORTAL_URL = "http://testserver"
    settings.BITBUCKET_WORKSPACES = ["{acme-uuid}"]
    settings.PORTAL_ADMINS, settings.PORTAL_AUDITORS = [], ["712020:otto"]
    settings.SECURE_SSL_REDIRECT = False
    user = make_user("emma")
    fill_shelf()
    return user


def browser(user: User | None = None) -> Client:
    """A browser in which this user is signed in, or nobody."""
    client = Client()
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def post(client: Client, name: str, body: Any, **headers: str) -> Any:
    """Send JSON to an operation of the API; what is a text is sent as it stands."""
    content = body if isinstance(body, str) else json.dumps(body)
    return client.post(reverse(f"api:{name}"), content, content_type="application/json", headers=headers)
