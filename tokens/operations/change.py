"""One state change: one transaction, writes first, the audit rows last."""

from types import TracebackType
from typing import Self

from django.db import transaction
from django.utils import timezone

from accounts.actors import Acting, actor
from audit.content import JsonValue
from audit.tags import Tag
from audit.trail import Subject, record
from tokens.models import Credential, Request


class NotAllowed(Exception):
    """The acting person may not do this, whatever the page said; the text is for that person."""


class Stale(Exception):
    """The thing changed since the page was made; the text says what it is now."""


class Change:
    """A transaction whose audit rows are written when everything else is, because the trail's lock comes last.

    Args:
        acting_user: who changes something.
    """

    def __init__(self, acting_user: Acting) -> None:
        self.acting_user = acting_user
        self.at = timezone.now()
        self._events: list[tuple[Tag, Subject, dict[str, JsonValue]]] = []
        self._atomic = transaction.atomic()

    def __enter__(self) -> Self:
        self._atomic.__enter__()
        return self

    def event(self, tag: Tag, subject: Subject, **details: JsonValue) -> None:
        """Say what happened; it is written as the last thing of the transaction."""
        self._events.append((tag, subject, details))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._atomic.__exit__(kind, error, trace)
            return
        try:
            for tag, subject, details in self._events:
                record(tag, actor=actor(self.acting_user), subject=subject, **details)
        except BaseException as problem:
            self._atomic.__exit__(type(problem), problem, problem.__traceback__)
            raise
        self._atomic.__exit__(None, None, None)


def record_refusal(acting_user: Acting, *, path: str, because: str) -> None:
    """Put into the trail that somebody tried what they may not, with the words they were given."""
    with Change(acting_user) as change:
        change.event(Tag.ACCESS_REFUSED, Subject("page", path, path), because=because)


def request_subject(request: Request) -> Subject:
    """A request as the trail names it."""
    return Subject("request", str(request.pk), request.code)


def credential_subject(credential: Credential) -> Subject:
    """A credential as the trail names it."""
    return Subject("credential", str(credential.pk), credential.name)
