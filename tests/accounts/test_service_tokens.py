"""Service tokens: made once, kept as a hash, good for one thing, and over when they are revoked or old."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from psycopg import sql

from accounts.access import authorise
from accounts.actors import Service
from accounts.models import ServiceToken, User
from accounts.operations import NotPossible, make_service_token, revoke_service_token
from accounts.operations.service_tokens import service_of
from accounts.service_auth import ServiceTokenAuth
from audit.models import Event
from tokens.catalogue.masking import mask

SCOPE = "offboardings:write"


@pytest.fixture
def made(ada: User) -> tuple[ServiceToken, str]:
    """A token of HR's system."""
    return make_service_token("HR", [SCOPE], 90, acting_user=ada)


def test_it_lets_its_system_in_for_what_it_was_made_for(made: tuple[ServiceToken, str]) -> None:
    service = ServiceTokenAuth(SCOPE).authenticate(HttpRequest(), made[1])
    assert service == Service("HR", frozenset({SCOPE}))
    authorise(service, "offboarding.plan")
    for permission in ("offboarding.run_plan", "tokens.revoke_credential"):
        with pytest.raises(PermissionDenied):
            authorise(service, permission)
    made[0].refresh_from_db()
    assert made[0].last_used_at is not None


def test_another_scope_is_refused_in_words(made: tuple[ServiceToken, str]) -> None:
    ServiceToken.objects.update(scopes=[])
    with pytest.raises(HttpError, match="not made for"):
        ServiceTokenAuth(SCOPE).authenticate(HttpRequest(), made[1])


@pytest.mark.parametrize("text", ["", "bcps_", "bcps_" + "x" * 43, "Bearer"])
def test_a_wrong_one_is_nobody(made: tuple[ServiceToken, str], text: str) -> None:
    assert ServiceTokenAuth(SCOPE).authenticate(HttpRequest(), text) is None


def test_an_old_one_and_a_revoked_one_are_nobody(made: tuple[ServiceToken, str], ada: User) -> None:
    row, text = made
    ServiceToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert (service_of(text), ServiceToken.objects.get().state) == (None, "expired")
    ServiceToken.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert service_of(text) is not None
    assert revoke_service_token(row, acting_user=ada)
    assert not revoke_service_token(row, acting_user=ada)
    assert (service_of(text), ServiceToken.objects.get().state) == (None, "revoked")
    assert [event.tag for event in Event.objects.order_by("seq")][-2:] == [
        "service_token:made",
        "service_token:revoked",
    ]


def test_only_its_hash_is_kept(made: tuple[ServiceToken, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            count = sql.SQL("SELECT count(*) FROM {} AS row WHERE row::text LIKE %s").format(sql.Identifier(table))
            cursor.execute(count.as_string(), [f"%{made[1]}%"])
            assert cursor.fetchone() == (0,), table


def test_the_masker_knows_its_shape(made: tuple[ServiceToken, str]) -> None:
    assert made[1] not in mask(f"curl with {made[1]}")


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        ("", [SCOPE], 1),
        ("x" * 101, [SCOPE], 1),
        ("HR", [], 1),
        ("HR", ["all"], 1),
        ("HR", [SCOPE], 0),
        ("HR", [SCOPE], 366),
    ],
)
def test_what_makes_no_sense_is_refused(ada: User, name: str, scopes: list[str], days: int) -> None:
    with pytest.raises(NotPossible):
        make_service_token(name, scopes, days, acting_user=ada)


def test_names_are_not_reused_and_only_admins_make_them(made: tuple[ServiceToken, str], ada: User, otto: User) -> None:
    with pytest.raises(NotPossible, match="not reused"):
        make_service_token("HR", [SCOPE], 1, acting_user=ada)
    with pytest.raises(PermissionDenied):
        make_service_token("Other", [SCOPE], 1, acting_user=otto)
    with pytest.raises(PermissionDenied):
        revoke_service_token(made[0], acting_user=otto)


def told(*words: str) -> str:
    out = StringIO()
    call_command("service_token", *words, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_the_command(ada: User) -> None:
    text = told("create", "HR", "--scope", SCOPE, "--as", ada.username)
    assert service_of(text) is not None
    assert "never used" not in told("list")
    assert "HR" in told("list")
    assert text not in told("list")
    assert told("revoke", "HR", "--as", ada.username) == "“HR” is revoked."
    with pytest.raises(CommandError, match="no service token"):
        told("revoke", "Nobody's", "--as", ada.username)
    details: dict[str, Any] = Event.objects.get(tag="service_token:made").details
    assert details["os_user"]


@pytest.mark.django_db
def test_a_command_as_nobody() -> None:
    with pytest.raises(CommandError, match="account id"):
        told("create", "HR", "--scope", SCOPE, "--as", "712020:nobody")
