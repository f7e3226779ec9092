"""Fixtures of these tests."""

import pytest

from accounts.models import User
from tests.tokens.keys.rack import Rack
from tests.tokens.places.conftest import shelf as shelf  # noqa: PLC0414 - a fixture, under its own name
from tests.tokens.places.known import Shelf


@pytest.fixture
def rack(shelf: Shelf, emma: User, lee: User, aria: User) -> Rack:
    """Emma asks, Lee answers when she cannot, Aria approves."""
    return Rack(shelf, (emma, lee, aria))
