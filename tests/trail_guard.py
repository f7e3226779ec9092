"""Catches a transaction that goes on writing after it recorded its audit event."""

import re
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import Atomic

_RECORDS = re.compile(r'^\s*INSERT INTO "audit_event"')
_OWN = re.compile(r'"audit_(event|chainhead)"')
_WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|MERGE|COPY|TRUNCATE)\b|\bFOR (NO KEY )?UPDATE\b")


class RecordIsLast:
    """A wrapper around every statement of a connection.

    The transaction that counts is the outermost ``atomic`` that is not the test's own.
    """

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._recorded_in: dict[int, Atomic] = {}

    def watch(self, connection: BaseDatabaseWrapper, **_: Any) -> None:
        """Look at a connection's statements from now on; also a receiver of ``connection_created``."""
        if self not in connection.execute_wrappers:
            connection.execute_wrappers.append(self)

    def unwatch(self, connection: BaseDatabaseWrapper) -> None:
        """Leave a connection alone."""
        if self in connection.execute_wrappers:
            connection.execute_wrappers.remove(self)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self._check(context["connection"], sql)
        return execute(sql, params, many, context)

    def _check(self, connection: BaseDatabaseWrapper, sql: str) -> None:
        outermost = _outermost(connection)
        if _RECORDS.search(sql):
            if outermost is not None:
                self._recorded_in[id(connection)] = outermost
        elif _WRITES.search(sql) and not _OWN.search(sql):
            recorded_in = self._recorded_in.get(id(connection))
            if recorded_in is not None and recorded_in is outermost:
                complaint = f"record() was not the last statement of its transaction; after it came: {sql[:120]}"
                self.complaints.append(complaint)
                raise AssertionError(complaint)


def _outermost(connection: BaseDatabaseWrapper) -> Atomic | None:
    return next((block for block in connection.atomic_blocks if not _is_the_tests_own(block)), None)


def _is_the_tests_own(block: Atomic) -> bool:
    return bool(getattr(block, "_from_testcase", False))
