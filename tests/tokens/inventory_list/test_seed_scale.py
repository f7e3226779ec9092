"""The invented company: only where no real rows can be, always the same, with a chain that holds."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pytest_django import Settings

from tests.tokens.inventory_list.rows import found
from tokens.inventory.scale import Scale, add_events, seed
from tokens.models import Credential, Finding, Grant

pytestmark = pytest.mark.django_db
SMALL = Scale(credentials=120, people=12, repositories=10, findings=1.0)
COLUMNS = ("name", "kind", "state", "standing", "expires_at", "last_used_at", "scope_list", "search_text", "listing_id")


def test_it_refuses_a_database_that_may_be_somebodys(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="may hold real rows"):
        call_command("seed_scale", "--credentials", "5")
    assert Credential.objects.count() == 0


def test_it_refuses_one_that_is_not_empty(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMO = False
    monkeypatch.setitem(connection.settings_dict, "NAME", "portal_scale")
    found()
    with pytest.raises(CommandError, match="not empty"):
        call_command("seed_scale", "--credentials", "5")


def test_the_rows_make_sense_and_come_once() -> None:
    done = seed(SMALL)
    rows = list(Credential.objects.select_related("holder", "request"))
    assert (len(rows), done.grants) == (120, Grant.objects.count())
    assert Finding.objects.count() == done.findings > 0
    assert {row.standing for row in rows} >= {"approved", "undeclared", "unknown_product", "other_product"}
    for row in rows:
        assert (row.request is not None) == (row.standing == "approved")
        assert row.scope_list == sorted(set(row.scopes) | set(row.listed_scopes or []))
        assert row.name.lower() in row.search_text
    with pytest.raises(ValueError, match="here already"):
        seed(SMALL)


def test_it_is_always_the_same() -> None:
    def rows() -> list[object]:
        seed(SMALL)
        found_rows = list(Credential.objects.order_by("listing_id", "name").values_list(*COLUMNS))
        return [*found_rows]

    runs = []
    for _ in range(2):
        mark = transaction.savepoint()
        runs.append(rows())
        transaction.savepoint_rollback(mark)
    assert runs[0] == runs[1]


def test_the_chain_of_its_events_holds() -> None:
    add_events(1_205)
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert "1,205" in out.getvalue() or "1205" in out.getvalue()
