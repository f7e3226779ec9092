"""What an event holds, as text that always comes out the same: the thing that is hashed.

The canonical form is JSON with sorted keys, no spaces and real characters, in UTF-8. Floats are refused:
PostgreSQL's jsonb may spell a number differently from how it was written, and then the hash of an untouched
event would not hold.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_FORMAT = "audit-event-1"  # becomes another one when the canonical form changes

# A recursive alias would be exact, but Django's plugin and callers read this one without effort.
JsonValue = str | int | bool | None | list[Any] | dict[str, Any]

_SECRET_SHAPES = (
    # Atlassian's own prefixes of API tokens, app passwords and access tokens.
    re.compile(r"AT(?:AT|BB|CT)(?=[\w=-]*[0-9])[\w=-]{8,}"),
    # The portal's own service tokens, whatever they are glued to: "%20bcps_", "\\nbcps_".
    re.compile(r"bcps_(?=[\w-]{0,64}[0-9A-Z])[\w-]{8,}"),
    re.compile(r"[a-z][a-z0-9+.-]*://[^\s/?#@]*:[^\s/?#@]+@", re.IGNORECASE),
    re.compile(r"\bauthorization\s*:\s*\S", re.IGNORECASE),
    re.compile(r"\bbearer\s+[\w.~+/=-]{16,}|\bbasic\s+[a-z0-9+/=]{24,}", re.IGNORECASE),
)
_SECRET_KEYS = frozenset({"secret", "password", "passwd", "authorization"})


class RefusedContent(ValueError):
    """An event was about to hold something that it must not; the message never quotes it."""


def clean_text(text: str) -> str:
    """The text as PostgreSQL and UTF-8 can hold it: NUL and lone surrogates become the replacement sign."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def clean_details(details: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Details as plain JSON values that come back from jsonb exactly as they went in.

    Raises:
        RefusedContent: a float, another type, or something that looks like a secret.
    """
    return {clean_text(key): _clean(value, where=key) for key, value in details.items()}


def _clean(value: Any, *, where: str) -> Any:
    if where.lower() in _SECRET_KEYS:
        raise RefusedContent(f"A detail may not be called {where!r}: the trail never holds a secret.")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        text = clean_text(str(value))
        refuse_secret(text, where=where)
        return text
    if isinstance(value, Mapping):
        return {clean_text(str(key)): _clean(item, where=str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item, where=where) for item in _in_order(value)]
    raise RefusedContent(f"The detail {where!r} is a {type(value).__name__}; text, whole numbers and lists only.")


def _in_order(values: Any) -> Any:
    return sorted(values, key=str) if isinstance(values, set | frozenset) else values


def refuse_secret(text: str, *, where: str) -> None:
    """Raise where a text looks like a credential's secret.

    Args:
        text: what would be stored.
        where: the field's name, for the message.

    Raises:
        RefusedContent: it does; the message does not repeat it.
    """
    if any(shape.search(text) for shape in _SECRET_SHAPES):
        raise RefusedContent(f"The field {where!r} looks like a secret and was not recorded.")


def canonical(fields: Mapping[str, Any]) -> bytes:
    """The bytes that are hashed for an event's fields (all of them but its own hash)."""
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return f"{_FORMAT}\n{text}".encode()


def hash_of(fields: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in lower-case hexadecimal."""
    return hashlib.sha256(canonical(fields)).hexdigest()


def time_text(moment: datetime) -> str:
    """A moment in UTC to the microsecond, always spelled the same: ``2026-01-31T09:15:00.000000Z``."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
