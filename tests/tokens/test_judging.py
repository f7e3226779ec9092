"""What is never sent anywhere, and in which order the outcomes win."""

from typing import Any

import pytest

from accounts.models import User
from bitbucket.credential_reading import CredentialReading
from tests.tokens.desk import Desk, tags
from tokens.models import PasteAttempt, Verification
from tokens.verification import judge

READ = "read:repository:bitbucket"
ADMIN = "admin:repository:bitbucket"


NOT_SENT = {
    "an account password": "correct horse battery staple",
    "an app password": "ATBB" + "x" * 32,
    "an access token": "ATCT" + "x" * 60,
    "an address": "https://emma:ATATT3xFfGF0abc@bitbucket.org/acme/web.git",
    "something before it": "token=ATATT3xFfGF0" + "a" * 40,
    "a space inside": "ATATT3xFf GF0abcdef",
    "a letter that does not belong": "ATATT3xFfGF0é",
    "another word": "hunter2",
}


@pytest.mark.usefixtures("email_switch")
@pytest.mark.parametrize("name", NOT_SENT)
def test_what_is_no_api_token_is_sent_nowhere(desk: Desk, emma: User, name: str) -> None:
    request = desk.approved(emma)
    desk.world.counters.clear()
    answer = desk.paste(emma, request, NOT_SENT[name])
    assert answer.status_code == 422
    assert "not sent anywhere" in answer.content.decode()
    assert NOT_SENT[name] not in answer.content.decode()
    assert desk.sent() == 0
    assert not Verification.objects.exists()
    assert not PasteAttempt.objects.exists()
    assert tags()[-1] == "credential:not_sent"


@pytest.mark.usefixtures("email_switch")
def test_what_copying_puts_around_a_token_is_not_sent(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    secret = desk.token(request).secret
    assert desk.check(emma, request, f"\ufeff{secret}\u200b\n").outcome == "exact"


def reading(**fields: Any) -> CredentialReading:
    """One reading, exact unless a field says otherwise."""
    usual: dict[str, Any] = {
        "status": 200,
        "credential_type": "api_token",
        "scopes": frozenset({READ}),
        "account_id": "712020:emma",
        "failure": "",
    }
    return CredentialReading(**(usual | fields))


PRECEDENCE = [
    (reading(status=401, credential_type="repo_access_token", account_id="712020:lee", scopes=None), "invalid"),
    (reading(credential_type="repo_access_token", account_id="712020:lee", scopes=None, failure="x"), "wrong_kind"),
    (reading(account_id="712020:lee", scopes=None, failure="x"), "wrong_holder"),
    (reading(scopes=frozenset({ADMIN}), failure="x"), "unreadable"),
    (reading(scopes=None), "unreadable"),
    (reading(status=429, scopes=None, account_id=None), "unreadable"),
    (reading(status=None, credential_type=None, scopes=None, account_id=None, failure="timeout"), "unreadable"),
    (reading(scopes=frozenset({ADMIN})), "excess"),
    (reading(scopes=frozenset()), "missing"),
    (reading(credential_type="tomorrows_kind"), "exact"),
    (reading(), "exact"),
]


@pytest.mark.parametrize(("seen", "outcome"), PRECEDENCE)
def test_the_first_that_holds_wins(seen: CredentialReading, outcome: str) -> None:
    assert judge(seen, approved=[READ], account_id="712020:emma").outcome == outcome
