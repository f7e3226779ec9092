"""Filters and pages of the trail."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.queries import Filter, events_matching, page_of_events
from audit.tags import Tag
from audit.trail import Actor, Subject
from tests.audit.events import ARIA, happen, tamper

pytestmark = pytest.mark.django_db

REQUEST = Subject("request", "3", "Check out in CI")


@pytest.fixture(autouse=True)
def seven_events() -> None:
    """One a day from 1 March 2026 on, at noon."""
    happen(Tag.REQUEST_SUBMITTED, subject=REQUEST)
    happen(Tag.REQUEST_APPROVED, ARIA, REQUEST)
    for _ in range(4):
        happen(Tag.CREDENTIAL_VERIFIED)
    happen(Tag.SETTINGS_CHANGED, Actor("system", label="portal"), Subject("setting", "PORTAL_ADMINS", "PORTAL_ADMINS"))
    tamper("UPDATE audit_event SET at = timestamptz '2026-03-01 12:00+00' + (seq - 1) * interval '1 day'")


def numbers(**wanted: object) -> list[int]:
    return [event.seq for event in events_matching(Filter(**wanted))]  # type: ignore[arg-type]


def march(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [7, 6, 5, 4, 3, 2, 1]),
        ({"tag": "request:approved"}, [2]),
        ({"tag": "request:"}, [2, 1]),
        ({"tag": "nothing:"}, []),
        ({"actor": "712020:aria"}, [2]),
        ({"actor": "ARI"}, [2]),
        ({"actor": "po"}, [7]),
        ({"actor": "ta"}, []),
        ({"subject": "3"}, [2, 1]),
        ({"subject": "request:3"}, [2, 1]),
        ({"subject": "credential:3"}, []),
        ({"subject": "7k2qxm"}, [6, 5, 4, 3]),
        ({"subject": "100%"}, []),
        ({"since": march(3)}, [7, 6, 5, 4, 3]),
        ({"since": march(3, 12)}, [7, 6, 5, 4, 3]),
        ({"until": march(3, 12)}, [2, 1]),
        ({"since": march(3), "until": march(4)}, [3]),
        ({"since": march(20)}, []),
        ({"until": march(1)}, []),
        ({"tag": "credential:", "since": march(5), "actor": "emma"}, [6, 5]),
    ],
)
def test_filters(wanted: dict[str, object], found: list[int]) -> None:
    assert numbers(**wanted) == found


def test_pages_go_there_and_back() -> None:
    first = page_of_events(Filter(), size=3)
    assert ([e.seq for e in first.events], first.newer_than, first.older_than) == ([7, 6, 5], None, 5)
    second = page_of_events(Filter(), older_than=5, size=3)
    assert ([e.seq for e in second.events], second.newer_than, second.older_than) == ([4, 3, 2], 4, 2)
    last = page_of_events(Filter(), older_than=2, size=3)
    assert ([e.seq for e in last.events], last.newer_than, last.older_than) == ([1], 1, None)
    back = page_of_events(Filter(), newer_than=1, size=3)
    assert ([e.seq for e in back.events], back.newer_than, back.older_than) == ([4, 3, 2], 4, 2)
    top = page_of_events(Filter(), newer_than=4, size=3)
    assert ([e.seq for e in top.events], top.newer_than, top.older_than) == ([7, 6, 5], None, 5)


def test_a_page_costs_three_queries_at_most() -> None:
    wanted = Filter(since=march(1), until=march(30), tag="credential:", actor="emma")
    with CaptureQueriesContext(connection) as queries:
        page_of_events(wanted, older_than=6)
    assert len(queries) == 3


def test_new_events_do_not_shift_a_page() -> None:
    second = page_of_events(Filter(), older_than=5, size=3)
    happen()
    assert page_of_events(Filter(), older_than=5, size=3) == second


def test_no_search_by_name_reads_the_whole_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        for text in ("kuq", "ku"):
            plan = events_matching(Filter(actor=text)).order_by().explain()
            assert "audit_event_actor_words" in plan
            assert "audit_event_actor" in plan
