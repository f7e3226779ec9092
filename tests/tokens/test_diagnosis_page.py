"""The page that says why, for everybody who is signed in; nothing pasted is kept or shown unmasked."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from accounts.models import User
from audit.models import Event
from tests.tokens.catalogue.diagnosis.texts_scopes import READ, READ_PR, WRITE_PR
from tests.tokens.catalogue.test_masking import MARK, TOKENS
from tests.tokens.desk import signed_in

PAGE = "/diagnose/"
GONE = "remote: App passwords are deprecated and must be replaced with API tokens."
SCOPES = (
    '{"error": {"message": "Your credentials lack one or more required privilege scopes.", "detail": '
    f'{{"required": ["{WRITE_PR}"], "granted": ["{READ}", "{READ_PR}"]}}}}}}'
)


def send(user: User, text: str) -> Any:
    """Paste a text."""
    return signed_in(user).post(PAGE, {"text": text})


def words(answer: Any) -> str:
    """What a reader sees of a page, in one line."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def area(answer: Any) -> str:
    """What stands in the form's text area."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.content.decode(), re.DOTALL)
    assert found is not None
    return unescape(found[1]).removeprefix("\n")


def test_the_empty_page(emma: User) -> None:
    answer = signed_in(emma).get(PAGE)
    assert answer.status_code == 200
    assert area(answer) == ""
    assert "It could also be" not in words(answer)
    assert answer["Cache-Control"] == "no-store"


def test_the_answer_stands_on_the_same_page(emma: User) -> None:
    answer = send(emma, f"$ git pull\n{GONE}\nfatal: unable to access 'https://bitbucket.org/acme/web.git/': 410")
    page = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert 'data-cause="app_password_removed"' in page
    assert "This is an app password, and app passwords are gone" in words(answer)
    assert f"Line 2 says so: {GONE}" in words(answer)
    assert f'<mark class="telling">{GONE}</mark>' in page
    assert page.count("<mark") == 2, "once in the sentence, once in the echo"
    assert "git remote set-url origin https://x-bitbucket-api-token-auth@bitbucket.org/acme/web.git" in words(answer)
    assert "git credential reject" in words(answer)
    assert "It could also be" in words(answer)
    assert page.count('data-action="remedy"') == 1
    assert 'href="/get-access/"' in page


def test_the_button_asks_for_the_missing_scopes(emma: User) -> None:
    answer = send(emma, SCOPES)
    hrefs = re.findall(r'<a class="button[^>]*href="([^"]+)"', answer.content.decode())
    assert hrefs[0] == f"/advise/?scopes={WRITE_PR}"
    assert unescape(hrefs[1]) == f"/advise/?scopes={','.join(sorted([READ, READ_PR, WRITE_PR]))}"
    assert "For an access token or OAuth it is pullrequest:write." in words(answer)
    assert signed_in(emma).get(hrefs[0]).status_code == 200


def test_who_may_not_ask_gets_no_button_for_it(ada: User, otto: User) -> None:
    for user in (ada, otto):
        page = send(user, SCOPES).content.decode()
        assert "/advise/?scopes" not in page
        assert "/get-access/" not in page.split("<main")[1]
        assert 'data-action="remedy"' in page, "the manual is still a button"


def test_nothing_recognised(emma: User) -> None:
    answer = send(emma, "It is broken <script>alert(1)</script>")
    assert "We do not recognise this" in words(answer)
    assert "<script>alert" not in answer.content.decode()
    assert "<mark" not in answer.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "\r\n\t\r\n", "\x00\x00", "\x1b[0m"])
def test_an_empty_paste_is_told_in_words(emma: User, text: str) -> None:
    answer = send(emma, text)
    assert answer.status_code == 422
    assert "Nothing was pasted" in words(answer)
    assert area(answer) == ""


def test_a_missing_field_is_an_empty_paste(emma: User) -> None:
    assert signed_in(emma).post(PAGE, {}).status_code == 422


def test_a_text_too_long_keeps_its_end(emma: User) -> None:
    answer = send(emma, "x" * 20_000 + f"\n{GONE}")
    assert answer.status_code == 422
    assert "This is too long" in words(answer)
    assert area(answer).endswith(GONE)
    again = send(emma, area(answer))
    assert 'data-cause="app_password_removed"' in again.content.decode()


def test_line_ends_of_a_browser_do_not_count_twice(emma: User) -> None:
    assert send(emma, "a\r\n" * 9_999 + GONE[:1]).status_code == 200


def test_a_hidden_secret_is_mentioned_and_never_shown(emma: User) -> None:
    token = "ATA" + "T3xFfGF0" + MARK + "z" * 20
    answer = send(emma, f"curl -u emma@acme.test:{token} https://api.bitbucket.org/2.0/user\nHTTP/2 401")
    assert "We hid what looks like a secret" in words(answer)
    assert MARK not in answer.content.decode()
    assert "-u emma@acme.test:***" in area(answer)
    assert "We hid" not in words(send(emma, "HTTP/2 401 from api.bitbucket.org"))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(secret=TOKENS)
def test_no_secret_comes_back_to_the_page(emma: User, secret: str) -> None:
    long = "y" * 20_001
    for text in (f"{secret} 401", f"password={secret}\n{GONE}", f"{secret}{long}", f"{long} {secret}"):
        assert MARK not in send(emma, text).content.decode()


def test_nothing_is_stored_or_put_into_the_trail_or_the_log(emma: User, caplog: pytest.LogCaptureFixture) -> None:
    client = signed_in(emma)
    client.get(PAGE)
    events = Event.objects.count()
    with (
        caplog.at_level("DEBUG"),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        client.post(PAGE, {"text": f"unlikely-marker\n{GONE}"})
    assert Event.objects.count() == events
    written = [query["sql"] for query in queries if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert written == []
    assert "unlikely-marker" not in caplog.text
    assert "unlikely-marker" not in " ".join(query["sql"] for query in queries)


def test_only_after_signing_in(client: Any, db: None) -> None:
    assert client.get(PAGE)["Location"] == "/signin/?next=%2Fdiagnose%2F"
    assert client.post(PAGE, {"text": GONE})["Location"] == "/signin/"


def test_the_form_token_is_demanded(emma: User) -> None:
    client = signed_in(emma)
    client.handler.enforce_csrf_checks = True
    assert client.post(PAGE, {"text": GONE}).status_code == 403
