"""Fixtures of this room: the sandbox and the people of `tests.tokens`, a leaver, and the jobs run one after another."""

import pytest
from pytest_django import Settings

from accounts.models import User
from tests.offboarding.leaving import Leaving
from tests.tokens.conftest import ada, aria, desk, emma, lee, otto, portal_settings, running_sandbox
from tests.tokens.desk import Desk
from tests.tokens.inventory.runs import full_run
from workqueue.models import Job

__all__ = ["ada", "aria", "desk", "emma", "lee", "otto", "portal_settings", "running_sandbox"]


@pytest.fixture
def leaving(desk: Desk, ada: User, lee: User) -> Leaving:
    """Lee is about to leave; Ada takes care of it."""
    return Leaving(desk, ada, lee)


@pytest.fixture
def second_admin(ada: User, emma: User, settings: Settings) -> User:
    """Another admin than Ada, for what needs two."""
    assert ada.username in settings.PORTAL_ADMINS
    settings.PORTAL_ADMINS = [*settings.PORTAL_ADMINS, emma.username]
    return emma


@pytest.fixture
def numbered(desk: Desk) -> User:
    """A numbered member, as most are."""
    return desk.user("member-2")


@pytest.fixture
def member(desk: Desk, ada: User, numbered: User) -> Leaving:
    """A numbered member is about to leave."""
    return Leaving(desk, ada, numbered)


@pytest.fixture
def inventory(desk: Desk, ada: User, lee: User, emma: User, numbered: User) -> None:
    """Everything was read once: the portal knows places, grants, keys and tokens."""
    assert {ada, lee, emma, numbered}
    full_run()
    Job.objects.filter(kind__in=("read_part", "plan_reads", "finish_sync")).delete()
    desk.world.counters.clear()
