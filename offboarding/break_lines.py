"""What a preview is made of: one line for each kind of thing that breaks, with its places in the detail."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

PLACES_SHOWN = 30


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes:
        kind: such as ``branch_restrictions``; with ``id`` it makes the task of it one task, however often it is read.
        id: which one of its kind; the kind's only one is ``all``.
        title: an instruction where somebody has to do something; else what is to be known.
        detail: where, and why it breaks.
        link: where to do it; empty for nowhere in particular.
        task: whether somebody has to take it over.
    """

    kind: str
    title: str
    detail: str = ""
    link: str = ""
    task: bool = False
    id: str = "all"

    def as_json(self) -> dict[str, Any]:
        """For the plan's row."""
        return asdict(self)


@dataclass
class Found:
    """What one source of lines told.

    Attributes:
        lines: in the order of what breaks first.
        unread: what was not read, and why.
        requests: how many were sent.
    """

    lines: list[Line] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    requests: int = 0


def listed(places: Sequence[str]) -> str:
    """Names in a row, as many as one reads."""
    more = len(places) - PLACES_SHOWN
    return ", ".join(places[:PLACES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def somewhere(places: Sequence[str], what: str = "places") -> str:
    """The one place, or how many there are."""
    return places[0] if len(places) == 1 else f"{len(places)} {what}"
