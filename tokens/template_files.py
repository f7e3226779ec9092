"""Templates as TOML that people can review: one table each, keys always in the same order, nothing left out.

Writing is tomlkit's, reading is the standard library's. What the words mean, the linter says; here the shape counts.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import tomlkit
from tomlkit.items import Array, String

from tokens.catalogue.linter import TemplateDraft
from tokens.catalogue.masking import mask
from tokens.template_comparison import in_order

TABLE: Final = "template"


class FileProblem(Exception):
    """A file cannot be read as templates; the text names the file and the key, and quotes no value."""


@dataclass(frozen=True)
class FileDraft:
    """A draft and the name of the file it was read from."""

    draft: TemplateDraft
    file: str


# Every key with the type it must have, in the order in which they are written.
_KEYS: Final[dict[str, type]] = {
    "slug": str,
    "name": str,
    "purpose": str,
    "tasks": list,
    "levels": list,
    "scopes": list,
    "kinds": list,
    "machine_kinds": list,
    "used_by_machine": bool,
    "max_days": int,
    "rule": str,
    "deputy_required": bool,
    "guidance": str,
    "justification": str,
}
_TYPE_WORDS: Final = {str: "a text", list: "a list of texts", bool: "true or false", int: "a whole number"}


def toml_from_drafts(drafts: Iterable[TemplateDraft]) -> str:
    """Write drafts, one `[[template]]` after the other; the same drafts give the same text, byte by byte."""
    tables = tomlkit.aot()
    for draft in map(in_order, drafts):
        table = tomlkit.table()
        for key, value in _values(draft).items():
            table.add(key, _item(value))
        tables.append(table)
    document = tomlkit.document()
    if tables:
        document.add(TABLE, tables)
    return tomlkit.dumps(document)


def _values(draft: TemplateDraft) -> dict[str, Any]:
    own = {key: getattr(draft, key) for key in _KEYS if key != "levels"}
    levels = tuple(f"{service}:{level}" for service, level in draft.services_levels)
    return {key: levels if key == "levels" else own[key] for key in _KEYS}


def _item(value: Any) -> Any:
    if isinstance(value, tuple):
        return _array(value)
    return _text(value) if isinstance(value, str) else value


def _array(values: tuple[str, ...]) -> Array:
    """A list with one entry a line, so that a review shows which one changed."""
    array = tomlkit.array()
    for value in values:
        array.append(_text(value))
    array.multiline(bool(values))
    return array


def _text(value: str) -> String:
    return tomlkit.string(value)


def drafts_from_toml(text: str, *, file: str) -> list[FileDraft]:
    """Read the templates of one file.

    Args:
        text: the file's content.
        file: its name, for the words of what is wrong.

    Raises:
        FileProblem: no TOML, an unknown or missing key, a value of another type, or a short name twice.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileProblem(f"{file}: this is no TOML ({_place(error)}).") from None
    _require_keys(document, {TABLE}, where=file)
    rows = document[TABLE]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FileProblem(f"{file}: “{TABLE}” is a list of tables, each beginning with [[{TABLE}]].")
    return [FileDraft(_draft(row, f"{file}, template {place}"), file) for place, row in enumerate(rows, 1)]


def _place(error: tomllib.TOMLDecodeError) -> str:
    """Where it went wrong; only the position is taken from the error, its words may quote a value."""
    _, found, place = str(error).rpartition("(at ")
    return f"at {place.rstrip(')')}" if found else "somewhere"


def _require_keys(row: Mapping[str, Any], known: Iterable[str], *, where: str) -> None:
    known = list(known)
    for key in row:
        if key not in known:
            raise FileProblem(f"{where}: there is no key “{mask(key)[:50]}”. Known are: {', '.join(known)}.")
    for key in known:
        if key not in row:
            raise FileProblem(f"{where}: the key “{key}” is missing.")


def _draft(row: Mapping[str, Any], where: str) -> TemplateDraft:
    if isinstance(row.get("slug"), str):
        where = f"{where} ({mask(row['slug'])[:50]})"
    _require_keys(row, _KEYS, where=where)
    for key, kind in _KEYS.items():
        _require_type(row[key], kind, where=f"{where}: “{key}”")
    values: dict[str, Any] = {key: tuple(row[key]) if kind is list else row[key] for key, kind in _KEYS.items()}
    levels = tuple(_level(value, f"{where}: “levels”") for value in values.pop("levels"))
    return in_order(TemplateDraft(services_levels=levels, **values))


def _require_type(value: Any, kind: type, *, where: str) -> None:
    fits = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
    if kind is list and fits:
        fits = all(isinstance(entry, str) for entry in value)
    if not fits:
        raise FileProblem(f"{where} must be {_TYPE_WORDS[kind]}.")


def _level(value: str, where: str) -> tuple[str, str]:
    service, found, level = value.partition(":")
    if not found:
        raise FileProblem(f"{where}: a level is written as service:level, such as repositories:read.")
    return service, level
