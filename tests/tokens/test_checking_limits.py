"""What can this do? What is never sent, what cannot be read, how often, and that nothing is kept."""

import logging
import time
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from tests.tokens.check_desk import access_token, api_token, kept, last_event, paste, text_of
from tests.tokens.desk import Desk, signed_in
from tests.tokens.test_outcomes import FAULTS
from tokens.models import PasteAttempt

NOT_SENT = {
    "app_password": ("ATBB" + "x7Yq2" * 5, "removed app passwords"),
    "url": ("https://bitbucket.org/acme/web", "This is an address"),
    "other": ("correct horse battery staple", "do not paste it anywhere"),
}


@pytest.mark.parametrize("kind", ["api_token", "access_token"])
@pytest.mark.parametrize("shape", NOT_SENT)
def test_what_is_no_token_is_sent_nowhere(desk: Desk, emma: User, shape: str, kind: str) -> None:
    secret, telling = NOT_SENT[shape]
    answer = paste(emma, secret, kind=kind)
    assert answer.status_code == 422
    assert "This was not sent anywhere" in text_of(answer)
    assert telling in text_of(answer)
    assert secret not in text_of(answer)
    assert desk.sent() == 0
    assert (last_event().tag, last_event().details) == ("credential:not_sent", {"shape": shape})
    assert not PasteAttempt.objects.exists()


def test_an_access_token_is_not_sent_before_that_kind_is_chosen(desk: Desk, emma: User) -> None:
    secret = access_token(desk, "repo_access_token", "repository").secret
    answer = paste(emma, secret)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "choose that kind and paste it again" in page
    assert "organisation&#x27;s API key" in page
    assert "already forgotten" in page
    assert secret not in page
    assert desk.sent() == 0
    assert last_event().details == {"shape": "access_token"}
    chosen = page[page.index('value="api_token"') : page.index('value="access_token"')]
    assert "checked" in chosen, "the kind has to be chosen by the person"


def test_an_api_token_is_sent_as_one_whatever_was_chosen(desk: Desk, emma: User) -> None:
    assert paste(emma, api_token(desk, "read:repository").secret, kind="access_token").status_code == 200
    assert last_event().details["kind"] == "api_token"


@pytest.mark.parametrize("missing", ["kind", "email", "secret"])
def test_an_incomplete_form_is_said_and_nothing_is_sent(desk: Desk, emma: User, missing: str) -> None:
    secret = api_token(desk, "read:repository").secret
    form = {"kind": "api_token", "email": emma.person.email, "secret": secret, missing: ""}
    before = Event.objects.count()
    answer = signed_in(emma).post(reverse("check"), form)
    assert answer.status_code == 422
    assert "Please check what you entered" in text_of(answer)
    assert secret not in text_of(answer)
    assert (desk.sent(), Event.objects.count()) == (0, before)


def test_a_token_without_any_scope_is_of_no_use(desk: Desk, emma: User) -> None:
    page = text_of(paste(emma, access_token(desk, "repo_access_token").secret, kind="access_token"))
    assert "It opens nothing" in page
    assert "of no use, so end it: an admin of the repository" in page


def test_an_address_of_somebody_else_cannot_be_chosen(desk: Desk, emma: User) -> None:
    assert paste(emma, api_token(desk, "read:user").secret, email="lee@acme.test").status_code == 422
    assert desk.sent() == 0


@pytest.mark.parametrize("which", ["ended", "unscoped", "unknown"])
def test_invalid_names_what_a_401_can_mean(desk: Desk, emma: User, which: str) -> None:
    made = api_token(desk, *([] if which == "unscoped" else ["read:repository"]), ended=which == "ended")
    answer = paste(emma, made.secret[:-4] + "zzzz" if which == "unknown" else made.secret)
    assert answer.status_code == 200
    page = text_of(answer)
    for cause in ("copy it again", "expired or was revoked", "without scopes", "another e-mail"):
        assert cause in page
    assert "Nothing was registered" not in page, "nobody wanted to register it"
    assert last_event().details == {"kind": "api_token", "result": "invalid", "credential_type": ""}


@pytest.mark.parametrize("kind", ["api_token", "access_token"])
@pytest.mark.parametrize("name", FAULTS)
def test_unreadable(desk: Desk, emma: User, name: str, kind: str) -> None:
    made = (
        api_token(desk, "read:user") if kind == "api_token" else access_token(desk, "repo_access_token", "repository")
    )
    desk.fault(path="/2.0/user", **FAULTS[name])
    answer = paste(emma, made.secret, kind=kind)
    assert answer.status_code == 503
    assert "no usable answer" in text_of(answer)
    assert made.secret not in text_of(answer)
    assert last_event().details["result"] == "unreadable"


def let_it_answer(desk: Desk, requests: int) -> None:
    """Wait until the sandbox has counted what was left waiting, or it would be counted in the next test."""
    for _ in range(100):
        if desk.sent("/2.0") >= requests:
            return
        time.sleep(0.05)
    raise AssertionError("the sandbox has not answered")


def test_no_answer_within_five_seconds(desk: Desk, emma: User) -> None:
    secret = api_token(desk, "read:user").secret
    desk.fault("latency", "/2.0/user", milliseconds=6500)
    started = time.monotonic()
    answer = paste(emma, secret)
    assert time.monotonic() - started < 6
    assert answer.status_code == 503
    assert "within five seconds" in text_of(answer)
    let_it_answer(desk, 1)


def test_the_reach_shares_the_five_seconds_and_its_end_spoils_nothing(desk: Desk, emma: User) -> None:
    secret = api_token(desk, "read:user", "read:workspace", "read:repository").secret
    desk.fault("latency", "/2.0/user", milliseconds=2500)
    desk.fault("latency", "/2.0/user/workspaces", milliseconds=6500)
    started = time.monotonic()
    answer = paste(emma, secret)
    assert time.monotonic() - started < 6
    assert answer.status_code == 200
    assert "gave no usable answer to that in time" in text_of(answer)
    assert "See your own profile" in text_of(answer)
    let_it_answer(desk, 2)


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 429}, {"kind": "html"}, {"kind": "no_values"}])
@pytest.mark.parametrize("path", ["/2.0/user/workspaces", "/2.0/user/workspaces/*/permissions/repositories"])
def test_a_reach_that_cannot_be_read_spoils_nothing(desk: Desk, emma: User, fault: dict[str, Any], path: str) -> None:
    secret = api_token(desk, "read:user", "read:workspace", "read:repository").secret
    desk.fault(path=path, **fault)
    answer = paste(emma, secret)
    assert answer.status_code == 200
    assert "gave no usable answer to that in time" in text_of(answer)
    assert "acme/web" not in text_of(answer)


def test_the_sixth_check_within_ten_minutes_waits(desk: Desk, emma: User, lee: User) -> None:
    """The pastes of the walk count as well; what was not sent does not."""
    secret = api_token(desk, "read:repository").secret
    desk.check(emma, desk.approved(emma), secret)
    for _ in range(4):
        assert paste(emma, "hunter2").status_code == 422
        assert paste(emma, secret).status_code == 200
    sent, events = desk.sent("/2.0"), Event.objects.count()
    answer = paste(emma, secret)
    assert answer.status_code == 429
    assert "Too many tries" in text_of(answer)
    assert (desk.sent("/2.0"), Event.objects.count()) == (sent, events)
    assert paste(lee, secret).status_code == 200


@pytest.mark.parametrize("kind", ["own", "others", "access_token", "invalid", "unreadable", "app_password"])
def test_nothing_is_kept_but_that_it_happened(
    desk: Desk, emma: User, lee: User, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk.world.switches.basic_checks_email = False
    everything = ("read:user", "read:workspace", "read:repository")
    secret = {
        "own": lambda: api_token(desk, *everything).secret,
        "others": lambda: api_token(desk, *everything, owner="lee").secret,
        "access_token": lambda: access_token(desk, "repo_access_token", "repository").secret,
        "invalid": lambda: api_token(desk, ended=True).secret,
        "unreadable": lambda: api_token(desk, *everything).secret,
        "app_password": lambda: NOT_SENT["app_password"][0],
    }[kind]()
    if kind == "unreadable":
        desk.fault("status", "/2.0/user", status=500, body=secret)
    browser = signed_in(emma)
    before = kept()
    form = {"kind": "access_token", "email": "emma@second.test", "secret": secret}
    with caplog.at_level(logging.DEBUG):
        answer = browser.post(reverse("check"), form)
    assert answer.headers["Cache-Control"] == "no-store"
    assert kept() == before
    assert secret not in text_of(answer)
    assert secret not in caplog.text
    assert secret not in repr(dict(browser.session))
    [event] = Event.objects.filter(tag__in=["credential:checked", "credential:not_sent"])
    assert set(event.details) <= {"kind", "result", "credential_type", "shape"}
    assert "second.test" not in repr(vars(event))
    assert (event.subject_type, event.subject_id) == ("person", emma.person.account_id)
