"""Writing the trail: :func:`record`, and who and what an event names."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import DateTimeField, Func
from django.db.transaction import TransactionManagementError

from audit.content import JsonValue, clean_details, clean_text, refuse_secret
from audit.context import current_request_id
from audit.models import ChainHead, Event
from audit.tags import Tag

__all__ = ["Actor", "JsonValue", "Subject", "record"]

ACTOR_KINDS = ("person", "system", "command", "service")
LABEL_LENGTH = 300
ID_LENGTH = 128


@dataclass(frozen=True)
class Actor:
    """Who did it.

    Attributes:
        kind: ``person``, ``system`` (a job, the clock), ``command`` (somebody at a shell) or ``service`` (another
            system, with a service token).
        account_id: Atlassian account id of a person, else empty.
        label: the name at that time.
    """

    kind: str
    account_id: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        if self.kind not in ACTOR_KINDS:
            raise ValueError(f"An actor is one of {', '.join(ACTOR_KINDS)}.")


@dataclass(frozen=True)
class Subject:
    """What it happened to: a type of thing, its id, and its name at that time."""

    type: str
    id: str
    label: str


def record(tag: Tag, *, actor: Actor, subject: Subject, **details: JsonValue) -> Event:
    """Append one event to the chain, as the last statement of the caller's transaction.

    It takes the chain's lock and holds it until the transaction ends. A transaction that wrote anything
    afterwards could wait for a row whose owner waits for the chain.

    Args:
        tag: what happened.
        actor: who did it.
        subject: what it happened to.
        details: plain JSON values; whole numbers, no floats, never a secret.

    Returns:
        The stored event.

    Raises:
        TransactionManagementError: there is no transaction.
        RefusedContent: a text looks like a secret, or a value is not plain JSON.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("record() belongs into the transaction of what it records.")
    event = _event(tag, actor, subject, details)
    head, now = _locked_head()
    event.seq = head.seq + 1
    event.at = max(now, head.at)  # a clock that steps back must not put events out of order
    event.previous_hash = head.hash
    event.hash = event.computed_hash()
    event.save(force_insert=True)
    return event


def _event(tag: Tag, actor: Actor, subject: Subject, details: dict[str, JsonValue]) -> Event:
    return Event(
        tag=tag.value,
        actor_kind=actor.kind,
        actor_account_id=_text(actor.account_id, "actor", ID_LENGTH),
        actor_label=_text(actor.label, "actor", LABEL_LENGTH),
        subject_type=_text(subject.type, "subject", 32),
        subject_id=_text(subject.id, "subject", ID_LENGTH),
        subject_label=_text(subject.label, "subject", LABEL_LENGTH),
        details=clean_details(details),
        request_id=current_request_id(),
    )


def _text(text: str, where: str, length: int) -> str:
    clean = clean_text(str(text))
    refuse_secret(clean, where=where)
    return clean[:length]


def _locked_head() -> tuple[ChainHead, datetime]:
    """The head, locked until the transaction ends, and the database's time."""
    found = _lock()
    if found is None:
        ChainHead.objects.bulk_create([ChainHead()], ignore_conflicts=True)
        found = _lock()
    if found is None:
        raise RuntimeError("The chain's head row could not be made.")
    return found


def _lock() -> tuple[ChainHead, datetime] | None:
    clock = Func(function="clock_timestamp", output_field=DateTimeField())
    head = ChainHead.objects.select_for_update().annotate(now=clock).filter(id=1).first()
    return (head, head.now) if head else None
