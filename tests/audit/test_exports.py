"""The trail as a file."""

import csv
import hashlib
import io
import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from audit.trail import Actor, Subject
from tests.audit.events import happen, tamper

pytestmark = pytest.mark.django_db

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "|cmd", "%x"]


def export(*arguments: str) -> str:
    out = io.StringIO(newline="")
    call_command("export_audit", *arguments, stdout=out)
    return out.getvalue()


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_is_what_is_stored() -> None:
    event = happen(note='with "quotes", commas\nand lines', umlaut="ü")
    (row,) = table(export("--format", "csv"))
    assert row["seq"] == "1"
    assert row["actor_label"] == "Emma"
    assert json.loads(row["details"]) == event.details
    assert row["at"] == event.content()["at"]
    assert row["hash"] == event.hash


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula(formula: str) -> None:
    happen(actor=Actor("person", formula, formula), subject=Subject(formula, formula, formula))
    (row,) = table(export("--format", "csv"))
    assert [value for value in row.values() if value[:1] in set("=+-@\t\r\n|%")] == []
    assert row["actor_label"] == f"'{formula}"


def test_json_lines_let_anybody_compute_the_chain() -> None:
    """Written out here by hand: this is the format that others may rely on."""
    for text in ('with "quotes" \\ and\nlines', "ü 漢 \u2028 \x01\x02", "</script>"):
        happen(note=text, deep={"b": [1, None, True], "a": 10**20})
    previous = "0" * 64
    lines = export("--format", "jsonl").split("\n")
    assert lines.pop() == ""
    for line in lines:
        event = json.loads(line)
        claimed = event.pop("hash")
        assert event["previous_hash"] == previous
        text = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        previous = hashlib.sha256(f"audit-event-1\n{text}".encode()).hexdigest()
        assert previous == claimed
    assert len(lines) == Event.objects.count() == 3


def test_a_time_span() -> None:
    for _ in range(3):
        happen()
    tamper("UPDATE audit_event SET at = timestamptz '2026-03-01 12:00+00' + (seq - 1) * interval '1 day'")
    numbers = [row["seq"] for row in table(export("--format", "csv", "--since", "2026-03-02", "--until", "2026-03-03"))]
    assert numbers == ["2"]
    assert [row["seq"] for row in table(export("--format", "csv", "--since", "2026-03-02T14:00:00+02:00"))] == [
        "2",
        "3",
    ]


def test_an_empty_trail_is_a_header_or_nothing() -> None:
    assert export("--format", "csv").startswith("seq,at,tag")
    assert export("--format", "jsonl") == ""


@pytest.mark.parametrize("arguments", [[], ["--format", "xml"], ["--format", "csv", "--since", "yesterday"]])
def test_wrong_arguments_are_refused_in_words(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("export_audit", *arguments)


def test_the_command_itself_streams_to_a_pipe() -> None:
    run = subprocess.run(
        [sys.executable, "manage.py", "export_audit", "--format", "csv", "--until", "1999-01-01"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.stdout.startswith("seq,at") or "audit_event" in run.stderr
