"""A portal that is not probed yet, beside a sandbox."""

import pytest

from tests.tokens.desk import Desk
from tests.tokens.setup.bench import Bench
from tokens.models import Capability


@pytest.fixture
def bench(desk: Desk) -> Bench:
    """The sheet is empty; both workers' keys are here."""
    Capability.objects.all().delete()
    return Bench(desk)
