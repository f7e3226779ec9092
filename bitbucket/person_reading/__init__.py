"""What one person can still do in a workspace, read live and in one pass."""

from bitbucket.person_reading.reading import ROWS_AT_MOST, read_person
from bitbucket.person_reading.result import ExplicitGrant, PersonReading, ReachedRepository, Unread, UserFilter

__all__ = [
    "ROWS_AT_MOST",
    "ExplicitGrant",
    "PersonReading",
    "ReachedRepository",
    "Unread",
    "UserFilter",
    "read_person",
]
