"""Ada may do everything here, Otto may look."""

import pytest
from pytest_django import Settings

from accounts.models import Person, User
from tests.accounts.people import ACME, make_person, make_user
from tests.tokens.shelf import fill_shelf


@pytest.fixture(autouse=True)
def named(settings: Settings) -> None:
    """Who the settings name."""
    settings.BITBUCKET_WORKSPACES = [ACME]
    settings.PORTAL_ADMINS, settings.PORTAL_AUDITORS = ["712020:ada"], ["712020:otto"]
    settings.INVENTORY_MODE = "advise"


@pytest.fixture
def shelf(db: None) -> None:
    """The shipped templates."""
    fill_shelf()


@pytest.fixture
def ada(db: None) -> User:
    """An admin without a seat."""
    return make_user("ada", seat=False)


@pytest.fixture
def otto(db: None) -> User:
    """An auditor without a seat."""
    return make_user("otto", seat=False)


@pytest.fixture
def emma(db: None) -> Person:
    """An employee."""
    return make_person("emma")
