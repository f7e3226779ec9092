"""Signing in with Bitbucket, on the real way: consent page, code, token, three reads, session."""

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.models import Person, Seat, User
from accounts.roles import Role, roles_of
from audit.models import Event
from tests.accounts.visits import Visit, query_of


def test_emma_signs_in_and_is_remembered(visit: Visit) -> None:
    answer = visit.sign_in("emma")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    emma = visit.account("emma")
    person = Person.objects.get()
    assert (person.account_id, person.uuid, person.display_name) == (emma.account_id, emma.uuid, "Emma")
    assert (person.email, person.confirmed_emails) == (emma.email, [emma.email])
    assert person.last_signed_in_at is not None
    seat = Seat.objects.get()
    assert (seat.workspace.slug, seat.workspace.name, seat.role) == ("acme", "Acme", "member")
    user = User.objects.get()
    assert (user.username, user.person) == (emma.account_id, person)
    assert not user.has_usable_password()
    assert visit.client.session[SESSION_KEY] == str(user.pk)
    assert roles_of(user) == {Role.EMPLOYEE}


def test_the_trail_is_told_who_signed_in_and_out(visit: Visit) -> None:
    visit.sign_in("emma")
    assert visit.client.post("/signout/")["Location"] == "/signed-out/"
    assert not visit.is_signed_in()
    started, ended = Event.objects.order_by("seq")
    account_id = visit.account("emma").account_id
    assert (started.tag, started.actor_account_id, started.subject_id) == ("session:start", account_id, account_id)
    assert started.details == {"method": "bitbucket", "roles": ["employee"], "workspaces": ["acme"]}
    assert (ended.tag, ended.actor_account_id) == ("session:end", account_id)


@pytest.mark.parametrize(("persona", "role"), [("ada", Role.ADMIN), ("otto", Role.AUDITOR)])
def test_ada_and_otto_need_no_seat(visit: Visit, persona: str, role: Role) -> None:
    assert visit.sign_in(persona).status_code == 302
    assert visit.is_signed_in()
    assert roles_of(User.objects.get()) == {role}
    assert not Seat.objects.exists()


def test_the_way_back_is_kept(visit: Visit) -> None:
    assert visit.sign_in("emma", next="/notifications/?before=7")["Location"] == "/notifications/?before=7"


def test_a_second_sign_in_changes_labels_not_people(visit: Visit) -> None:
    visit.sign_in("emma")
    first = Person.objects.get()
    emma = visit.account("emma")
    emma.display_name, emma.email = "Emma Example", "emma.example@acme.test"
    visit.sandbox.world.workspaces["acme"].seats[emma.account_id] = "owner"
    visit.sign_in("emma")
    again = Person.objects.get()
    assert (again.pk, again.display_name, again.email) == (first.pk, "Emma Example", "emma.example@acme.test")
    assert Seat.objects.get().role == "owner"
    assert User.objects.count() == 1


def test_two_people_with_one_address_stay_two(visit: Visit, client: Client) -> None:
    visit.account("lee").email = visit.account("emma").email
    visit.sign_in("emma")
    assert Visit(Client(), visit.sandbox).sign_in("lee").status_code == 302
    assert Person.objects.filter(email=visit.account("emma").email).count() == User.objects.count() == 2
    names = User.objects.values_list("username", flat=True)
    assert set(names) == {visit.account("emma").account_id, visit.account("lee").account_id}


def test_somebody_else_in_the_same_browser_ends_the_first_session(visit: Visit) -> None:
    visit.sign_in("emma")
    visit.bitbucket.cookies.clear()
    visit.sign_in("lee")
    user = User.objects.get(pk=visit.client.session[SESSION_KEY])
    assert user.username == visit.account("lee").account_id
    told = list(Event.objects.order_by("seq").values_list("tag", "actor_label"))
    assert told == [("session:start", "Emma"), ("session:end", "Emma"), ("session:start", "Lee")]


def test_the_session_gets_a_new_key(visit: Visit) -> None:
    address = visit.start()
    before = visit.client.session.session_key
    visit.client.get(visit.consent(address, "emma"))
    assert visit.client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_nothing_of_the_token_and_nothing_of_allauth_is_kept(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    give = visit.sandbox.world.grants.give_tokens

    def remember(*arguments: Any) -> tuple[str, str]:
        pair = give(*arguments)
        given.extend(pair)
        return pair

    monkeypatch.setattr(visit.sandbox.world.grants, "give_tokens", remember)
    visit.sign_in("emma")
    assert len(given) == 2
    assert [rows.objects.count() for rows in (SocialAccount, SocialToken, EmailAddress)] == [0, 0, 0]
    kept = json.dumps([session.get_decoded() for session in Session.objects.all()]) + everything_in_the_database()
    assert not [token for token in given if token in kept]


def everything_in_the_database() -> str:
    with connection.cursor() as cursor:
        parts = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            parts.append(repr(cursor.fetchall()))
    return "".join(parts)


def test_bitbucket_is_asked_for_the_configured_scopes_only(visit: Visit) -> None:
    address = visit.client.post("/signin/bitbucket/?scope=repository:admin&auth_params=prompt%3Dnone")["Location"]
    query = query_of(address)
    assert set(query["scope"].split()) == {"account", "email"}
    assert set(query) == {"client_id", "redirect_uri", "response_type", "scope", "state"}
    assert query["redirect_uri"] == "http://testserver/signin/bitbucket/callback/"


def test_the_address_of_the_way_back_does_not_follow_the_host_header(visit: Visit) -> None:
    answer = visit.client.post("/signin/bitbucket/", headers={"host": "localhost"})
    assert query_of(answer["Location"])["redirect_uri"] == "http://testserver/signin/bitbucket/callback/"


def test_a_workspace_is_known_by_its_uuid_not_its_slug(visit: Visit) -> None:
    acme, other = visit.sandbox.world.workspaces["acme"], visit.sandbox.world.workspaces["sidecar"]
    acme.slug, other.slug = "acme-renamed", "acme"
    assert visit.sign_in("sam").status_code == 403
    assert visit.sign_in("emma").status_code == 302
    assert Seat.objects.get().workspace.slug == "acme-renamed"


def test_one_of_two_seats_is_lost_at_the_next_sign_in(visit: Visit, settings: Settings) -> None:
    workspaces = visit.sandbox.world.workspaces
    settings.BITBUCKET_WORKSPACES = [workspaces["acme"].uuid, workspaces["sidecar"].uuid]
    visit.sign_in("emma")
    assert set(Seat.objects.values_list("workspace__slug", flat=True)) == {"acme", "sidecar"}
    del workspaces["sidecar"].seats[visit.account("emma").account_id]
    visit.sign_in("emma")
    assert Seat.objects.get().workspace.slug == "acme"
