"""Service tokens: made once, kept as a hash, good for one thing, and over when they are revoked or old."""

from datetime import UTC, datetime, timedelta
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
from pytest_django import Settings
from structlog.testing import capture_logs

from accounts import service_auth
from accounts.access import authorise
from accounts.actors import Service
from accounts.models import Person, ServiceToken, User
from accounts.operations import NotPossible, make_service_token, revoke_service_token
from accounts.operations.service_tokens import service_of
from accounts.service_auth import ServiceTokenAuth, ServiceTokenRefused
from audit.content import RefusedContent, refuse_secret
from audit.models import Event
from bitbucket.masking import masked
from tokens.catalogue.masking import HIDDEN, looks_like_secret, mask

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
    with pytest.raises(HttpError, match="not made for") as caught:
        ServiceTokenAuth(SCOPE).authenticate(HttpRequest(), made[1])
    assert caught.value.status_code == 403


@pytest.mark.parametrize("text", ["", "bcps_", "bcps_" + "x" * 43, "Bearer", "bcps_\x00", "bcps_ÿ"])
def test_a_wrong_one_is_nobody(made: tuple[ServiceToken, str], text: str) -> None:
    with pytest.raises(ServiceTokenRefused, match="no such service token"):
        ServiceTokenAuth(SCOPE).authenticate(HttpRequest(), text)


def asking(header: str | None) -> HttpRequest:
    request = HttpRequest()
    request.META |= {"HTTP_AUTHORIZATION": header} if header is not None else {}
    return request


@pytest.mark.parametrize("header", ["Bearer {}", "bearer {}", "BEARER  {} "])
def test_the_header_is_read_as_it_is_sent(made: tuple[ServiceToken, str], header: str) -> None:
    assert ServiceTokenAuth(SCOPE)(asking(header.format(made[1]))).name == "HR"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "{}", "Basic {}", "Token {}", "Bearer:{}"])
def test_without_a_bearer_token_it_is_told_what_to_send(made: tuple[ServiceToken, str], header: str | None) -> None:
    with pytest.raises(ServiceTokenRefused, match="Authorization: Bearer TOKEN"):
        ServiceTokenAuth(SCOPE)(asking(header and header.format(made[1])))
    assert not ServiceToken.objects.filter(last_used_at__isnull=False).exists()


def test_too_many_wrong_ones_are_one_word_and_the_right_one_still_works(
    made: tuple[ServiceToken, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_auth, "WRONG_AN_HOUR", 2)
    for status in (401, 401, 429):
        with pytest.raises(HttpError) as caught:
            ServiceTokenAuth(SCOPE).authenticate(HttpRequest(), "bcps_guessed")
        assert caught.value.status_code == status
    assert ServiceTokenAuth(SCOPE).authenticate(HttpRequest(), made[1]).name == "HR"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"expires_at": datetime(2026, 3, 4, tzinfo=UTC)}, "expired on 2026-03-04"),
        ({"revoked_at": datetime(2026, 3, 4, tzinfo=UTC)}, "was revoked"),
    ],
)
def test_whose_token_ended_is_told_so_and_the_log_names_it(
    made: tuple[ServiceToken, str], changed: dict[str, datetime], words: str
) -> None:
    ServiceToken.objects.update(**changed)
    with capture_logs() as lines, pytest.raises(ServiceTokenRefused, match=words) as caught:
        ServiceTokenAuth(SCOPE).authenticate(HttpRequest(), made[1])
    assert lines[-1]["named"] == "HR"
    assert made[1] not in f"{caught.value!r} {lines}"


def test_the_time_of_use_is_written_at_most_once_a_minute(made: tuple[ServiceToken, str]) -> None:
    noted = []
    for seconds in (30, 90):
        ServiceToken.objects.update(last_used_at=timezone.now() - timedelta(seconds=seconds))
        before = ServiceToken.objects.get().last_used_at
        assert service_of(made[1]) is not None
        noted.append(ServiceToken.objects.get().last_used_at != before)
    assert noted == [False, True]


def test_it_outlives_the_rights_of_whoever_made_it_and_the_list_says_so(
    made: tuple[ServiceToken, str], ada: User, settings: Settings
) -> None:
    assert "who left" not in told("list")
    settings.PORTAL_ADMINS = []
    Person.objects.filter(pk=ada.person.pk).update(account_status="inactive")
    assert service_of(made[1]) is not None
    assert "made by Ada" in told("list")
    assert told("list").endswith(", who left")


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


AROUND = ["curl with {}", "?q=%20{}", "token%3D{}", "hr_{}", "HR_TOKEN={}", r'{{"a": "x\n{}"}}', "x-{}-"]


@pytest.mark.parametrize("around", AROUND)
def test_every_masker_knows_its_shape_whatever_stands_around(made: tuple[ServiceToken, str], around: str) -> None:
    text = around.format(made[1])
    assert made[1][5:] not in mask(text)
    assert made[1][5:] not in masked(text)
    assert looks_like_secret(text)
    with pytest.raises(RefusedContent):
        refuse_secret(text, where="reason")


def test_the_masker_knows_its_percent_encoded_prefix(made: tuple[ServiceToken, str]) -> None:
    for prefix in ("bcps%5F", "bcps%5f", "%62cps_"):
        assert mask(prefix + made[1][5:]) == HIDDEN


@pytest.mark.parametrize("text", ["bcps_settings are read", "bcps_…", "the prefix bcps_", "bcp-7K2QXM emma"])
def test_words_like_it_are_no_secrets(text: str) -> None:
    assert mask(text) == text
    refuse_secret(text, where="reason")


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
    assert "who left" not in told("list")
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
