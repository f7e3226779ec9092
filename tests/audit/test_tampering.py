"""Somebody who may switch the triggers off is found out."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.chain import Head, line_from_head, verify_chain
from audit.models import Event
from tests.audit.events import happen, tamper, triggers_off

pytestmark = pytest.mark.django_db

COLUMNS = [
    ("at", "at + interval '1 microsecond'"),
    ("tag", "'session:start'"),
    ("actor_kind", "'system'"),
    ("actor_account_id", "'712020:aria'"),
    ("actor_label", "'Emme'"),
    ("subject_type", "'request'"),
    ("subject_id", "'8'"),
    ("subject_label", "subject_label || ' '"),
    ("details", "jsonb_set(details, '{number}', '0')"),
    ("request_id", "'x'"),
    ("previous_hash", "repeat('0', 64)"),
    ("hash", "repeat('0', 64)"),
]
CUT_TAIL = (
    "DELETE FROM audit_event WHERE seq > 3",
    "UPDATE audit_chainhead SET seq = 3, hash = (SELECT hash FROM audit_event WHERE seq = 3)",
)


@pytest.fixture(autouse=True)
def five_events() -> None:
    """A trail to tamper with."""
    for number in range(1, 6):
        happen(number=number)


@pytest.fixture
def anchor(tmp_path: Path) -> Path:
    """The head of those five, kept in a file."""
    path = tmp_path / "heads.jsonl"
    call_command("verify_audit", write_anchor=path, stdout=StringIO())
    return path


def verify(**options: Path) -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out, **options)
    return out.getvalue()


def test_an_untouched_trail_holds(anchor: Path) -> None:
    assert "holds: 5 events, none of them anchored" in verify()
    happen()
    assert "holds: 6 events, 1 of them newer than the last anchor" in verify(anchor=anchor)


@pytest.mark.parametrize(("column", "value"), COLUMNS)
def test_an_edit_is_found(column: str, value: str) -> None:
    tamper(f"UPDATE audit_event SET {column} = {value} WHERE seq = 3")  # noqa: S608 - that is the attack
    with pytest.raises(CommandError, match=r"does not hold at event 3: event 3 (was altered|does not follow)"):
        verify()


def test_a_deletion_in_the_middle_is_found() -> None:
    tamper("DELETE FROM audit_event WHERE seq = 3")
    with pytest.raises(CommandError, match="event 3 is missing; the next one is 4"):
        verify()


def test_the_first_event_is_missed() -> None:
    tamper("DELETE FROM audit_event WHERE seq = 1")
    with pytest.raises(CommandError, match="event 1 is missing"):
        verify()


def test_a_swap_is_found() -> None:
    tamper("UPDATE audit_event SET seq = 100 WHERE seq = 3", "UPDATE audit_event SET seq = 3 WHERE seq = 4",
           "UPDATE audit_event SET seq = 4 WHERE seq = 100")  # fmt: skip
    with pytest.raises(CommandError, match="does not hold at event 3"):
        verify()


def test_an_insertion_is_found() -> None:
    """A forged event with a right hash of its own, pushed in between."""
    tamper(
        "UPDATE audit_event SET seq = seq + 100 WHERE seq > 3", "UPDATE audit_event SET seq = seq - 99 WHERE seq > 100"
    )
    third = Event.objects.get(seq=3)
    forged = Event(**third.content() | {"seq": 4, "at": third.at, "previous_hash": third.hash, "actor_label": "Lee"})
    forged.hash = forged.computed_hash()
    _insert(forged)
    with pytest.raises(CommandError, match="event 5 does not follow event 4"):
        verify()


def test_a_cut_tail_is_found() -> None:
    tamper("DELETE FROM audit_event WHERE seq > 3")
    with pytest.raises(CommandError, match="event 4 is missing: the chain's head is event 5"):
        verify()


def test_a_cut_tail_with_the_head_moved_back_is_found_by_the_anchor(anchor: Path) -> None:
    tamper(*CUT_TAIL)
    assert "holds" in verify()  # which is why heads are kept elsewhere
    with pytest.raises(CommandError, match="event 4 is missing: an anchor knows event 5"):
        verify(anchor=anchor)


def test_everything_emptied_is_found_by_the_anchor(anchor: Path) -> None:
    tamper("TRUNCATE audit_event, audit_chainhead")
    assert "empty" in verify()
    with pytest.raises(CommandError, match="event 1 is missing"):
        verify(anchor=anchor)


def test_an_old_backup_with_a_new_life_is_found_by_the_anchor(anchor: Path) -> None:
    tamper(*CUT_TAIL)
    for _ in range(4):
        happen(after="the backup was played back")
    assert "holds: 7 events" in verify()
    with pytest.raises(CommandError, match="event 5 is not the one that was anchored"):
        verify(anchor=anchor)


def test_a_missing_head_is_found() -> None:
    tamper("DELETE FROM audit_chainhead")
    with pytest.raises(CommandError, match="head row is missing"):
        verify()


def test_a_backdated_event_is_found() -> None:
    fifth = Event.objects.get(seq=5)
    forged = Event(**fifth.content() | {"seq": 6, "at": Event.objects.get(seq=1).at, "previous_hash": fifth.hash})
    forged.hash = forged.computed_hash()
    _insert(forged)
    with pytest.raises(CommandError, match="event 6 is older than the one before it"):
        verify()


def test_the_verdict_says_how_far_it_got() -> None:
    tamper("DELETE FROM audit_event WHERE seq = 4")
    verdict = verify_chain()
    assert (verdict.events, verdict.holds) == (3, False)


@pytest.mark.parametrize("text", ["nonsense", '{"seq": 1}', "[1, 2]", "", '{"seq": "x", "hash": "y"}'])
def test_an_anchor_file_that_is_none_is_no_proof(text: str, tmp_path: Path) -> None:
    path = tmp_path / "heads.jsonl"
    path.write_text(text)
    with pytest.raises(CommandError, match="anchor file"):
        verify(anchor=path)


def test_an_anchor_of_another_trail_does_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "heads.jsonl"
    path.write_text(line_from_head(Head(2, "f" * 64)) + "\n")
    with pytest.raises(CommandError, match="event 2 is not the one that was anchored"):
        verify(anchor=path)


def _insert(event: Event) -> None:
    with triggers_off():
        event.save(force_insert=True)
