"""The inventory as a file: CSV for spreadsheets, JSON lines for machines, of exactly what is filtered.

The rows stay with PostgreSQL, in a cursor that outlives its transaction; we pass them on a few at a time, so memory
does not grow with their number, and how many they are is known before the first one leaves.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Any, Final

from django.db import connection
from django.db.models import F, QuerySet
from psycopg import sql

from audit.content import time_text
from tokens.inventory.filters import Filter, credentials_matching
from tokens.inventory.listing import NEWEST, Sort, open_kinds
from tokens.models import Credential

FORMATS: Final = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
BATCH: Final = 1_000
# A cell that starts with one of these is a formula for a spreadsheet, and names come from outside.
_FORMULA_STARTS = tuple("=+-@|%\t\r\n")

# Column → where it comes from, and what it says.
COLUMNS: Final[dict[str, tuple[Any, str]]] = {
    "id": (F("pk"), "The portal's number of it; its page is /credentials/<id>/."),
    "name": (F("name"), "Its name, at Atlassian or Bitbucket; for what was approved it begins with the code."),
    "code": (F("request__code"), "The code of the request it was approved by; empty where nobody asked for it here."),
    "kind": (F("kind"), "api_token, repository_access_token, deploy_key and so on."),
    "standing": (F("standing"), "approved, undeclared, unknown_product, other_product or own."),
    "state": (F("state"), "active, expired, revoking, revoked, gone and so on."),
    "state_reason": (F("state_reason"), "Why it is in this state, where somebody or something said so."),
    "holder_account_id": (F("holder__account_id"), "Atlassian's account id of its holder; empty where none is known."),
    "holder_name": (F("holder__display_name"), "The holder's name as last seen."),
    "holder_email": (F("holder__email"), "The holder's e-mail address as last seen."),
    "holder_proof": (F("holder_proof"), "How the holder is known: read, listing or declared."),
    "creator_account_id": (
        F("creator__account_id"),
        "Who made an access token at Bitbucket; it belongs to no account.",
    ),
    "workspace": (F("workspace__slug"), "The workspace it is bound to; empty for a person's own, which opens several."),
    "project": (F("project__key"), "The project it is bound to."),
    "repository": (F("repository__full_name"), "The repository it is bound to."),
    "scopes": (F("scope_list"), "What is known of what it can do, as Bitbucket spells it. In CSV with spaces between."),
    "template": (F("request__template_version__template__slug"), "The template it was approved by."),
    "where_used": (F("request__where_used"), "Where its holder said it would be used."),
    "verification": (
        F("verification_outcome"),
        "What reading it back came to: exact, missing, excess; empty if never.",
    ),
    "binding": (
        F("binding"),
        "Whether its entry in the organisation's listing is known: bound, unbound, looking, no_listing.",
    ),
    "source": (F("source"), "How the portal came to know it: paste, listing, sync or radar."),
    "registered_at": (F("registered_at"), "When the portal came to know it."),
    "created_at": (F("created_at"), "When it was created, by Atlassian's or Bitbucket's word."),
    "expires_at": (F("expires_at"), "When it ends by itself; empty for never, or not known."),
    "last_used_at": (F("last_used_at"), "When it was last used, as far as Atlassian or Bitbucket tell."),
    "seen_at": (F("seen_at"), "When a complete read showed it last."),
    "ended_at": (F("ended_at"), "When it ended."),
    "answer": (F("answer"), "What its holder answered when asked: uses, not_bitbucket, delete, not_mine."),
    "findings": (open_kinds(), "The kinds of its open findings. In CSV with spaces between."),
}
_numbers = count(1)


class Export:
    """One export: opened when made, passed on once, closed when the answer is.

    Args:
        wanted: the filter.
        sort: the order.
        format_name: one of `FORMATS`.
    """

    def __init__(self, wanted: Filter, sort: Sort = NEWEST, *, format_name: str) -> None:
        self._encode: Callable[[Sequence[Any]], str] = _json_line if format_name == "jsonl" else _csv_line
        self._head = _csv_line(list(COLUMNS)) if format_name == "csv" else ""
        self._cursor = sql.Identifier(f"inventory_export_{next(_numbers)}")
        statement, parameters = _rows(wanted, sort).query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(self._sql("DECLARE {} SCROLL CURSOR WITH HOLD FOR ") + statement, parameters)
            cursor.execute(self._sql("MOVE FORWARD ALL IN {}"))
            self.rows: int = cursor.rowcount
            cursor.execute(self._sql("MOVE ABSOLUTE 0 IN {}"))

    def __iter__(self) -> Iterator[str]:
        yield self._head
        while True:
            with connection.cursor() as cursor:
                cursor.execute(self._sql("FETCH FORWARD {batch} FROM {}"))
                found = cursor.fetchall()
            if not found:
                return
            yield "".join(map(self._encode, found))

    def close(self) -> None:
        """Let PostgreSQL forget the rows; a connection that is gone has forgotten them."""
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute(self._sql("CLOSE {}"))

    def _sql(self, text: str) -> str:
        return sql.SQL(text).format(self._cursor, batch=sql.Literal(BATCH)).as_string(connection.connection)


def _rows(wanted: Filter, sort: Sort) -> "QuerySet[Credential, Any]":
    matching = credentials_matching(wanted).annotate(place_key=sort.key)
    columns = {f"column_{name}": source for name, (source, _) in COLUMNS.items()}
    return sort.ordered(matching).annotate(**columns).values_list(*columns)


def _csv_line(values: Sequence[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_cell(value) for value in values])
    return line.getvalue()


def _cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = " ".join(value) if isinstance(value, list) else "" if value is None else str(_plain(value))
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _json_line(values: Sequence[Any]) -> str:
    fields = {name: _plain(value) for name, value in zip(COLUMNS, values, strict=True)}
    return json.dumps(fields, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    return time_text(value) if isinstance(value, datetime) else value
