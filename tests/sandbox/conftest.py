"""A small sandbox for each test, over real HTTP."""

from collections.abc import Iterator

import pytest

from sandbox.server import RunningSandbox, start
from tests.sandbox.helper import Caller


@pytest.fixture
def running() -> Iterator[RunningSandbox]:
    """A sandbox with few members and the usual repositories."""
    with start(members=6, tokens=25) as running:
        yield running


@pytest.fixture(scope="module")
def shared() -> Iterator[Caller]:
    """Somebody who speaks to a sandbox that a file's tests share: each leaves alone what another looks at."""
    with start(members=6, tokens=5) as running:
        yield Caller(running)


@pytest.fixture
def caller(running: RunningSandbox) -> Caller:
    """Somebody who speaks to it."""
    return Caller(running)
