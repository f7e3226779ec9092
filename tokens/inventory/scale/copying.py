"""Rows into a table by COPY: several times faster than INSERT, and the triggers run all the same."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import AutoField, JSONField, Model
from psycopg import sql
from psycopg.types.json import Jsonb

Row = TypeVar("Row", bound=Model)


def copy_rows(rows: Sequence[Row]) -> Sequence[Row]:
    """Write new rows of one model, in the caller's transaction; rows whose key the database makes are given one.

    Args:
        rows: not saved yet, all of the same model.

    Returns:
        The same rows.
    """
    if not rows:
        return rows
    meta = rows[0]._meta
    fields = [(field, str(field.column)) for field in meta.concrete_fields]
    if isinstance(meta.pk, AutoField):
        for row, pk in zip(rows, _new_keys(meta.db_table, len(rows)), strict=True):
            row.pk = pk
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(meta.db_table), sql.SQL(", ").join([sql.Identifier(column) for _, column in fields])
    )
    names = [(field.attname, isinstance(field, JSONField)) for field, _ in fields]
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_plain(getattr(row, name), is_json) for name, is_json in names])
    return rows


def _plain(value: Any, is_json: bool) -> Any:
    if is_json:
        return None if value is None else Jsonb(value)
    # Django's named choices are texts of a class of their own, which psycopg would ask about one by one.
    return str(value) if isinstance(value, str) else value


def _new_keys(table: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [number for (number,) in cursor.fetchall()]
