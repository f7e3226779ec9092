"""Fixtures of this room: the sandbox and the people of `tests.tokens`, a leaver, and the jobs run one after another."""

import pytest

from accounts.models import User
from tests.offboarding.leaving import Leaving
from tests.tokens.conftest import ada, aria, desk, emma, lee, otto, portal_settings, running_sandbox
from tests.tokens.desk import Desk

__all__ = ["ada", "aria", "desk", "emma", "lee", "otto", "portal_settings", "running_sandbox"]


@pytest.fixture
def leaving(desk: Desk, ada: User, lee: User) -> Leaving:
    """Lee is about to leave; Ada takes care of it."""
    return Leaving(desk, ada, lee)
