"""The inventory as a file: exactly what is filtered, in its order, safe to open, and in the trail."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person, User
from audit.content import time_text
from audit.models import Event
from tests.tokens.desk import signed_in, tags
from tests.tokens.inventory_list.rows import DAY, READ, WRITE, approved, found, open_finding
from tokens.inventory import exports
from tokens.inventory.exports import COLUMNS, Export
from tokens.inventory.filters import Filter
from tokens.models import FindingKind

pytestmark = pytest.mark.django_db
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "|cmd", "%x", "\tx", "\rx"]


def taken(user: User, **asked: str) -> str:
    answer: Any = signed_in(user).get(reverse("credentials_export"), asked)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def hung_up(answer: Any) -> None:
    """What the server does when the browser is gone. Closing the answer would take the test's connection along."""
    for close in answer._resource_closers:
        close()


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_exactly_what_is_filtered_in_its_order(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "BATCH", 2)
    now = timezone.now()
    names = [found(kind="deploy_key", expires_at=now + each * DAY).name for each in (3, 1, 5, 2, 4)]
    found(expires_at=now)
    found(kind="deploy_key", state="gone", ended_at=now)
    expected = [names[1], names[3], names[0], names[4], names[2]]
    asked = {"kind": "deploy_key", "sort": "ends"}
    assert [row["name"] for row in table(taken(ada, format="csv", **asked))] == expected
    lines = taken(ada, format="jsonl", **asked).splitlines()
    assert [json.loads(line)["name"] for line in lines] == expected


def test_every_column_says_what_the_row_says(shelf: None, ada: User, emma: Person) -> None:
    credential = approved(emma, expires_at=timezone.now() + DAY, listed_scopes=[WRITE])
    open_finding(credential, FindingKind.NO_DEPUTY)
    open_finding(credential, FindingKind.IDLE)
    expected = {
        "id": credential.pk,
        "code": credential.approved_request.code,
        "standing": "approved",
        "holder_account_id": "712020:emma",
        "holder_email": "emma@acme.test",
        "template": "clone-and-pull",
        "scopes": [READ, WRITE],
        "findings": ["idle", "no_deputy"],
        "expires_at": time_text(credential.expires_at) if credential.expires_at else "",
        "last_used_at": None,
        "repository": None,
    }
    line = json.loads(taken(ada, format="jsonl"))
    assert list(line) == list(COLUMNS)
    assert {name: line[name] for name in expected} == expected
    (row,) = table(taken(ada, format="csv"))
    assert (row["scopes"], row["findings"], row["last_used_at"]) == (f"{READ} {WRITE}", "idle no_deputy", "")


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula(ada: User, emma: Person, formula: str) -> None:
    Person.objects.filter(pk=emma.pk).update(display_name=formula)
    found(name=formula, scopes=[formula], holder=emma)
    (row,) = table(taken(ada, format="csv"))
    assert [value for value in row.values() if value[:1] in set("=+-@\t\r\n|%")] == []
    assert (row["name"], row["holder_name"], row["scopes"]) == (f"'{formula}",) * 3
    assert json.loads(taken(ada, format="jsonl"))["name"] == formula


def test_who_took_what_is_in_the_trail_first(otto: User) -> None:
    for _ in range(3):
        found(kind="deploy_key")
    answer: Any = signed_in(otto).get(reverse("credentials_export"), {"format": "csv", "kind": "deploy_key"})
    event = Event.objects.latest("seq")
    assert (event.tag, event.actor_account_id) == ("inventory:exported", "712020:otto")
    assert event.details == {"filter": {"kind": "deploy_key"}, "rows": 3, "format": "csv"}
    assert "attachment" in answer["Content-Disposition"]
    hung_up(answer)


def test_nothing_is_kept_open(ada: User) -> None:
    found()
    taken(ada, format="csv")
    hung_up(signed_in(ada).get(reverse("credentials_export"), {"format": "jsonl"}))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE 'inventory_export%%'")
        assert cursor.fetchone() == (0,)


def test_rows_that_come_after_the_count_are_not_in_it(db: None) -> None:
    found()
    export = Export(Filter(), format_name="jsonl")
    found()
    assert (export.rows, len("".join(export).splitlines())) == (1, 1)
    export.close()


@pytest.mark.parametrize("asked", [{"format": "xlsx"}, {"format": "csv", "kind": "nonsense"}])
def test_what_makes_no_sense_gives_no_file(ada: User, asked: dict[str, str]) -> None:
    answer: Any = signed_in(ada).get(reverse("credentials_export"), asked)
    assert answer.status_code == 302
    assert "inventory:exported" not in tags()


def test_an_empty_file_is_a_header_or_nothing(ada: User) -> None:
    assert taken(ada, format="csv").strip() == ",".join(COLUMNS)
    assert taken(ada, format="jsonl") == ""


def test_the_columns_are_documented() -> None:
    text = Path("docs/inventory-list.md").read_text()
    for name, (_, words) in COLUMNS.items():
        assert f"| `{name}` | {words} |" in text
