"""The committed table as a file: one operation a line, so that a change of Bitbucket's reads as a change of lines."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from tokens.catalogue.operations.model import Operation, Scopes

TABLE_PATH: Final = Path(__file__).with_name("operations.json")


class TableFile(NamedTuple):
    """The table with where it came from: the document's own revision and the day it was extracted."""

    revision: str
    extracted_on: date
    operations: tuple[Operation, ...]


def read_table(path: Path = TABLE_PATH) -> TableFile:
    """The table as committed.

    Raises:
        OSError: there is no such file.
        ValueError: it is not a table.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    try:
        rows = tuple(_operation(row) for row in content["operations"])
        return TableFile(content["revision"], date.fromisoformat(content["extracted_on"]), rows)
    except (KeyError, TypeError) as problem:
        raise ValueError(f"{path} is not an operation table") from problem


def written_table(table: TableFile) -> str:
    """The text of the file."""
    head = {"revision": table.revision, "extracted_on": table.extracted_on.isoformat()}
    lines = ",\n".join(json.dumps(_row(operation)) for operation in table.operations)
    return f'{json.dumps(head)[:-1]}, "operations": [\n{lines}\n]}}\n'


def _row(operation: Operation) -> dict[str, Any]:
    removed_on = operation.removed_on.isoformat() if operation.removed_on else None
    return {
        "method": operation.method,
        "path": operation.path,
        "classic": operation.classic_scopes,
        "api_token": operation.api_token_scopes,
        "auth": operation.auth_types,
        "deprecated": operation.deprecated,
        "removed_on": removed_on,
    }


def _operation(row: Mapping[str, Any]) -> Operation:
    return Operation(
        method=row["method"],
        path=row["path"],
        classic_scopes=_scopes(row["classic"]),
        api_token_scopes=_scopes(row["api_token"]),
        auth_types=_scopes(row["auth"]),
        deprecated=row["deprecated"],
        removed_on=date.fromisoformat(row["removed_on"]) if row["removed_on"] else None,
    )


def _scopes(names: Iterable[str] | None) -> Scopes | None:
    return None if names is None else tuple(names)
