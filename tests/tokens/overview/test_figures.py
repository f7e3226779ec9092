"""The numbers, each against rows made by hand: one row more, and exactly the numbers it belongs to change."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.tokens.overview.rows import DAY, NOW, WEEK, approved, credential, finding
from tokens.inventory.figures import Headline, findings_by_age, headline, totals

pytestmark = pytest.mark.django_db


def test_without_anything_there_is_no_share() -> None:
    credential(standing="own")
    credential(standing="other_product")
    assert headline() == Headline(approved=0, counted=0, share=None, unknown_product=0, other_product=1)


@pytest.mark.parametrize(
    ("make", "fields", "approved_more", "counted_more"),
    [
        (approved, {}, 1, 1),
        (approved, {"verification_outcome": "missing"}, 1, 1),
        (approved, {"verification_outcome": "excess", "state": "refused"}, 0, 1),
        (approved, {"verification_outcome": ""}, 0, 1),
        (approved, {"state": "disabled"}, 1, 1),
        (approved, {"state": "needs_human"}, 1, 1),
        (approved, {"state": "expired"}, 0, 0),
        (approved, {"state": "revoked", "ended_at": NOW}, 0, 0),
        (credential, {}, 0, 1),
        (credential, {"kind": "deploy_key", "holder": None}, 0, 1),
        (credential, {"verification_outcome": "exact"}, 0, 1),
        (credential, {"state": "gone", "ended_at": NOW}, 0, 0),
        (credential, {"standing": "own"}, 0, 0),
    ],
)
def test_the_headline_counts_what_lives_and_is_for_bitbucket(
    make: Any, fields: dict[str, Any], approved_more: int, counted_more: int
) -> None:
    approved()
    credential()
    make(**fields)
    found = headline()
    assert (found.approved - 1, found.counted - 2) == (approved_more, counted_more)
    assert (found.unknown_product, found.other_product) == (0, 0)
    assert totals(NOW).headline == found, "the same figure on every page"


@pytest.mark.parametrize(
    ("standing", "unknown", "other"), [("unknown_product", 1, 0), ("other_product", 0, 1), ("undeclared", 0, 0)]
)
def test_other_products_stand_beside_the_headline(standing: str, unknown: int, other: int) -> None:
    credential(standing=standing)
    credential(standing=standing, state="gone", ended_at=NOW)
    found = headline()
    assert (found.unknown_product, found.other_product) == (unknown, other)


def test_the_share_is_rounded_down() -> None:
    for _ in range(2):
        approved()
    credential()
    assert headline().share == 66.6


def test_kinds_standings_and_verifications() -> None:
    approved()
    approved(verification_outcome="missing", kind="deploy_key")
    credential(kind="deploy_key")
    credential(kind="deploy_key", standing="unknown_product")
    credential(kind="deploy_key", state="gone", ended_at=NOW)
    credential(state="needs_human", standing="own")
    found = totals(NOW)
    assert [(one.name, one.approved, one.counted) for one in found.kinds] == [("deploy_key", 1, 2), ("api_token", 1, 1)]
    assert found.standings == {
        "approved": 2, "undeclared": 1, "unknown_product": 1, "other_product": 0, "own": 1,
    }  # fmt: skip
    assert found.verifications == {"exact": 1, "missing": 1, "": 1}
    assert found.needs_human == 1


@pytest.mark.parametrize(
    ("ends", "place"),
    [
        (NOW - timedelta(minutes=1), "past_end"),
        (NOW + timedelta(minutes=1), 0),
        (NOW + WEEK - timedelta(minutes=1), 0),
        (NOW + WEEK, 1),
        (NOW + 13 * WEEK - timedelta(minutes=1), 12),
        (NOW + 13 * WEEK, "later"),
        (None, "endless"),
    ],
)
def test_ends_fall_into_their_week(ends: Any, place: Any) -> None:
    credential(expires_at=ends)
    credential(expires_at=ends, standing="other_product")
    credential(expires_at=ends, state="gone", ended_at=NOW)
    found = totals(NOW)
    weeks = [int(number == place) for number in range(13)]
    assert found.weeks == tuple(weeks)
    assert (found.past_end, found.later, found.endless) == tuple(
        int(place == name) for name in ("past_end", "later", "endless")
    )


@pytest.mark.parametrize(
    ("age", "place"),
    [
        (timedelta(hours=1), 0),
        (DAY, 0),
        (DAY + timedelta(minutes=1), 1),
        (7 * DAY, 1),
        (7 * DAY + timedelta(minutes=1), 2),
        (30 * DAY + timedelta(minutes=1), 3),
    ],
)
def test_findings_fall_into_their_age(age: timedelta, place: int) -> None:
    finding("idle", age=age)
    (found,) = findings_by_age(NOW)
    assert found.ages == tuple(int(number == place) for number in range(4))
    assert (found.kind, found.accepted, found.total) == ("idle", 0, 1)


def test_closed_findings_are_gone_and_accepted_ones_stand_apart() -> None:
    finding("idle", closed_at=NOW)
    assert findings_by_age(NOW) == ()
    finding("idle", accepted_until=NOW.date())
    finding("idle", accepted_until=(NOW - DAY).date())
    finding("excess")
    finding("excess")
    found = findings_by_age(NOW)
    assert [(one.kind, one.total, one.accepted) for one in found] == [("excess", 2, 0), ("idle", 1, 1)]


def test_each_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    approved()
    for ask in (headline, totals, findings_by_age):
        with django_assert_num_queries(1):
            ask()
