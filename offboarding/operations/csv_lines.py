"""A list of leavers as a spreadsheet saves it, read into lines; what a line says, read into what a plan wants."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime

from offboarding.operations.planning import Wanted

LINES_AT_MOST = 1_000
TIMES = ("leaves_at", "reported_at", "starts_at")
COLUMNS = ("account_id", "email", *TIMES, "reference")
# Where a row came from, beside its columns; the header is line 1.
LINE = "line"
LONGEST = {"account_id": 128, "email": 254, "reference": 100}


def rows_from_csv(text: str) -> list[dict[str, str]]:
    """Read a list. Columns may be separated by commas or semicolons, and stand in any order; empty lines are left out.

    Args:
        text: the file, with or without a byte order mark.

    Returns:
        One mapping a leaver: the columns that are there, and ``line``, where it stands in the file.

    Raises:
        ValueError: in words, with the line.
    """
    lines = text.removeprefix("\ufeff")
    first = lines.partition("\n")[0]
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=";" if ";" in first else ",", strict=True)
    rows: list[dict[str, str]] = []
    header: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header_from(cells, reader.line_num)
                continue
            rows.append(_row_from(header, cells, reader.line_num))
            if len(rows) > LINES_AT_MOST:
                raise ValueError(f"Line {reader.line_num}: a list has at most {LINES_AT_MOST} leavers.")
    except csv.Error as problem:
        raise ValueError(f"Line {reader.line_num}: this is no CSV: {problem}.") from problem
    if not header:
        raise ValueError(f"Line 1: the list is empty. It begins with a line of columns: {', '.join(COLUMNS)}.")
    return rows


def _header_from(cells: list[str], number: int) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        raise ValueError(f"Line {number}: a column is none of {', '.join(COLUMNS)}.")
    if len(set(names)) != len(names):
        raise ValueError(f"Line {number}: a column stands there twice.")
    if not {"account_id", "email"} & set(names):
        raise ValueError(f"Line {number}: a column account_id or email has to say who leaves.")
    return names


def _row_from(header: list[str], cells: list[str], number: int) -> dict[str, str]:
    if len(cells) != len(header):
        raise ValueError(f"Line {number}: it has {len(cells)} columns, and the first line names {len(header)}.")
    return {name: cell.strip() for name, cell in zip(header, cells, strict=True)} | {LINE: str(number)}


def wanted_from_row(row: Mapping[str, str]) -> Wanted:
    """What a line says of the leaver.

    Raises:
        ValueError: in words: a time cannot be read, or a text is too long or holds control characters.
    """
    for name, most in LONGEST.items():
        text = row.get(name, "")
        if len(text) > most:
            raise ValueError(f"{name} is longer than {most} characters.")
        if not text.isprintable():
            raise ValueError(f"{name} holds characters that cannot be printed.")
    times = {name: time_from_text(row.get(name, ""), name) for name in TIMES}
    return Wanted(reference=row.get("reference", ""), **times)


def time_from_text(text: str, name: str) -> datetime | None:
    """A time in ISO 8601; UTC where it does not say otherwise, None where it is empty.

    Raises:
        ValueError: in words.
    """
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{name} is no time that can be read; write it like 2026-11-30T17:00:00Z.") from None
