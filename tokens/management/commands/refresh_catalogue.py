"""Renew the operation table from Bitbucket's official OpenAPI document."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tokens.catalogue.operations.document import NotTheDocument, differences, operations_from_document
from tokens.catalogue.operations.model import Operation
from tokens.catalogue.operations.table_file import TABLE_PATH, TableFile, read_table, written_table


class Command(BaseCommand):
    """``manage.py refresh_catalogue --openapi FILE [--check]``: says what changed, then writes."""

    help = "Extract the operation table from Bitbucket's OpenAPI document; prints the difference before it writes."
    requires_system_checks: list[str] = []  # works on a file alone

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what the command takes."""
        parser.add_argument("--openapi", type=Path, required=True, help="the document, as JSON")
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where something differs")
        parser.add_argument("--table", type=Path, default=TABLE_PATH, help="the table (the project's own)")

    def handle(self, *_: Any, openapi: Path, check: bool, table: Path, **__: Any) -> None:
        """Compare, tell, write."""
        document = _read_document(openapi)
        try:
            operations = operations_from_document(document)
        except NotTheDocument as problem:
            raise CommandError(f"{openapi} is not Bitbucket's OpenAPI document. {problem}") from None
        changes = differences(_present(table), operations)
        for sentence in changes:
            self.stdout.write(sentence)
        self.stdout.write(f"{len(operations)} operations, {len(changes)} of them new, gone or changed.")
        if check and changes:
            raise CommandError("The table does not agree with the document.")
        if changes:
            revision = str(document.get("x-revision") or "not given")
            renewed = TableFile(revision, datetime.now(UTC).date(), operations)
            _write(table, written_table(renewed))
            self.stdout.write(f"Written: {table}. Read the difference and run the tests before you commit it.")


def _read_document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise CommandError(f"{path} cannot be read: {problem.strerror}.") from None
    except ValueError:
        raise CommandError(f"{path} is not JSON.") from None
    if not isinstance(document, dict):
        raise CommandError(f"{path} is not an OpenAPI document.")
    return document


def _present(table: Path) -> tuple[Operation, ...]:
    if not table.exists():
        return ()
    try:
        return read_table(table).operations
    except OSError as problem:
        raise CommandError(f"{table} cannot be read: {problem.strerror}.") from None
    except ValueError:
        raise CommandError(f"{table} is not an operation table.") from None


def _write(table: Path, text: str) -> None:
    try:
        table.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise CommandError(f"{table} cannot be written: {problem.strerror}.") from None
