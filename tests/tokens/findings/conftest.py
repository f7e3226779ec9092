"""Two admins, an auditor and two holders, without a sandbox: nothing here asks Bitbucket."""

import pytest
from pytest_django import Settings

from accounts.models import User
from tests.accounts.people import ACME, make_user
from tests.tokens.shelf import fill_shelf


@pytest.fixture(autouse=True)
def findings_settings(portal_settings: Settings, db: None) -> None:
    """The portal may tell holders; Ada and Adam are admins, Otto audits."""
    portal_settings.INVENTORY_MODE = "advise"
    portal_settings.BITBUCKET_WORKSPACES = [ACME]
    portal_settings.PORTAL_ADMINS = ["712020:ada", "712020:adam"]
    portal_settings.PORTAL_AUDITORS = ["712020:otto"]


@pytest.fixture
def shelf() -> None:
    """The shipped templates."""
    fill_shelf()


@pytest.fixture
def emma() -> User:
    return make_user("emma")


@pytest.fixture
def lee() -> User:
    return make_user("lee")


@pytest.fixture
def aria() -> User:
    return make_user("aria", approver=True)


@pytest.fixture
def ada() -> User:
    return make_user("ada", seat=False)


@pytest.fixture
def adam() -> User:
    return make_user("adam", seat=False)


@pytest.fixture
def otto() -> User:
    return make_user("otto", seat=False)
