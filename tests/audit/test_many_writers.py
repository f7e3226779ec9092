"""Fifty writers at once, on fifty connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from audit.chain import verify_chain
from audit.models import Event
from audit.tags import Tag
from audit.trail import record
from tests.audit.events import CREDENTIAL, EMMA

WRITERS = 50
EACH = 6


@pytest.mark.django_db(transaction=True)
def test_the_chain_has_no_gap_and_no_fork() -> None:
    together = Barrier(WRITERS, timeout=30)

    def write(writer: int) -> None:
        try:
            connection.ensure_connection()
            together.wait()
            for number in range(EACH):
                _one(writer, number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    kept = Event.objects.filter(details__kept=True).count()
    verdict = verify_chain()
    assert verdict.holds
    assert verdict.events == kept == WRITERS * EACH - WRITERS * EACH // 3


def _one(writer: int, number: int) -> None:
    """Every third transaction fails after it recorded."""
    fails = number % 3 == 2
    try:
        with transaction.atomic():
            record(Tag.SESSION_START, actor=EMMA, subject=CREDENTIAL, writer=writer, kept=not fails)
            if fails:
                raise InterruptedError
    except InterruptedError:
        pass
