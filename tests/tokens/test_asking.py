"""What a form takes, what is frozen, and how often somebody may paste."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from audit.models import Event
from tests.tokens.desk import Desk, signed_in
from tokens.models import PasteAttempt, Request
from tokens.operations.change import NotAllowed
from tokens.policy import scopes_hash

BY_APPROVERS = "manage-webhooks"
FORM = {"reason": "The nightly report", "where_used": "git on my laptop", "lifetime_days": "30"}


def post(user: User, request: Request, what: str, **form: str) -> Any:
    """Click something on the page of a request."""
    return signed_in(user).post(f"/requests/{request.code}/{what}/", form)


def test_scopes_are_frozen_with_their_hash(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    assert request.scopes_hash == scopes_hash(["read:repository:bitbucket"])
    submitted = Event.objects.get(tag="request:submitted").details
    assert (submitted["scopes"], submitted["scopes_hash"]) == (request.scopes, request.scopes_hash)
    version = request.template_version
    version.scopes = ["admin:repository:bitbucket"]
    version.save()
    admin = desk.token(request, scopes=["admin:repository:bitbucket"])
    assert desk.check(emma, request, admin.secret).outcome == "excess", "today's template does not count"
    assert desk.check(emma, request, desk.token(request).secret).outcome == "exact"


def test_the_hash_is_of_the_set() -> None:
    assert scopes_hash(["b", "a", "a"]) == scopes_hash(["a", "b"]) != scopes_hash(["a"])


SECRETS = [
    "ATATT3xFfGF0" + "a" * 60 + "=1A2B3C4D",
    "ATBBx7Hs9kQ2mN4pR6tV8wY1zB3dF5gJ7kLm",
    "git clone https://emma:hunter22@bitbucket.org/acme/web.git",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("field", ["reason", "where_used"])
def test_a_secret_is_refused_in_a_free_text_and_the_rest_is_kept(
    emma: User, desk: Desk, field: str, secret: str
) -> None:
    form = FORM | {field: f"see {secret}"}
    answer = signed_in(emma).post("/get-access/clone-and-pull/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "looks like it holds a secret" in page
    other = "where_used" if field == "reason" else "reason"
    assert FORM[other] in page, "what was typed elsewhere is kept"
    assert not Request.objects.exists()
    assert not Event.objects.filter(tag__startswith="request").exists()


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_refused_where_people_write_reasons(desk: Desk, emma: User, aria: User, secret: str) -> None:
    request = desk.ask(emma, BY_APPROVERS, 7)
    assert post(aria, request, "deny", reason=f"no {secret}").status_code == 422
    credential, _ = desk.registered(emma)
    answer = signed_in(emma).post(f"/credentials/{credential.pk}/revoke/", {"reason": secret})
    assert answer.status_code == 422
    credential.refresh_from_db()
    assert credential.state == "active"


@pytest.mark.parametrize(
    "change",
    [{"lifetime_days": "0"}, {"lifetime_days": "181"}, {"lifetime_days": "many"}, {"reason": " "}, {"where_used": ""}],
)
def test_a_wrong_form_keeps_what_was_typed(desk: Desk, emma: User, change: dict[str, str]) -> None:
    answer = signed_in(emma).post("/get-access/clone-and-pull/", FORM | change)
    assert answer.status_code == 422
    kept = [value for name, value in FORM.items() if name not in change and name != "lifetime_days"]
    assert all(value in answer.content.decode() for value in kept)
    assert not Request.objects.exists()


@pytest.mark.parametrize("days", [0, 181])
def test_the_operation_knows_the_longest_life_too(desk: Desk, emma: User, days: int) -> None:
    with pytest.raises(NotAllowed):
        desk.ask(emma, "clone-and-pull", days)


def test_five_pastes_in_ten_minutes(desk: Desk, emma: User, lee: User, settings: Any) -> None:
    assert (settings.PASTE_LIMIT, settings.PASTE_WINDOW_MINUTES) == (5, 10)
    request = desk.approved(emma)
    for _ in range(5):
        assert desk.paste(emma, request, "ATATT3xFfGF0wrong").status_code == 302
    desk.world.counters.clear()
    good = desk.token(request).secret
    answer = desk.paste(emma, request, good)
    assert answer.status_code == 429
    assert "Five checks in ten minutes" in answer.content.decode()
    assert desk.sent() == 0
    for_lee = desk.approved(lee)
    assert desk.paste(lee, for_lee, desk.token(for_lee, owner="lee").secret).status_code == 302
    _ten_minutes_pass()
    assert desk.check(emma, request, good).outcome == "exact"


def _ten_minutes_pass() -> None:
    for attempt in PasteAttempt.objects.all():
        attempt.attempted_at -= timedelta(minutes=10)
        attempt.save()
