"""The words of times, days and scopes."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.templatetags import ui

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(seconds=-50), "1 minute ago"),
        (timedelta(minutes=-3), "3 minutes ago"),
        (timedelta(hours=2), "in 2 hours"),
        (timedelta(minutes=-59, seconds=-50), "1 hour ago"),
        (timedelta(hours=-30), "1 day ago"),
        (timedelta(days=12), "in 12 days"),
        (timedelta(days=44), "in 44 days"),
        (timedelta(days=-200), "7 months ago"),
    ],
)
def test_relative_words(distance: timedelta, words: str) -> None:
    assert ui.relative_words(NOW + distance, now=NOW) == words


def test_when_carries_the_absolute_time_and_never_guesses() -> None:
    shown = ui.when(NOW)
    assert 'datetime="2026-11-23T09:30:00+00:00"' in shown
    assert "23 Nov 2026, 09:30 UTC" in shown
    assert ui.when(None) == "never"


@pytest.mark.parametrize(
    ("left", "words"),
    [(12, "12 days left"), (1, "1 day left"), (0, "ends today"), (-3, "ended 3 days ago"), (None, "")],
)
def test_days_left(left: int | None, words: str) -> None:
    assert ui.days_left(left) == words


def test_a_scope_is_escaped_and_its_suffix_set_back() -> None:
    assert ui.scope_name("<b>") == "&lt;b&gt;"
    assert "<wbr>" in ui.scope_name("read:repository:bitbucket")


@pytest.mark.parametrize(
    ("name", "strong"),
    [("admin:repository:bitbucket", True), ("repository:delete", True), ("read:repository:bitbucket", False)],
)
def test_strong_scopes(name: str, strong: bool) -> None:
    assert ui.is_strong_scope(name) is strong


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        ui.icon("no-such-icon")


def test_counts_and_initials() -> None:
    assert ui.plural(1214, "repository,repositories") == "1,214 repositories"
    assert ui.plural(1, "repository,repositories") == "1 repository"
    assert [ui.initials(name) for name in ("Emma", "Emma Ann Example", "")] == ["E", "EE", ""]
