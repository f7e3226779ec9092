"""A portal that is not probed yet, beside a sandbox."""

import pytest
from pytest_django import Settings

from tests.tokens.desk import Desk
from tests.tokens.setup.bench import Bench
from tokens.models import Capability


@pytest.fixture
def bench(desk: Desk, settings: Settings) -> Bench:
    """The sheet is empty; both workers' keys are here."""
    settings.AUDIT_SIGNING_KEY = "SANDBOX-signing"
    Capability.objects.all().delete()
    return Bench(desk)
