"""Twelve weeks back, honestly: what nobody knew of then is not counted then."""

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.tokens.overview.rows import DAY, NOW, WEEK, adopted, approved, credential
from tokens.inventory.figures import headline
from tokens.inventory.trend import trend

pytestmark = pytest.mark.django_db


def _weeks() -> tuple[list[int], list[int]]:
    points = trend(headline(), NOW)
    assert [point.at for point in points] == [NOW - WEEK * number for number in range(11, -1, -1)]
    return [point.live for point in points], [point.approved for point in points]


def _last(number: int) -> list[int]:
    return [0] * (12 - number) + [1] * number


def test_what_was_found_counts_from_when_it_was_seen() -> None:
    credential(created_at=NOW - 40 * WEEK, registered_at=NOW - 2 * WEEK - DAY)
    assert _weeks() == (_last(3), [0] * 12)


def test_what_was_there_before_counts_all_along() -> None:
    approved(registered_at=NOW - 40 * WEEK, decided_at=NOW - 41 * WEEK)
    assert _weeks() == ([1] * 12, [1] * 12)


def test_what_ended_counts_until_then() -> None:
    approved(registered_at=NOW - 40 * WEEK, state="revoked", ended_at=NOW - 2 * WEEK - DAY)
    credential(registered_at=NOW - 40 * WEEK, state="gone", ended_at=NOW - 30 * WEEK)
    live = [1] * 9 + [0] * 3
    assert _weeks() == (live, live)


def test_what_expired_ended_when_it_said_it_would() -> None:
    credential(registered_at=NOW - 40 * WEEK, state="expired", expires_at=NOW - 5 * WEEK - DAY)
    assert _weeks()[0] == [1] * 6 + [0] * 6


def test_what_was_found_first_is_approved_from_the_decision_on() -> None:
    for began in (40, 8):
        adopted(registered_at=NOW - began * WEEK - DAY, decided_at=NOW - 3 * WEEK - DAY)
    assert _weeks() == ([1] * 3 + [2] * 9, [0] * 8 + [2] * 4)


def test_what_is_listed_again_was_never_gone() -> None:
    credential(registered_at=NOW - 40 * WEEK, state="active", ended_at=NOW - 6 * WEEK)
    assert _weeks()[0] == [1] * 12


def test_other_products_and_broader_ones_are_not_in_it() -> None:
    credential(standing="other_product", registered_at=NOW - 40 * WEEK)
    approved(verification_outcome="excess", state="refused", registered_at=NOW - 40 * WEEK)
    assert _weeks() == ([1] * 12, [0] * 12)


def test_the_last_point_is_the_headline_and_all_of_it_is_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    approved()
    approved(state="expired", expires_at=NOW - DAY)
    credential()
    present = headline()
    with django_assert_num_queries(1):
        last = trend(present, NOW)[-1]
    assert (last.approved, last.live) == (headline().approved, headline().counted) == (1, 2)
