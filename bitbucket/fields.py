"""Reads a vendor's JSON by the few names we use, in the type we expect; anything else is a BadAnswer."""

from datetime import UTC, datetime
from typing import Self

from bitbucket.errors import BadAnswer
from bitbucket.failures import plausible_scopes
from bitbucket.protocol import Answer


class Fields:
    """One JSON object of an answer. Errors name the place, never the value.

    Args:
        answer: where it comes from.
        value: the decoded JSON.
        place: its name in messages.

    Raises:
        BadAnswer: `value` is no object.
    """

    def __init__(self, answer: Answer, value: object, place: str = "the answer") -> None:
        self._answer, self._place = answer, place
        if not isinstance(value, dict):
            raise self._bad("is no object")
        self._values: dict[str, object] = value

    def text(self, name: str) -> str:
        """A text with something in it."""
        value = self._values.get(name)
        if not isinstance(value, str) or not value:
            raise self._bad(f"has no text {name}")
        return _storable(value)

    def text_or(self, name: str, default: str = "") -> str:
        """A text; the default where it is absent or null."""
        value = self._values.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self._bad(f"has a {name} that is no text")
        return _storable(value)

    def identifier(self, name: str) -> str:
        """An id that the vendor writes as a number or as a text, as a text."""
        value = self._values.get(name)
        return str(value) if type(value) is int else self.text(name)

    def number_or(self, name: str, default: int = 0) -> int:
        """A whole number; the default where it is absent or null."""
        value = self._values.get(name)
        if value is not None and type(value) is not int:
            raise self._bad(f"has a {name} that is no whole number")
        return default if value is None else value

    def flag(self, name: str) -> bool:
        """True or false, nothing that merely looks like it."""
        value = self._values.get(name)
        if not isinstance(value, bool):
            raise self._bad(f"has no yes or no in {name}")
        return value

    def flag_or(self, name: str, default: bool = False) -> bool:
        """True or false; the default where it is absent or null."""
        return default if self._values.get(name) is None else self.flag(name)

    def moment(self, name: str) -> datetime:
        """An ISO 8601 moment, in UTC where it names no zone."""
        try:
            moment = datetime.fromisoformat(self.text(name))
        except ValueError:
            raise self._bad(f"has no moment in {name}") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def moment_or_none(self, name: str) -> datetime | None:
        """A moment, or None where it is absent, null or empty."""
        return self.moment(name) if self._values.get(name) not in (None, "") else None

    def inner(self, name: str) -> Self:
        """An object inside this one."""
        return type(self)(self._answer, self._values.get(name), f"{self._place}.{name}")

    def inner_or_none(self, name: str) -> Self | None:
        """An object inside this one, or None where it is absent or null."""
        return None if self._values.get(name) is None else self.inner(name)

    def objects(self, name: str) -> list[Self]:
        """A list of objects."""
        value = self._values.get(name)
        if not isinstance(value, list):
            raise self._bad(f"has no list {name}")
        return [type(self)(self._answer, item, f"{self._place}.{name}[]") for item in value]

    def objects_or_none(self, name: str) -> list[Self] | None:
        """A list of objects, or None where it is absent or null."""
        return None if self._values.get(name) is None else self.objects(name)

    def texts_or_none(self, name: str) -> list[str] | None:
        """A list of texts, or None where it is absent or null."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._bad(f"has no list of texts {name}")
        return [_storable(item) for item in value]

    def scopes_or_none(self, name: str) -> frozenset[str] | None:
        """A list of scope names; None where it is absent, null or holds something that is no scope's name.

        Listings mix products: one odd name of another product must not hide all other entries.
        """
        value = self._values.get(name)
        if value is not None and not isinstance(value, list):
            raise self._bad(f"has no list {name}")
        return None if value is None else plausible_scopes(value)

    def anything(self, name: str) -> object:
        """The value as it came, for a reader that checks it itself."""
        return self._values.get(name)

    def _bad(self, what: str) -> BadAnswer:
        return BadAnswer(self._answer.operation, self._answer.status, f"{self._place} {what}")


def _storable(text: str) -> str:
    """Replace what JSON may carry and no database, path or UTF-8 text can: halves of a surrogate pair, and NUL."""
    if text.isprintable():
        return text
    return "".join("\ufffd" if sign == "\0" or "\ud800" <= sign <= "\udfff" else sign for sign in text)
