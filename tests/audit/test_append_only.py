"""The database refuses to change what is recorded."""

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from audit.models import ChainHead, Event, EvidencePack
from tests.audit.events import happen
from tests.portal.pack_scene import a_stored_pack

CHANGES = [
    "UPDATE audit_event SET actor_label = 'Nobody'",
    "UPDATE audit_event SET actor_label = 'Nobody' WHERE seq = 99",
    "DELETE FROM audit_event WHERE seq = 1",
    "TRUNCATE audit_event",
    "TRUNCATE audit_event, audit_chainhead CASCADE",
    "UPDATE audit_chainhead SET seq = 0",
    "DELETE FROM audit_chainhead",
    "TRUNCATE audit_chainhead",
    "INSERT INTO audit_event SELECT * FROM audit_event",
    "INSERT INTO audit_event SELECT (jsonb_populate_record(e, '{\"seq\": 3}')).* FROM audit_event e",
]
# A superuser who poses as a replica can add rows (a replica must); the chain shows those.
CASES = [(statement, "origin") for statement in CHANGES] + [
    (statement, "replica") for statement in CHANGES if not statement.startswith("INSERT")
]


@pytest.mark.django_db
@pytest.mark.parametrize(("statement", "role"), CASES)
def test_changes_are_refused(statement: str, role: str) -> None:
    happen()
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f"SET LOCAL session_replication_role = {role}")
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert Event.objects.get().actor_label == "Emma"
    assert ChainHead.objects.get().seq == 1


@pytest.mark.django_db
def test_django_itself_is_refused() -> None:
    event = happen()
    event.actor_label = "Nobody"
    for change in (event.save, event.delete, Event.objects.all().delete):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_flush_is_refused() -> None:
    happen()
    with pytest.raises(CommandError):
        call_command("flush", interactive=False)
    assert Event.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_evidencepack SET name = 'x'", "DELETE FROM audit_evidencepack", "TRUNCATE audit_evidencepack"],
)
def test_packs_are_kept_like_events(statement: str, role: str) -> None:
    a_stored_pack()
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f"SET LOCAL session_replication_role = {role}")
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert EvidencePack.objects.get().name == "Offboarding of Lee"
