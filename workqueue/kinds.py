"""What ``settings.JOB_KINDS`` says about a kind of job."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


class UnknownKind(LookupError):
    """No such kind is configured in this process; a newer one may know it."""


@dataclass(frozen=True)
class Kind:
    """How one kind of job runs.

    Attributes:
        name: the kind.
        run: dotted path of the handler, which takes the claim.
        queue: the Celery queue whose workers may run it.
        gave_up: dotted path of what is called with claim and reason when trying ends in vain; may be empty.
        lease: how long a claim holds; after that another worker takes over.
        give_up_after: wall time from the first due moment; the next failing attempt after it is the last.
        first_pause: pause after the first failed attempt; it doubles with each further one.
        drains: whether one bell works through what is due of this kind, for a while.
        ran_dry: dotted path of what is called when such a bell finds nothing left; may be empty.
        forget_after: how long an ended row is kept; None for ever.
    """

    name: str
    run: str
    queue: str = "default"
    gave_up: str = ""
    lease: timedelta = timedelta(seconds=60)
    give_up_after: timedelta = timedelta(hours=24)
    first_pause: timedelta = timedelta(seconds=5)
    drains: bool = False
    ran_dry: str = ""
    forget_after: timedelta | None = None

    def handler(self) -> Callable[[Any], None]:
        """The function that does the work."""
        handler: Callable[[Any], None] = import_string(self.run)
        return handler

    def gave_up_hook(self) -> Callable[[Any, str], None] | None:
        """The function that is told when trying ends, if there is one."""
        return import_string(self.gave_up) if self.gave_up else None

    def ran_dry_hook(self) -> Callable[[], None] | None:
        """The function that is told when nothing is left to do, if there is one."""
        return import_string(self.ran_dry) if self.ran_dry else None


def kind_named(name: str) -> Kind:
    """The configured kind.

    Raises:
        UnknownKind: there is none of that name.
    """
    entry = getattr(settings, "JOB_KINDS", {}).get(name)
    if entry is None:
        raise UnknownKind(f"No kind of job is called {name!r}.")
    return Kind(
        name=name,
        run=entry["run"],
        queue=entry.get("queue", "default"),
        gave_up=entry.get("gave_up", ""),
        lease=timedelta(seconds=entry.get("lease_seconds", 60)),
        give_up_after=timedelta(hours=entry.get("give_up_hours", 24)),
        first_pause=timedelta(seconds=entry.get("first_pause_seconds", 5)),
        drains=entry.get("drains", False),
        ran_dry=entry.get("ran_dry", ""),
        forget_after=timedelta(hours=hours) if (hours := entry.get("forget_after_hours")) else None,
    )


def configured_kinds() -> list[Kind]:
    """Every kind that this process knows."""
    return [kind_named(name) for name in getattr(settings, "JOB_KINDS", {})]
