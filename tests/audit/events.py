"""Events for tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from audit.models import Event
from audit.tags import Tag
from audit.trail import Actor, JsonValue, Subject, record

EMMA = Actor("person", "712020:emma", "Emma")
ARIA = Actor("person", "712020:aria", "Aria")
CREDENTIAL = Subject("credential", "7", "bcp-7K2QXM Clone and pull")


def happen(
    tag: Tag = Tag.CREDENTIAL_REGISTERED, actor: Actor = EMMA, subject: Subject = CREDENTIAL, **details: JsonValue
) -> Event:
    """One event in a transaction of its own."""
    with transaction.atomic():
        return record(tag, actor=actor, subject=subject, **details)


@contextmanager
def triggers_off() -> Iterator[None]:
    """What the tables' owner can do, and what the chain is there for."""
    with connection.cursor() as cursor:
        for table in ("audit_event", "audit_chainhead"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield
        finally:
            for table, trigger in (
                ("audit_event", "audit_event_append_only"),
                ("audit_chainhead", "audit_chainhead_append_only"),
            ):
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
            cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER audit_event_follows_head")


def tamper(*statements: str) -> None:
    """Run SQL against the trail with its triggers off."""
    with triggers_off(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
