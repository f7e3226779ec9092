"""What somebody with bad intentions tries at the sign-in."""

import time
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from accounts.refusals import Reason
from tests.accounts.test_sign_in_refused import assert_refused
from tests.accounts.visits import CALLBACK, Visit, query_of


def test_an_answer_without_state(visit: Visit) -> None:
    code = query_of(visit.consent(visit.start(), "emma"))["code"]
    assert_refused(visit.client.get(CALLBACK, {"code": code}), Reason.STATE_MISMATCH)


def test_an_answer_with_another_state(visit: Visit) -> None:
    code = query_of(visit.consent(visit.start(), "emma"))["code"]
    assert_refused(visit.client.get(CALLBACK, {"code": code, "state": "x" * 16}), Reason.STATE_MISMATCH)


def test_an_answer_is_taken_once(visit: Visit) -> None:
    back = visit.consent(visit.start(), "emma")
    assert visit.client.get(back).status_code == 302
    visit.client.post("/signout/")
    assert_refused(visit.client.get(back), Reason.STATE_MISMATCH)


def test_a_code_works_once_even_with_a_fresh_state(visit: Visit) -> None:
    back = visit.consent(visit.start(), "emma")
    visit.client.get(back)
    state = query_of(visit.start())["state"]
    visit.client.post("/signout/")
    visit.client.session.flush()
    state = query_of(visit.start())["state"]
    answer = visit.client.get(CALLBACK, {"code": query_of(back)["code"], "state": state})
    assert_refused(answer, Reason.ERROR)


def test_the_attackers_own_answer_in_the_victims_browser(visit: Visit) -> None:
    attacker = Visit(Client(), visit.sandbox)
    back = attacker.consent(attacker.start(), "lee")
    visit.start()
    assert_refused(visit.client.get(back), Reason.STATE_MISMATCH)
    assert not User.objects.exists()


def test_an_answer_older_than_ten_minutes(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    back = visit.consent(visit.start(), "emma")
    now = time.time()
    monkeypatch.setattr("allauth.socialaccount.internal.statekit.time.time", lambda: now + 601)
    assert_refused(visit.client.get(back), Reason.STATE_MISMATCH)


def test_an_answer_with_neither_code_nor_error(visit: Visit) -> None:
    state = query_of(visit.start())["state"]
    assert_refused(visit.client.get(CALLBACK, {"state": state}), Reason.ERROR)


def test_another_site_cannot_start_a_sign_in(visit: Visit) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/signin/bitbucket/").status_code == 403
    answer = strict.get("/signin/bitbucket/", {"next": "/people/"})
    assert answer["Location"] == "/signin/?next=%2Fpeople%2F"
    assert not strict.session.get("socialaccount_states")


@pytest.mark.parametrize("process", ["connect", "redirect", "anything"])
@pytest.mark.parametrize("where", ["query", "form"])
def test_only_signing_in_can_be_started(visit: Visit, process: str, where: str) -> None:
    if where == "form":
        answer = visit.client.post("/signin/bitbucket/", {"process": process})
    else:
        answer = visit.client.post(f"/signin/bitbucket/?{urlencode({'process': process, 'next': '/'})}")
    assert_refused(answer, Reason.ERROR)
    assert not visit.client.session.get("socialaccount_states")


@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_another_process_in_the_kept_state_is_refused_at_the_gate(visit: Visit, process: str) -> None:
    back = visit.consent(visit.start(), "emma")
    session = visit.client.session
    session["socialaccount_states"][query_of(back)["state"]][0]["process"] = process
    session.save()
    assert_refused(visit.client.get(back), Reason.ERROR, account_id=visit.account("emma").account_id)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "address", ["https://evil.test/", "//evil.test/", "/\\evil.test", "http://testserver/people/", "/\r\nX: y"]
)
def test_a_sign_in_leads_nowhere_else(visit: Visit, address: str) -> None:
    assert visit.sign_in("emma", next=address)["Location"] == "/"
    assert visit.client.get("/signin/", {"next": address})["Location"] == "/"
    page = Client().get("/signin/", {"next": address})
    assert page.context["next"] == ""


def test_the_callback_takes_no_post(visit: Visit) -> None:
    back = visit.consent(visit.start(), "emma")
    assert visit.client.post(back).status_code == 405


@pytest.mark.parametrize(
    "name",
    [
        "socialaccount_connections",
        "socialaccount_signup",
        "account_login",
        "account_signup",
        "account_email",
        "account_logout",
        "account_reset_password",
        "account_inactive",
    ],
)
def test_allauths_own_pages_do_not_exist(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)
