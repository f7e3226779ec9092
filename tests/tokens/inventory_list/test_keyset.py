"""Walking the pages gives every row exactly once, in order, whatever the rows and however the walk is disturbed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tokens.inventory_list.rows import found
from tokens.inventory.filters import Filter
from tokens.inventory.listing import SORTS, Page, Place, Sort, page_of_credentials, place_from_text
from tokens.models import Credential
from tokens.models.credential import NEVER_USED, NO_END

pytestmark = pytest.mark.django_db
BEGINNING = datetime(2026, 3, 1, 12, tzinfo=UTC)
# Few different moments, so that rows share them; microseconds, because addresses hold them.
moments = st.integers(0, 3).map(lambda number: BEGINNING + timedelta(microseconds=number))
plans = st.tuples(moments, st.none() | moments, st.none() | moments)
few_examples = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
ALL = Filter(state="any", standing="any")


@contextmanager
def thrown_away() -> Iterator[None]:
    """Whatever is written is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def make(plan: tuple[datetime, datetime | None, datetime | None]) -> Credential:
    return found(registered_at=plan[0], expires_at=plan[1], last_used_at=plan[2])


def in_order(rows: list[Credential], sort: Sort) -> list[int]:
    """The order, written down once more."""
    keys = {
        "newest": lambda row: (row.registered_at, row.pk),
        "ends": lambda row: (row.expires_at or NO_END, row.pk),
        "unused": lambda row: (row.last_used_at or NEVER_USED, row.pk),
    }
    return [row.pk for row in sorted(rows, key=keys[sort.slug], reverse=sort.slug == "newest")]


def turned(place: Place | None) -> Place | None:
    """As it comes back from an address."""
    return place_from_text(str(place)) if place else None


def numbers(page: Page) -> list[int]:
    return [row.pk for row in page.rows]


@few_examples
@given(
    plan=st.lists(plans, max_size=9), sort=st.sampled_from(list(SORTS.values())), size=st.integers(1, 4),
    total=st.sampled_from([0, 10_000]),
)  # fmt: skip
def test_forwards_and_back(plan: list[tuple[datetime, datetime, datetime]], sort: Sort, size: int, total: int) -> None:
    with thrown_away():
        expected = in_order([make(each) for each in plan], sort)
        pages = [page_of_credentials(ALL, sort, size=size, total=total)]
        while pages[-1].after:
            pages.append(page_of_credentials(ALL, sort, size=size, total=total, after=turned(pages[-1].after)))
        assert [pk for page in pages for pk in numbers(page)] == expected
        assert all(len(page.rows) == size for page in pages[:-1])
        assert pages[0].before is None
        back = [pages[-1]]
        while back[-1].before:
            back.append(page_of_credentials(ALL, sort, size=size, total=total, before=turned(back[-1].before)))
        assert [numbers(page) for page in reversed(back)] == [numbers(page) for page in pages]


@few_examples
@given(
    plan=st.lists(plans, min_size=1, max_size=8), late=st.lists(plans, min_size=8, max_size=8),
    sort=st.sampled_from(list(SORTS.values())), size=st.integers(1, 3),
)  # fmt: skip
def test_rows_that_come_meanwhile_disturb_nothing(
    plan: list[tuple[datetime, datetime, datetime]],
    late: list[tuple[datetime, datetime, datetime]],
    sort: Sort,
    size: int,
) -> None:
    with thrown_away():
        expected = in_order([make(each) for each in plan], sort)
        coming = iter(late)
        page = page_of_credentials(ALL, sort, size=size)
        walked = numbers(page)
        while page.after:
            for each in [next(coming, None)]:
                if each is not None:
                    make(each)
            page = page_of_credentials(ALL, sort, size=size, after=turned(page.after))
            walked += numbers(page)
        assert len(walked) == len(set(walked))
        assert [pk for pk in walked if pk in expected] == expected


def test_a_place_survives_its_address() -> None:
    for moment in (BEGINNING, NO_END, NEVER_USED, BEGINNING + timedelta(microseconds=1)):
        assert place_from_text(str(Place(moment, 7))) == Place(moment, 7)
