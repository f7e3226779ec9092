"""The trail's pages: who may see them and what they show."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from audit.context import request_id_scope
from audit.models import Event
from audit.tags import Tag
from audit.trail import Actor
from tests.accounts.people import make_user
from tests.audit.events import ARIA, happen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def named_by_settings(settings: Settings) -> None:
    settings.PORTAL_ADMINS, settings.PORTAL_AUDITORS = ["712020:ada"], ["712020:otto"]
    settings.SECURE_SSL_REDIRECT = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def otto(client: Client) -> User:
    """Signed in as the auditor."""
    user = make_user("otto", seat=False)
    client.force_login(user, backend="accounts.roles.RoleBackend")
    return user


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(text: str) -> list[str]:
    return re.findall(r'cell-number">(\d+)<', text)


@pytest.mark.parametrize(("name", "status"), [("otto", 200), ("ada", 200), ("emma", 403), ("aria", 403), ("", 302)])
def test_who_may_read_it(client: Client, name: str, status: int) -> None:
    happen()
    if name:
        user = make_user(name, seat=name not in ("otto", "ada"), approver=name == "aria")
        client.force_login(user, backend="accounts.roles.RoleBackend")
    for address in (reverse("trail"), reverse("trail_event", args=[1])):
        answer = client.get(address)
        assert answer.status_code == status
        assert (b"bcp-7K2QXM" in answer.content) == (status == 200)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_sent_to_it(client: Client, otto: User, method: str) -> None:
    happen()
    for address in (reverse("trail"), reverse("trail_event", args=[1])):
        assert getattr(client, method)(address).status_code == 405


def test_an_empty_trail_says_how_it_fills(client: Client, otto: User) -> None:
    assert "Nothing has happened yet" in page(client, reverse("trail"))


def test_the_list_shows_words_and_links(client: Client, otto: User) -> None:
    happen(Tag.CREDENTIAL_REVOCATION_FAILED, ARIA)
    text = page(client, reverse("trail"))
    assert "Revocation needs a person" in text
    assert "refused or failed" in text
    assert "?actor=712020%3Aaria" in text
    assert "?subject=credential%3A7" in text
    assert rows(page(client, "/trail/?subject=credential%3A7")) == ["1"]


def test_paging_keeps_the_filter(client: Client, otto: User) -> None:
    for _ in range(60):
        happen(Tag.SESSION_START)
    happen(Tag.SESSION_END)
    text = page(client, "/trail/?tag=session:start&actor=emma&since=")
    assert rows(text) == [str(number) for number in range(60, 10, -1)]
    assert 'href="/trail/?tag=session%3Astart&amp;actor=emma&amp;before=11"' in text
    older = page(client, "/trail/?tag=session:start&actor=emma&before=11")
    assert rows(older) == [str(number) for number in range(10, 0, -1)]
    assert "after=10" in older
    assert "before=1" not in older
    newer = page(client, "/trail/?tag=session:start&after=10")
    assert rows(newer)[0] == "60"


def test_a_filter_without_result_offers_everything(client: Client, otto: User) -> None:
    happen()
    assert "No event fits" in page(client, "/trail/?actor=nobody")


@pytest.mark.parametrize(
    "query",
    ["since=yesterday", "tag=made:up", "actor=%00", "actor=" + "x" * 200, "until=2026-02-30", "request_id=" + "x" * 65],
)
def test_nonsense_is_said_and_shows_nothing(client: Client, otto: User, query: str) -> None:
    happen()
    text = page(client, f"/trail/?{query}")
    assert rows(text) == []
    assert "notice-danger" in text


@pytest.mark.parametrize(
    "query", ["before=x", "after=-1", "before=99999999999999999999", "before=0", "until=9999-12-31"]
)
def test_no_address_breaks_the_page(client: Client, otto: User, query: str) -> None:
    happen()
    page(client, f"/trail/?{query}")


def test_days_are_whole_and_inclusive(client: Client, otto: User) -> None:
    day = happen().at.date().isoformat()
    assert rows(page(client, f"/trail/?since={day}&until={day}")) == ["1"]
    assert rows(page(client, "/trail/?until=2001-01-01")) == []


def test_an_event_shows_everything_it_holds(client: Client, otto: User) -> None:
    with request_id_scope("abcdef"):
        happen(scopes=["read:repository:bitbucket"], sent=True, why=None, deep={"a": [1]}, days=90)
    event = Event.objects.get()
    text = page(client, reverse("trail_event", args=[1]))
    for words in (event.hash, event.previous_hash, "abcdef", "read:repository:bitbucket", ">yes<", ">none<", ">90<"):
        assert words in text
    assert page(client, "/trail/?request_id=abcdef")
    assert client.get(reverse("trail_event", args=[2])).status_code == 404
    assert client.get(f"/trail/{2**70}/").status_code == 404


def test_what_comes_from_outside_is_escaped(client: Client, otto: User) -> None:
    happen(actor=Actor("person", "712020:x", "<script>alert(1)</script>"), note="<img src=x>")
    for address in ("/trail/", "/trail/1/", "/trail/?actor=<script>alert(1)</script>"):
        text = page(client, address)
        assert "<script>alert" not in text
        assert "<img" not in text


def test_the_list_stays_within_its_queries(client: Client, otto: User, django_assert_max_num_queries: object) -> None:
    for _ in range(55):
        happen()
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        page(client, "/trail/?since=2020-01-01&tag=credential:&actor=emma&before=40")
