"""The organisation's audit log, reduced to who did what to which objects."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bitbucket.fields import Fields


@dataclass(frozen=True)
class EventObject:
    """An object an event is about, or stands in: its kind and id, without names and addresses."""

    type: str
    id: str

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From one of `context` or `container`."""
        return cls(fields.text_or("type"), fields.text_or("id"))


@dataclass(frozen=True)
class OrganisationEvent:
    """One event; `at` is None and the texts are empty where the vendor leaves them out.

    Which actions tell of a Bitbucket credential is documented nowhere, so `action` is kept as it came.
    """

    id: str
    action: str
    at: datetime | None
    actor_id: str
    context: tuple[EventObject, ...]
    container: tuple[EventObject, ...]

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From one of `data`."""
        told = fields.inner("attributes")
        actor = told.inner_or_none("actor")
        return cls(
            id=fields.text("id"),
            action=told.text("action"),
            at=told.moment_or_none("time"),
            actor_id=actor.text_or("id") if actor else "",
            context=tuple(map(EventObject.parsed, told.objects_or_none("context") or ())),
            container=tuple(map(EventObject.parsed, told.objects_or_none("container") or ())),
        )


@dataclass(frozen=True)
class EventPage:
    """One page of the stream.

    Args:
        events: in the order they came, by default the oldest first.
        next_cursor: where to go on; on the last page it is where to look again later. Empty where none is told.
    """

    events: tuple[OrganisationEvent, ...]
    next_cursor: str
