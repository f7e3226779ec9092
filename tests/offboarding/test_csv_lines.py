"""Lists of leavers as spreadsheets save them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from offboarding.operations.csv_lines import COLUMNS, rows_from_csv, time_from_text, wanted_from_row

GOOD = {
    "commas": "account_id,reference\na,HR-7\n",
    "semicolons": "account_id;reference\r\na;HR-7\r\n",
    "a byte order mark": "\ufeffaccount_id,reference\na,HR-7",
    "another order": "reference,account_id\nHR-7,a\n",
    "spaces and capitals": " Account_ID , Reference \n a , HR-7 \n",
    "quotes": '"account_id","reference"\n"a","HR-7"\n',
}


@pytest.mark.parametrize("which", GOOD)
def test_what_a_spreadsheet_saves_is_read(which: str) -> None:
    assert rows_from_csv(GOOD[which]) == [{"account_id": "a", "reference": "HR-7", "line": "2"}]


def test_empty_lines_are_left_out_and_the_numbers_stay() -> None:
    rows = rows_from_csv("email\n\na@b.c\n  \nd@e.f\n")
    assert [(row["line"], row["email"]) for row in rows] == [("3", "a@b.c"), ("5", "d@e.f")]


def test_separators_inside_quotes_are_text() -> None:
    assert rows_from_csv('account_id,reference\na,"HR; 7, and ""more"""\n')[0]["reference"] == 'HR; 7, and "more"'


@given(some.text())
def test_whatever_it_is_it_is_read_or_refused_in_words(text: str) -> None:
    try:
        rows = rows_from_csv(text)
    except ValueError as problem:
        assert str(problem).startswith("Line ")  # noqa: PT017  either way is right
        return
    assert all(set(row) <= {*COLUMNS, "line"} for row in rows)


TIMES = {
    "2026-12-01": datetime(2026, 12, 1, tzinfo=UTC),
    "2026-12-01T17:00": datetime(2026, 12, 1, 17, tzinfo=UTC),
    " 2026-12-01 17:00:00 ": datetime(2026, 12, 1, 17, tzinfo=UTC),
    "2026-12-01T17:00:00Z": datetime(2026, 12, 1, 17, tzinfo=UTC),
    "2026-12-01T17:00:00+05:30": datetime(2026, 12, 1, 11, 30, tzinfo=UTC),
    "": None,
}


@pytest.mark.parametrize("text", TIMES)
def test_a_time_is_utc_unless_it_says_otherwise(text: str) -> None:
    assert time_from_text(text, "leaves_at") == TIMES[text]


@pytest.mark.parametrize("text", ["tomorrow", "01.12.2026", "2026-13-01", "0001-01-01T00:00:00+14:00", "\x00"])
def test_a_time_that_cannot_be_read_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="leaves_at is no time"):
        wanted_from_row({"leaves_at": text})
