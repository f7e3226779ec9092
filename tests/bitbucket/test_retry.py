"""Whether and when to try again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitbucket.errors import (
    BadAnswer,
    BudgetSpent,
    Forbidden,
    NotFound,
    RateLimited,
    RemoteError,
    ServerDown,
    TimedOut,
    Unauthorized,
)
from bitbucket.retry import LONGEST_WAIT_SECONDS, GiveUp, TryAgain, decide

HOUR = 3600.0


def wait_after(error: RemoteError, *, attempt: int = 1, luck: float = 0.0) -> float:
    decision = decide(error, attempt=attempt, elapsed_seconds=0, chance=lambda: luck)
    assert isinstance(decision, TryAgain)
    return decision.after_seconds


def limited(seconds: float | None) -> RateLimited:
    return RateLimited("test", 429, retry_after_seconds=seconds)


@pytest.mark.parametrize("kind", [Unauthorized, Forbidden, NotFound])
def test_what_will_fail_again_is_not_tried_again(kind: type[RemoteError]) -> None:
    assert decide(kind("test", 403), attempt=1, elapsed_seconds=0) == GiveUp("permanent")


@pytest.mark.parametrize("kind", [RateLimited, BudgetSpent, ServerDown, TimedOut, BadAnswer])
def test_what_may_pass_is_tried_again(kind: type[RemoteError]) -> None:
    assert isinstance(decide(kind("test", None), attempt=1, elapsed_seconds=0), TryAgain)


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    waits = [wait_after(ServerDown("test", 503), attempt=number) for number in (1, 2, 3, 10, 1_000_000)]
    assert waits == [2, 4, 8, 900, 900]


def test_the_vendors_wish_is_never_undercut_within_the_hour() -> None:
    assert wait_after(limited(HOUR)) == HOUR
    assert wait_after(limited(HOUR), luck=0.999) > HOUR


def test_a_huge_wish_is_clamped() -> None:
    assert wait_after(limited(1e9)) == LONGEST_WAIT_SECONDS


@pytest.mark.parametrize("nothing", [None, 0.0, -60.0])
def test_no_sensible_wish_leaves_the_backoff(nothing: float | None) -> None:
    assert wait_after(limited(nothing), attempt=3) == 8


def test_it_ends_by_wall_time() -> None:
    error = ServerDown("test", 503)
    assert decide(error, attempt=99, elapsed_seconds=24 * HOUR) == GiveUp("out_of_time")
    assert decide(error, attempt=1, elapsed_seconds=99, give_up_after_seconds=100) == GiveUp("out_of_time")


_WISHES = st.none() | st.floats(allow_nan=False)


@given(_WISHES, st.integers(-5, 10_000), st.floats(0, 1e6), st.floats(0, 1, exclude_max=True))
def test_every_decision_is_within_bounds(wish: float | None, attempt: int, elapsed: float, luck: float) -> None:
    decision = decide(limited(wish), attempt=attempt, elapsed_seconds=elapsed, chance=lambda: luck)
    if isinstance(decision, TryAgain):
        assert decision.after_seconds >= min(wish or 0, LONGEST_WAIT_SECONDS)
        assert 2 <= decision.after_seconds <= LONGEST_WAIT_SECONDS * 1.25
        assert elapsed + decision.after_seconds <= 24 * HOUR
    else:
        assert decision == GiveUp("out_of_time")
