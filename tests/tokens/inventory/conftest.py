"""A small sandbox for the tests of inventory runs, and the portal's settings pointing to it."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from accounts.models import Person
from sandbox.environment import environment_for
from sandbox.server import RunningSandbox, start
from tests.tokens.conftest import LISTS


@pytest.fixture(scope="session")
def small_sandbox() -> Iterator[RunningSandbox]:
    """Two repositories, a project and the cast; `world` puts it back to its beginning."""
    with start(repositories=2, projects=1, members=1, tokens=3, hourly_limit=0) as running:
        yield running


@pytest.fixture
def world(small_sandbox: RunningSandbox, settings: Settings, db: None) -> RunningSandbox:
    """The sandbox as at its start; nothing was read of it yet."""
    small_sandbox.world.start_over()
    small_sandbox.world.faults.clear()
    small_sandbox.world.counters.clear()
    for name, value in environment_for(small_sandbox.world.options, small_sandbox.url).items():
        setattr(settings, name, value.split(",") if name in LISTS else value)
    settings.DEMO = True
    return small_sandbox


@pytest.fixture
def admin(world: RunningSandbox) -> Person:
    """Somebody whom the settings name an admin."""
    ada = world.world.account("ada")
    assert ada is not None
    return Person.objects.create(account_id=ada.account_id, display_name=ada.display_name, email=ada.email)
