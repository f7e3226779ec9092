"""The trail as a file: CSV for spreadsheets, JSON lines for machines. PostgreSQL writes the rows, we pass them on."""

from datetime import datetime
from typing import Protocol

from django.db import connection
from psycopg import sql

from audit.models import CONTENT_FIELDS
from audit.queries import numbers_between

COLUMNS = (*CONTENT_FIELDS, "hash")
_TIME = "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
_PLAIN = ("seq", "at", "previous_hash", "hash")
# A cell that starts with one of these is a formula for a spreadsheet, and names come from outside.
_FORMULA_STARTS = "E'^[=+|%\\\\-@\\t\\r\\n]'"

_COPY = "COPY (SELECT {what} FROM audit_event WHERE seq BETWEEN {first} AND {last} ORDER BY seq) TO STDOUT {options}"
_CSV_OPTIONS = "(FORMAT csv, HEADER)"
# A JSON text holds no control character, so with these two nothing in it is ever quoted or escaped a second time.
_JSON_OPTIONS = "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"


class Writable(Protocol):
    """Anything that text can be written to."""

    def write(self, text: str, /) -> object:
        """Take some text."""


def export_events(
    output: Writable, *, format_name: str, since: datetime | None = None, until: datetime | None = None
) -> None:
    """Write events, the oldest first, without ever holding more than a few of them.

    Args:
        output: where to.
        format_name: ``csv`` or ``jsonl``. A JSON line holds exactly what the event's hash covers, and the hash.
        since: not older than this.
        until: older than this.
    """
    what, options = (_csv_cells(), _CSV_OPTIONS) if format_name == "csv" else (_json_object(), _JSON_OPTIONS)
    first, last = numbers_between(since, until)
    statement = sql.SQL(_COPY).format(
        what=sql.SQL(what), first=sql.Literal(first), last=sql.Literal(last), options=sql.SQL(options)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as rows:
        for row in rows:
            output.write(bytes(row).decode())


def _csv_cells() -> str:
    return ", ".join(f"{_csv_cell(name)} AS {name}" for name in COLUMNS)


def _csv_cell(name: str) -> str:
    if name in _PLAIN:
        return _TIME if name == "at" else name
    return f"CASE WHEN {name}::text ~ {_FORMULA_STARTS} THEN '''' || {name}::text ELSE {name}::text END"


def _json_object() -> str:
    members = (f"'{name}', {_TIME if name == 'at' else name}" for name in COLUMNS)
    return f"json_build_object({', '.join(members)})"
