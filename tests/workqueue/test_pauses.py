"""How long the next attempt waits."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from workqueue.pauses import LONGEST_PAUSE, LONGEST_WISH, SHORTEST_WISH, pause_after, pause_wished


@given(st.integers(1, 10_000), st.integers(1, 600))
def test_a_pause_is_never_longer_than_a_quarter_of_an_hour(attempt: int, first: int) -> None:
    pause = pause_after(attempt, timedelta(seconds=first))
    assert min(timedelta(seconds=first / 2), LONGEST_PAUSE / 2) <= pause <= LONGEST_PAUSE


@given(st.timedeltas())
def test_a_wish_is_kept_within_reason(wish: timedelta) -> None:
    """A negative one, or 10⁹ seconds, is what some server will send one day."""
    pause = pause_wished(wish)
    assert SHORTEST_WISH <= pause <= LONGEST_WISH * 1.1
    assert pause >= min(wish, LONGEST_WISH)


def test_jobs_spread() -> None:
    assert len({pause_after(3, timedelta(seconds=5)) for _ in range(50)}) > 40
