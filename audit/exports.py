"""The trail as a file: CSV for spreadsheets, JSON lines for machines."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol

from audit.content import time_text
from audit.models import CONTENT_FIELDS
from audit.queries import Filter, events_matching

COLUMNS = (*CONTENT_FIELDS, "hash")
CHUNK = 5000
# A cell that starts with one of these is a formula for a spreadsheet, and names come from outside.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class Writable(Protocol):
    """Anything that text can be written to."""

    def write(self, text: str, /) -> object:
        """Take some text."""


def export_events(
    output: Writable, *, format_name: str, since: datetime | None = None, until: datetime | None = None
) -> None:
    """Write events, the oldest first, a chunk at a time.

    Args:
        output: where to.
        format_name: ``csv`` or ``jsonl``. A JSON line holds exactly what the event's hash covers, and the hash.
        since: not older than this.
        until: older than this.
    """
    write = _write_csv if format_name == "csv" else _write_json_lines
    write(output, _rows(since, until))


def _rows(since: datetime | None, until: datetime | None) -> Iterator[tuple[Any, ...]]:
    events = events_matching(Filter(since=since, until=until)).order_by("seq")
    return events.values_list(*COLUMNS).iterator(chunk_size=CHUNK)


def _write_csv(output: Writable, rows: Iterator[tuple[Any, ...]]) -> None:
    writer = csv.writer(output)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _write_json_lines(output: Writable, rows: Iterator[tuple[Any, ...]]) -> None:
    for row in rows:
        event = dict(zip(COLUMNS, row, strict=True))
        event["at"] = time_text(event["at"])
        output.write(json.dumps(event, ensure_ascii=False) + "\n")
