"""The words in which the tables say what an answer must carry."""

from collections.abc import Mapping
from typing import NamedTuple

REST = "https://developer.atlassian.com/cloud/bitbucket/rest"
Fields = Mapping[str, type]
PAGE: Fields = {"values": list}
USER: Fields = {"user.uuid": str, "user.account_id": str, "user.display_name": str}


class Required(NamedTuple):
    """The fields of one route's successful answer."""

    route: str
    fields: Fields
    source: str


def each(fields: Fields) -> Fields:
    """The fields of every item of a page."""
    return {**PAGE, **{f"values[].{name}": kind for name, kind in fields.items()}}


def under(name: str, fields: Fields) -> Fields:
    """The fields of an object inside."""
    return {f"{name}.{key}": kind for key, kind in fields.items()}
