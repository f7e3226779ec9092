"""What every test shares: the watch over the trail, and tables that can be emptied although they refuse it."""

import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase

from tests.trail_guard import RecordIsLast

# The same examples at every run: whether a change lands must not depend on luck. HYPOTHESIS_PROFILE=searching looks for
# new ones.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.register_profile("searching", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

_TRUNCATE_GUARDS = (
    ("audit_event", "audit_event_append_only"),
    ("audit_chainhead", "audit_chainhead_append_only"),
    ("audit_evidencepack", "audit_evidencepack_append_only"),
)


def _switch_guards(words: str) -> None:
    with connection.cursor() as cursor:
        for table, trigger in _TRUNCATE_GUARDS:
            cursor.execute(f"ALTER TABLE {table} {words} TRIGGER {trigger}")


@pytest.fixture(autouse=True, scope="session")
def _emptying_is_allowed() -> Iterator[None]:
    """Django empties every table after a transactional test; only there the trail lets itself be emptied."""
    case: Any = TransactionTestCase  # Django's types leave its inner steps out
    empty = case._fixture_teardown

    def teardown(self: Any) -> None:
        _switch_guards("DISABLE")
        try:
            empty(self)
        finally:
            _switch_guards("ENABLE ALWAYS")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case, "_fixture_teardown", teardown)
        yield


@pytest.fixture(autouse=True, scope="session")
def _a_key_of_the_tests() -> None:
    """The settings demand a key of every process that serves; tests are none, and need one all the same."""
    settings.SECRET_KEY = os.environ.get("SECRET_KEY") or "only-for-tests-" * 4


@pytest.fixture(autouse=True)
def record_is_last() -> Iterator[RecordIsLast]:
    """Fail any write that follows ``record()`` in the same transaction, in every thread of the test."""
    guard = RecordIsLast()
    connection_created.connect(guard.watch)
    guard.watch(connection)
    yield guard
    guard.unwatch(connection)
    connection_created.disconnect(guard.watch)
    assert not guard.complaints, guard.complaints
