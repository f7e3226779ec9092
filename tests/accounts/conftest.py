"""Fixtures of this room: settings that name Ada and Otto, the cast, and a sandbox to sign in with."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from sandbox.seed import demo_value
from sandbox.server import RunningSandbox, start
from tests.accounts.people import ACME, make_user
from tests.accounts.visits import Visit

PORTAL = "http://testserver"


@pytest.fixture(autouse=True)
def portal_settings(settings: Settings) -> Settings:
    """The settings these tests mean, whatever the environment says."""
    settings.PORTAL_URL = PORTAL
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    settings.BITBUCKET_WORKSPACES = [ACME]
    settings.PORTAL_ADMINS = ["712020:ada"]
    settings.PORTAL_AUDITORS = ["712020:otto"]
    settings.OUTBOUND_PROXY = settings.CA_BUNDLE = ""
    settings.SECURE_SSL_REDIRECT = False
    settings.STATIC_ROOT = None  # nobody reads collected files here
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return settings


@pytest.fixture
def emma(db: None) -> User:
    """An employee."""
    return make_user("emma")


@pytest.fixture
def aria(db: None) -> User:
    """An approver."""
    return make_user("aria", approver=True)


@pytest.fixture
def ada(db: None) -> User:
    """An admin without a seat."""
    return make_user("ada", seat=False)


@pytest.fixture
def otto(db: None) -> User:
    """An auditor without a seat."""
    return make_user("otto", seat=False)


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[RunningSandbox]:
    """One sandbox for all tests; `sandbox` puts it back to its beginning."""
    running = start(repositories=12, members=3, tokens=0, callback_urls=(f"{PORTAL}/signin/bitbucket/callback/",))
    yield running
    running.stop()


@pytest.fixture
def sandbox(running_sandbox: RunningSandbox, settings: Settings, db: None) -> RunningSandbox:
    """A fresh sandbox, with the portal's settings pointing to it."""
    world = running_sandbox.world
    world.start_over()
    settings.BITBUCKET_WEB_URL = running_sandbox.url
    settings.BITBUCKET_API_URL = f"{running_sandbox.url}/2.0"
    settings.BITBUCKET_WORKSPACES = [world.workspaces["acme"].uuid]
    app = {"client_id": world.consumer.key, "secret": demo_value(1, "oauth-secret"), "key": ""}
    settings.SOCIALACCOUNT_PROVIDERS = {"bitbucket_oauth2": {"APPS": [app], "SCOPE": ["account", "email"]}}
    people = {account.key: account.account_id for account in world.accounts.values()}
    settings.PORTAL_ADMINS, settings.PORTAL_AUDITORS = [people["ada"]], [people["otto"]]
    return running_sandbox


@pytest.fixture
def visit(sandbox: RunningSandbox, client: Client) -> Visit:
    """Somebody in front of a browser."""
    return Visit(client, sandbox)
