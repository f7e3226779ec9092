"""The calls of one pass: each fails for itself, and trouble that would meet the next one too ends the trying."""

import queue
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from bitbucket.cloud import CloudClient
from bitbucket.errors import (
    AuthMethodRefused,
    Gone,
    MissingScope,
    NotFound,
    RateLimited,
    RemoteError,
    Transient,
    Unauthorized,
)
from bitbucket.person_reading.result import Unread

# Each may cost a whole deadline; a service that is down is not asked for every repository.
_TROUBLES_AT_MOST = 3

Value = TypeVar("Value")
Item = TypeVar("Item")


@dataclass(frozen=True)
class Outcome(Generic[Value]):
    """A value, or a 404 that is yet to be judged, or neither: then the part stands among the unread ones."""

    value: Value | None = None
    missing: NotFound | None = None


class Attempts:
    """Makes the calls of one pass and notes what could not be read."""

    def __init__(self) -> None:
        self.unread: list[Unread] = []
        self._stopped: RemoteError | None = None
        self._closed: dict[str, RemoteError] = {}
        self._troubles = 0

    def note(self, part: str, reason: str, error: RemoteError | None = None) -> None:
        """A part is unread."""
        self.unread.append(Unread(part, reason, error))

    def read(self, operation: str, part: str, call: Callable[[], Value]) -> Outcome[Value]:
        """Make one call, unless an earlier one showed that it would be in vain.

        Args:
            operation: what is closed together where a scope is missing.
            part: its name among the unread parts.
            call: raises `RemoteError` where it has no answer.
        """
        blocked = self._stopped or self._closed.get(operation)
        if blocked is not None:
            self.note(part, f"not tried any more: {blocked}", blocked)
            return Outcome()
        try:
            return Outcome(call())
        except NotFound as error:
            return Outcome(missing=error)
        except RemoteError as error:
            self._learn(operation, error)
            self.note(part, str(error), error)
        except ValueError as error:  # a name that cannot stand in an address
            self.note(part, str(error))
        return Outcome()

    def _learn(self, operation: str, error: RemoteError) -> None:
        self._troubles += isinstance(error, Transient)
        if isinstance(error, RateLimited | Unauthorized) or self._troubles >= _TROUBLES_AT_MOST:
            self._stopped = error
        if isinstance(error, MissingScope | AuthMethodRefused | Gone):
            self._closed[operation] = error


def spread(
    clients: Sequence[CloudClient], items: Sequence[Item], work: Callable[[CloudClient, Item], Value]
) -> list[Value]:
    """Do the work for every item, with one thread for each client; the results stand in the items' order."""
    if len(clients) < 2 or len(items) < 2:
        return [work(clients[0], item) for item in items]
    free: queue.SimpleQueue[CloudClient] = queue.SimpleQueue()
    for client in clients:
        free.put(client)

    def with_a_client(item: Item) -> Value:
        client = free.get()
        try:
            return work(client, item)
        finally:
            free.put(client)

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(with_a_client, items))
