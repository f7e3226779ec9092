"""Pasting calls: what is read, what is not, and that a secret goes nowhere."""

import logging
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.models import User
from tests.tokens.adviser.pages import SECRET, kind_of, link_of, page_of, scopes_of
from tests.tokens.check_desk import kept
from tests.tokens.desk import Desk, signed_in
from tokens.adviser_forms import LONGEST_TEXT

SCRIPT = """#!/bin/sh
set -e
git clone https://bitbucket.org/acme/web.git
curl -s https://api.bitbucket.org/2.0/repositories/acme/web/pullrequests?state=OPEN
curl https://api.bitbucket.org/2.0/repositories/acme/web/nothing-of-the-kind
GET /2.0/repositories/acme/web/issues
echo done
"""


def paste(user: User, text: str, used_by: str = "person") -> Any:
    """Paste a text; the page's answer."""
    return signed_in(user).post(reverse("advise_calls"), {"text": text, "used_by": used_by})


def test_the_page_is_empty_at_first(desk: Desk, emma: User) -> None:
    answer = signed_in(emma).get(reverse("advise_calls"))
    assert answer.status_code == 200
    assert "error-summary" not in page_of(answer)
    assert "data-answer" not in page_of(answer)


def test_a_script_is_read_line_by_line(desk: Desk, emma: User) -> None:
    answer = paste(emma, SCRIPT)
    page = page_of(answer)
    assert answer.status_code == 200
    assert (kind_of(answer), scopes_of(answer)) == ("api_token", ["read:pullrequest", "read:repository"])
    assert page.count('data-status="matched"') == 2
    assert "4 calls, 1 unknown, 1 removed by Bitbucket." in page
    assert "further lines held no call" in page
    assert "call=git+fetch" in link_of(answer, "ask-template") + link_of(answer, "ask-exactly")


@pytest.mark.parametrize("status", ["unknown", "removed"])
def test_what_cannot_be_counted_is_named_with_the_reason(desk: Desk, emma: User, status: str) -> None:
    row = page_of(paste(emma, SCRIPT)).partition(f'data-status="{status}"')[2].partition("</tr>")[0]
    reason = row.partition('<p class="soft">')[2].partition("</p>")[0]
    assert len(reason.split()) > 3, "the reason is a sentence"
    assert ("nothing-of-the-kind" in row) is (status == "unknown")
    assert ("issues" in row) is (status == "removed")
    assert "adds nothing" in row


def test_the_address_that_the_settings_name_is_the_api_too(desk: Desk, emma: User) -> None:
    line = f"curl {django_settings.BITBUCKET_API_URL}/repositories/acme/web/pullrequests"
    assert "127.0.0.1" in line
    assert scopes_of(paste(emma, line)) == ["read:pullrequest"]
    elsewhere = line.replace("127.0.0.1", "127.0.0.2")
    assert 'data-status="unknown"' in page_of(paste(emma, elsewhere))
    assert scopes_of(paste(emma, elsewhere)) == []


def test_local_git_needs_nothing(desk: Desk, emma: User) -> None:
    answer = paste(emma, "git status\ngit commit -m 'a change'\n")
    assert answer.status_code == 200
    assert scopes_of(answer) == []
    assert 'data-action="ask-' not in page_of(answer)


@pytest.mark.parametrize("text", ["Dear all, the build is red again.", "echo hello\nls -l\n"])
def test_where_nothing_was_found_an_example_is_given(desk: Desk, emma: User, text: str) -> None:
    answer = paste(emma, text)
    assert answer.status_code == 200
    assert kind_of(answer) == "nothing"
    assert "API was found" in page_of(answer)
    assert "GET /2.0/repositories" in page_of(answer)
    assert text.splitlines()[0] in page_of(answer), "what was pasted is still there to be changed"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Paste at least one line"),
        ({"text": " \n", "used_by": "person"}, "Paste at least one line"),
        ({"text": "git push\n" * 6_000, "used_by": "person"}, f"more than {LONGEST_TEXT:,} characters"),
        ({"text": "git push"}, "Who will use the credential?"),
        ({"text": "git push", "used_by": "the-cat"}, "Who will use the credential?"),
    ],
    ids=["nothing-sent", "blank", "too-long", "nobody", "somebody-unknown"],
)
def test_what_cannot_be_read_is_said_beside_the_field(desk: Desk, emma: User, form: dict[str, str], words: str) -> None:
    answer = signed_in(emma).post(reverse("advise_calls"), form)
    assert answer.status_code == 422
    assert words in page_of(answer)
    assert 'href="#id_' in page_of(answer), "the error leads to its field"


SECRET_PLACES = {
    "basic": "curl -u emma@acme.test:{} https://api.bitbucket.org/2.0/user",
    "bearer": "curl -H 'Authorization: Bearer {}' https://api.bitbucket.org/2.0/user",
    "address": "git clone https://x-token-auth:{}@bitbucket.org/acme/web.git",
    "export": "export BITBUCKET_TOKEN={}\ngit push",
    "query": "GET https://api.bitbucket.org/2.0/user?access_token={}",
}


@pytest.mark.parametrize("used_by", ["person", "the-cat"], ids=["read", "refused"])
@pytest.mark.parametrize("place", SECRET_PLACES)
def test_a_secret_goes_nowhere(
    desk: Desk, emma: User, caplog: pytest.LogCaptureFixture, place: str, used_by: str
) -> None:
    client = signed_in(emma)
    before = kept()
    with caplog.at_level(logging.DEBUG):
        form = {"text": SECRET_PLACES[place].format(SECRET), "used_by": used_by}
        answer = client.post(reverse("advise_calls"), form)
    assert answer.status_code == (200 if used_by == "person" else 422)
    assert SECRET not in answer.content.decode()
    assert SECRET not in page_of(answer)
    assert "There seemed to be a secret in it" in page_of(answer)
    assert SECRET not in caplog.text
    assert all(SECRET not in str(session.get_decoded()) for session in Session.objects.all())
    assert kept() == before, "nothing is stored"


def test_a_secret_in_a_text_that_is_too_long_is_hidden_as_well(desk: Desk, emma: User) -> None:
    answer = paste(emma, f"# {SECRET}\n" + "git push\n" * 6_000)
    assert answer.status_code == 422
    assert SECRET not in answer.content.decode()
    assert "There seemed to be a secret in it" in page_of(answer)


def test_without_a_secret_nobody_is_warned(desk: Desk, emma: User) -> None:
    assert "There seemed to be a secret" not in page_of(paste(emma, SCRIPT))


def test_the_form_token_is_needed(desk: Desk, emma: User) -> None:
    client = signed_in(emma)
    client.handler.enforce_csrf_checks = True
    assert client.post(reverse("advise_calls"), {"text": "git push", "used_by": "person"}).status_code == 403


def test_who_has_no_seat_may_paste_too_and_is_not_sent_where_they_may_not_go(desk: Desk, ada: User) -> None:
    page = page_of(paste(ada, f"{SCRIPT}\nTOKEN={SECRET}"))
    assert "There seemed to be a secret in it" in page
    assert f'href="{reverse("check")}"' not in page
    assert "/get-access/" not in page
