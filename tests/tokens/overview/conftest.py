"""People for these pages, without a sandbox: nothing here asks anybody outside."""

from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import User
from devstack.chromium import ensured_chromium
from tests.accounts.people import ACME, make_user


@pytest.fixture(autouse=True)
def named(settings: Settings) -> None:
    """Ada is an admin, Otto an auditor; a bot and an organisation are connected."""
    settings.PORTAL_ADMINS, settings.PORTAL_AUDITORS = ["712020:ada"], ["712020:otto"]
    settings.BITBUCKET_WORKSPACES = [ACME]
    settings.AUDIT_BOT_EMAIL, settings.ATLASSIAN_ORG_ID = "bot@acme.test", "org-1"
    settings.INVENTORY_MODE, settings.BASELINE_DAYS = "observe", 60


@pytest.fixture
def ada(db: None) -> User:
    """An admin without a seat."""
    return make_user("ada", seat=False)


@pytest.fixture
def otto(db: None) -> User:
    """An auditor without a seat."""
    return make_user("otto", seat=False)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium."""
    return {**browser_type_launch_args, "executable_path": str(ensured_chromium())}
