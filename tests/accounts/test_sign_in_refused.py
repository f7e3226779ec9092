"""Everybody who is turned away hears why and what to do, and leaves no user and no session behind."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Person, Seat, User
from accounts.refusals import REFUSAL_WORDS, Reason
from audit.models import Event
from tests.accounts.visits import CALLBACK, Visit


def assert_refused(answer: Any, reason: Reason, *, account_id: str = "") -> None:
    words = REFUSAL_WORDS[reason]
    page = answer.content.decode()
    assert answer.status_code == 403, page
    assert f'data-reason="{reason}"' in page
    assert words.title in answer.context["words"].title
    assert not answer.wsgi_request.user.is_authenticated
    event = Event.objects.latest("seq")
    assert (event.tag, event.details) == ("session:refused", {"reason": reason.value})
    assert event.actor_account_id == account_id


def test_sam_is_no_member(visit: Visit) -> None:
    assert_refused(visit.sign_in("sam"), Reason.NOT_A_MEMBER, account_id=visit.account("sam").account_id)
    assert not User.objects.exists()
    assert not Person.objects.exists()
    assert not visit.is_signed_in()


def test_a_member_of_another_workspace_is_no_member_here(visit: Visit, settings: Settings) -> None:
    settings.BITBUCKET_WORKSPACES = [visit.sandbox.world.workspaces["sidecar"].uuid]
    lee = visit.account("lee")
    assert_refused(visit.sign_in("lee"), Reason.NOT_A_MEMBER, account_id=lee.account_id)


def test_no_confirmed_address(visit: Visit) -> None:
    emma = visit.account("emma")
    emma.email_confirmed = False
    assert_refused(visit.sign_in("emma"), Reason.NO_CONFIRMED_EMAIL, account_id=emma.account_id)
    assert not User.objects.exists()


def test_ada_needs_a_confirmed_address_too(visit: Visit) -> None:
    ada = visit.account("ada")
    ada.email_confirmed = False
    assert_refused(visit.sign_in("ada"), Reason.NO_CONFIRMED_EMAIL, account_id=ada.account_id)


def test_an_account_that_bitbucket_switched_off(visit: Visit) -> None:
    visit.account("emma").active = False
    assert_refused(visit.sign_in("emma"), Reason.DEACTIVATED)


def test_an_account_that_is_told_to_be_inactive_loses_its_sessions(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit.sign_in("emma")
    assert visit.is_signed_in()
    monkeypatch.setattr("bitbucket.cloud.CloudClient.current_user", _inactive(visit))
    emma = visit.account("emma").account_id
    assert_refused(Visit(Client(), visit.sandbox).sign_in("emma"), Reason.DEACTIVATED, account_id=emma)
    assert not visit.is_signed_in()
    assert Person.objects.get().account_status == "inactive"


def _inactive(visit: Visit) -> Any:
    from bitbucket.resources import CurrentUser  # noqa: PLC0415

    emma = visit.account("emma")
    return lambda _: CurrentUser(emma.account_id, emma.uuid, "Emma", "emma", "inactive")


def test_an_account_that_came_back_may_come_in(visit: Visit) -> None:
    visit.sign_in("emma")
    Person.objects.update(account_status="inactive")
    assert not visit.is_signed_in()
    assert visit.sign_in("emma").status_code == 302
    assert visit.is_signed_in()


def test_a_user_whom_the_portal_switched_off(visit: Visit) -> None:
    visit.sign_in("emma")
    User.objects.update(is_active=False)
    assert not visit.is_signed_in()
    assert_refused(visit.sign_in("emma"), Reason.DEACTIVATED, account_id=visit.account("emma").account_id)
    assert Person.objects.get().account_status == "active"


def test_who_left_the_workspace_loses_the_seat_and_the_sessions(visit: Visit) -> None:
    visit.sign_in("emma")
    emma = visit.account("emma").account_id
    del visit.sandbox.world.workspaces["acme"].seats[emma]
    assert_refused(Visit(Client(), visit.sandbox).sign_in("emma"), Reason.NOT_A_MEMBER, account_id=emma)
    assert not Seat.objects.exists()
    assert not visit.is_signed_in()


def test_who_cancels_hears_what_the_portal_wanted(visit: Visit) -> None:
    back = visit.consent(visit.start(), "emma", action="deny")
    assert_refused(visit.client.get(back), Reason.CANCELLED)


@pytest.mark.parametrize(
    ("path", "fault", "reason"),
    [
        ("/2.0/user", {"kind": "status", "status": 401}, Reason.ERROR),
        ("/2.0/user", {"kind": "html"}, Reason.BITBUCKET_UNREACHABLE),
        ("/2.0/user", {"kind": "empty"}, Reason.BITBUCKET_UNREACHABLE),
        ("/2.0/user", {"kind": "wrong_types"}, Reason.BITBUCKET_UNREACHABLE),
        ("/2.0/user", {"kind": "status", "status": 503}, Reason.BITBUCKET_UNREACHABLE),
        ("/2.0/user", {"kind": "status", "status": 429}, Reason.BITBUCKET_UNREACHABLE),
        ("/2.0/user", {"kind": "redirect", "url": "http://127.0.0.1:9/"}, Reason.BITBUCKET_UNREACHABLE),
        ("/2.0/user/emails", {"kind": "no_values"}, Reason.BITBUCKET_UNREACHABLE),
        ("/2.0/user/emails", {"kind": "status", "status": 403}, Reason.ERROR),
        ("/2.0/user/workspaces", {"kind": "truncated"}, Reason.BITBUCKET_UNREACHABLE),
        ("/2.0/user/workspaces", {"kind": "foreign_next", "url": "http://evil.test/"}, Reason.BITBUCKET_UNREACHABLE),
        ("/2.0/user/workspaces/*/permission", {"kind": "status", "status": 500}, Reason.BITBUCKET_UNREACHABLE),
        ("/2.0/user/workspaces/*/permission", {"kind": "status", "status": 404}, Reason.NOT_A_MEMBER),
        ("/site/oauth2/access_token", {"kind": "status", "status": 500}, Reason.BITBUCKET_UNREACHABLE),
        ("/site/oauth2/access_token", {"kind": "html"}, Reason.BITBUCKET_UNREACHABLE),
        ("/site/oauth2/access_token", {"kind": "wrong_types"}, Reason.BITBUCKET_UNREACHABLE),
        ("/site/oauth2/access_token", {"kind": "status", "status": 400}, Reason.ERROR),
        ("/site/oauth2/access_token", {"kind": "truncated"}, Reason.BITBUCKET_UNREACHABLE),
    ],
)
def test_what_bitbucket_answers_instead(visit: Visit, path: str, fault: dict[str, Any], reason: Reason) -> None:
    back = visit.consent(visit.start(), "emma")
    rule = visit.sandbox.world.faults.add({"path": path, **fault})
    answer = visit.client.get(back)
    assert rule.hits
    knows_who = not path.endswith(("access_token", "/user"))
    assert_refused(answer, reason, account_id=visit.account("emma").account_id if knows_who else "")
    assert not User.objects.exists()


def test_a_workspace_without_a_readable_name_is_no_reason_to_refuse(visit: Visit) -> None:
    visit.sandbox.world.faults.add({"path": "/2.0/workspaces/*", "kind": "status", "status": 500})
    assert visit.sign_in("emma").status_code == 302
    assert str(Seat.objects.get().workspace) == "acme"


def test_a_wrong_consumer_secret_is_said_plainly(visit: Visit, settings: Settings) -> None:
    app = {"client_id": visit.sandbox.world.consumer.key, "secret": "wrong", "key": ""}
    settings.SOCIALACCOUNT_PROVIDERS = {"bitbucket_oauth2": {"APPS": [app], "SCOPE": ["account", "email"]}}
    assert_refused(visit.sign_in("emma"), Reason.ERROR)


def test_bitbucket_away_altogether(visit: Visit, settings: Settings) -> None:
    back = visit.consent(visit.start(), "emma")
    settings.BITBUCKET_WEB_URL = "http://127.0.0.1:9"
    assert_refused(visit.client.get(back), Reason.BITBUCKET_UNREACHABLE)


def test_the_trail_is_not_flooded_by_strangers(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.gate.NAMELESS_REFUSALS_PER_HOUR", 3)
    answers = [client.get(CALLBACK, {"state": "made-up", "code": "made-up"}) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {403}
    assert Event.objects.filter(tag="session:refused").count() == 3
