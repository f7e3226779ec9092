"""Fixtures of this room: the portal's settings, one real sandbox, the cast as rows, the templates."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from accounts.models import User
from sandbox.environment import environment_for
from sandbox.server import RunningSandbox, start
from tests.tokens.desk import Desk, Made, connect_organisation
from tests.tokens.shelf import fill_shelf
from tokens.models import Credential

PEPPERS = ["new-pepper-of-the-tests", "old-pepper-of-the-tests"]
LISTS = ("PORTAL_ADMINS", "PORTAL_AUDITORS", "BITBUCKET_WORKSPACES")


@pytest.fixture(autouse=True)
def portal_settings(settings: Settings) -> Settings:
    """The settings these tests mean, whatever the environment says."""
    settings.PORTAL_URL = "http://testserver"
    settings.OUTBOUND_PROXY = settings.CA_BUNDLE = ""
    settings.SECURE_SSL_REDIRECT = False
    settings.FINGERPRINT_PEPPERS = list(PEPPERS)
    settings.STATIC_ROOT = None  # nobody reads collected files here
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return settings


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[RunningSandbox]:
    """One sandbox for all tests; `desk` puts it back to its beginning."""
    with start(repositories=12, members=3, tokens=0, hourly_limit=0) as running:
        yield running


@pytest.fixture
def desk(running_sandbox: RunningSandbox, settings: Settings, db: None) -> Desk:
    """A fresh sandbox, the portal's settings pointing to it, an organisation that is connected, templates."""
    running_sandbox.world.start_over()
    for name, value in environment_for(running_sandbox.world.options, running_sandbox.url).items():
        setattr(settings, name, value.split(",") if name in LISTS else value)
    settings.DEMO = True
    connect_organisation()
    fill_shelf()
    return Desk(running_sandbox)


@pytest.fixture
def emma(desk: Desk) -> User:
    """An employee."""
    return desk.user("emma")


@pytest.fixture
def lee(desk: Desk) -> User:
    """Another employee."""
    return desk.user("lee")


@pytest.fixture
def aria(desk: Desk) -> User:
    """An approver."""
    return desk.user("aria", approver=True)


@pytest.fixture
def ada(desk: Desk) -> User:
    """An admin without a seat."""
    return desk.user("ada", seat=False)


@pytest.fixture
def otto(desk: Desk) -> User:
    """An auditor without a seat."""
    return desk.user("otto", seat=False)


@pytest.fixture
def held(desk: Desk, emma: User) -> tuple[Credential, Made]:
    """Emma's registered and bound credential."""
    return desk.registered(emma)


@pytest.fixture(params=[True, False], ids=["email-checked", "email-not-checked"])
def email_switch(request: pytest.FixtureRequest, desk: Desk) -> bool:
    """Nobody outside could confirm whether Basic checks the e-mail: both answers must work."""
    desk.world.switches.basic_checks_email = request.param
    return bool(request.param)
