"""The HTTP API: the answers of the commands, for whoever is signed in, and nothing of it is kept."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from tests.portal.api_desk import NAMES, browser, post, settle
from tests.tokens.adviser.pages import SECRET
from tests.tokens.check_desk import kept
from tokens.adviser_shelf import offered_shelf
from tokens.api import LONGEST_TEXT
from tokens.catalogue.adviser.answers import answer_for_calls
from tokens.catalogue.diagnosis import diagnose, diagnosis_as_json
from tokens.catalogue.operations import read_calls

ROOT = Path(__file__).resolve().parents[2]
CALLS = """GET https://api.bitbucket.org/2.0/repositories/acme/web/pullrequests
curl -X POST -d '{}' https://api.bitbucket.org/2.0/repositories/$WS/$REPO/pullrequests
git push origin main
GET /2.0/repositories/acme/web/issues
GET /2.0/no/such/thing
"""
ERROR = "remote: App passwords are deprecated and must be replaced with API tokens.\nfatal: HTTP 410 CHANGE-3222\n"
TEXTS = {"scopes": CALLS, "diagnose": ERROR}


@pytest.fixture
def emma(settings: Settings, db: None) -> User:
    """Somebody with a seat."""
    return settle(settings)


def said_by_command(name: str, text: str) -> Any:
    """What `manage.py` says, as a process of its own without a database."""
    done = subprocess.run(
        [sys.executable, "manage.py", name],
        input=text,
        env={"PATH": os.environ.get("PATH", "")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("used_by", [None, "person", "machine", "pipelines"])
def test_scopes_are_what_the_adviser_says(emma: User, used_by: Any) -> None:
    answer = post(browser(emma), "scopes", {"text": CALLS, **({"used_by": used_by} if used_by else {})})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json; charset=utf-8")
    assert answer.json() == answer_for_calls(read_calls(CALLS), offered_shelf(), used_by)
    assert [call["status"] for call in answer.json()["calls"]] == [*["matched"] * 3, "removed", "unknown"]


@pytest.mark.parametrize("text", [CALLS, "", "\n \n", "git status\n", "GET /2.0/no/such/thing"])
def test_scopes_are_what_the_command_says(emma: User, text: str) -> None:
    assert post(browser(emma), "scopes", {"text": text}).json() == said_by_command("scopes", text)


@pytest.mark.parametrize("text", [ERROR, "", "all is well"])
def test_a_diagnosis_is_what_the_command_says(emma: User, text: str) -> None:
    answer = post(browser(emma), "diagnose", {"text": text}).json()
    assert answer == diagnosis_as_json(diagnose(text)) == said_by_command("diagnose", text)


def test_what_is_not_known_is_null_and_never_an_empty_list(emma: User) -> None:
    unknown = post(browser(emma), "scopes", {"text": "GET /2.0/no/such/thing"}).json()["calls"][0]
    assert (unknown["operation"], unknown["api_token_scopes"], unknown["classic_scopes"]) == (None, None, None)


def test_the_address_that_the_settings_name_counts(emma: User, settings: Settings) -> None:
    settings.BITBUCKET_API_URL = "http://127.0.0.1:8123/2.0"
    text = "GET http://127.0.0.1:8123/2.0/repositories/acme/web/pullrequests"
    assert post(browser(emma), "scopes", {"text": text}).json()["api_token_scopes"] == ["read:pullrequest:bitbucket"]
    settings.BITBUCKET_API_URL = "http://127.0.0.1:8124/2.0"
    assert post(browser(emma), "scopes", {"text": text}).json()["api_token_scopes"] == []


@pytest.mark.parametrize("name", NAMES)
def test_nobody_gets_nothing(emma: User, name: str) -> None:
    answer = post(browser(), name, {"text": TEXTS[name]})
    assert (answer.status_code, answer.json()) == (401, {"detail": "Unauthorized"})


@pytest.mark.parametrize("name", NAMES)
def test_a_user_who_is_switched_off_gets_nothing(emma: User, name: str) -> None:
    client = browser(emma)
    User.objects.filter(pk=emma.pk).update(is_active=False)
    assert post(client, name, {"text": TEXTS[name]}).status_code == 401


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", ["emma", "nobody"])
def test_the_form_token_is_needed(emma: User, name: str, who: str) -> None:
    client = browser(emma if who == "emma" else None)
    client.handler.enforce_csrf_checks = True
    body = {"text": TEXTS[name]}
    assert post(client, name, body).status_code == 403
    page = client.get(reverse("advise_calls" if who == "emma" else "signin"))
    token = str(page.context["csrf_token"])
    assert post(client, name, body, x_csrftoken=token[::-1]).status_code == 403
    assert post(client, name, body, x_csrftoken=token).status_code == (200 if who == "emma" else 401)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_another_site_cannot_send_a_form_instead(emma: User, name: str) -> None:
    """What a form can send without being asked: its body is read as JSON as well, so the form token has to hold."""
    client = browser(emma)
    client.handler.enforce_csrf_checks = True
    answer = client.post(reverse(f"api:{name}"), json.dumps({"text": "git push"}), content_type="text/plain")
    assert answer.status_code == 403


WRONG: dict[str, tuple[Any, str]] = {
    "missing": ({}, "Field required"),
    "too-long": ({"text": "x" * (LONGEST_TEXT + 1)}, f"at most {LONGEST_TEXT} characters"),
    "number": ({"text": 7}, "valid string"),
    "null": ({"text": None}, "valid string"),
    "list": ({"text": [SECRET]}, "valid string"),
    "no-object": ([SECRET], "Field required"),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("which", WRONG)
def test_what_is_wrong_is_said_in_words_and_not_repeated(emma: User, name: str, which: str) -> None:
    body, words = WRONG[which]
    answer = post(browser(emma), name, body)
    assert answer.status_code == 422
    assert words in " ".join(fault["msg"] for fault in answer.json()["detail"])
    assert SECRET not in answer.content.decode()
    assert len(answer.content) < 1_000


@pytest.mark.parametrize("name", NAMES)
def test_the_longest_text_is_read(emma: User, name: str) -> None:
    assert post(browser(emma), name, {"text": "x" * LONGEST_TEXT}).status_code == 200


def test_somebody_unknown_cannot_use_it(emma: User) -> None:
    answer = post(browser(emma), "scopes", {"text": "git push", "used_by": "the cat"})
    assert answer.status_code == 422
    assert "'person', 'machine' or 'pipelines'" in answer.json()["detail"][0]["msg"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("body", ["", "{", f'{{"text": "{SECRET}', "\ufeff{}", '{"text": "\\ud800"}'])
def test_what_is_no_json_is_refused_and_not_repeated(emma: User, name: str, body: str) -> None:
    answer = post(browser(emma), name, body)
    assert answer.status_code in (400, 422)
    assert SECRET not in answer.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_a_body_beyond_all_measure_is_refused(emma: User, name: str) -> None:
    answer = post(browser(emma), name, {"text": "x" * 300_000})
    assert (answer.status_code, answer.json()) == (413, {"detail": "This is too long to be read."})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_there_is_one_way_to_ask(emma: User, name: str, method: str) -> None:
    assert getattr(browser(emma), method)(reverse(f"api:{name}")).status_code == 405


@pytest.mark.parametrize("name", NAMES)
def test_a_secret_goes_nowhere(emma: User, caplog: pytest.LogCaptureFixture, name: str) -> None:
    client = browser(emma)
    before = kept()
    text = f"curl -u emma@acme.test:{SECRET} https://api.bitbucket.org/2.0/user\n{TEXTS[name]}"
    with caplog.at_level(logging.DEBUG):
        answer = post(client, name, {"text": text})
    assert answer.status_code == 200
    assert SECRET not in answer.content.decode()
    assert name == "diagnose" or "***" in answer.json()["calls"][0]["input"]
    assert SECRET not in caplog.text
    assert all(SECRET not in str(session.get_decoded()) for session in Session.objects.all())
    assert kept() == before
    assert answer["Cache-Control"].find("no-store") >= 0
