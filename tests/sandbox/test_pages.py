"""The pages a person clicks through."""

import html
from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.helper import CALLBACK, Caller, form_values, shown_secret

TOKENS = "/manage-profile/security/api-tokens"
DEEP_LINK = f"{TOKENS}?autofillToken&expiryDays=90&appId=bitbucket"


def day(days: int) -> str:
    """A day from today, as a date field has it."""
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def test_deep_link_asks_who_it_is_and_then_shows_the_filled_in_form(caller: Caller) -> None:
    assert 'data-persona="emma"' in caller.page(DEEP_LINK).text
    page = caller.send_form(DEEP_LINK, persona="emma").text
    assert f'name="expires_on" type="date" value="{day(90)}"' in page
    assert 'value="read:repository:bitbucket" >' in page
    assert 'data-action="create"' in page


def test_a_browser_that_consented_is_signed_in_here_too(caller: Caller) -> None:
    caller.consent(caller.authorize_address(redirect_uri=CALLBACK), "emma")
    assert 'data-action="create"' in caller.page(DEEP_LINK).text


def test_create_show_once_use_revoke(caller: Caller) -> None:
    caller.sign_in("emma")
    fields = form_values(caller.page(DEEP_LINK).text)
    label = 'bcp-7K2QXM <b>"clone"</b>'
    scopes = ["read:user:bitbucket", "read:repository:bitbucket"]
    sent = fields | {"label": label, "expires_on": day(30), "workspace": "acme", "app": "bitbucket"}
    shown = caller.send_form(TOKENS, **sent, scope=scopes)
    secret = shown_secret(shown.text)
    assert secret.startswith("ATAT")
    assert shown.headers["Cache-Control"] == "no-store"
    answer = caller.rest("/user", ("emma@acme.test", secret))
    assert answer.headers["x-oauth-scopes"] == "read:repository:bitbucket, read:user:bitbucket"

    listed = caller.page(TOKENS).text
    assert f'data-token-label="{html.escape(label)}"' in listed
    assert secret not in listed
    assert "<b>" not in listed.partition("<main>")[2]
    again = caller.send_form(TOKENS, **sent, scope=scopes)
    assert "data-secret" not in again.text
    assert len(caller.running.world.tokens_of(caller.account_id("emma"))) == 1

    [token] = caller.running.world.tokens_of(caller.account_id("emma"))
    assert token.workspace_uuid == caller.environment["BITBUCKET_WORKSPACES"]
    caller.send_form(f"{TOKENS}/{token.id}/revoke", form_token=form_values(listed)["form_token"])
    assert caller.rest("/user", ("emma@acme.test", secret)).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"expires_on": day(0)},
        {"expires_on": day(366)},
        {"expires_on": "soon"},
        {"label": " "},
        {"scope": []},
        {"scope": ["read:everything:bitbucket"]},
        {"workspace": "elsewhere"},
    ],
    ids=str,
)
def test_a_form_that_is_wrong_makes_nothing_and_says_why(caller: Caller, wrong: dict[str, object]) -> None:
    caller.sign_in("emma")
    fields: dict[str, object] = dict(form_values(caller.page(DEEP_LINK).text))
    fields |= {"label": "x", "expires_on": day(30), "scope": ["read:user:bitbucket"]}
    answer = caller.send_form(TOKENS, **(fields | wrong))
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert caller.running.world.tokens_of(caller.account_id("emma")) == []


def test_a_token_without_scopes_is_of_the_kind_bitbucket_refuses(caller: Caller) -> None:
    caller.sign_in("emma")
    fields = form_values(caller.page(f"{TOKENS}?create=unscoped").text)
    secret = shown_secret(caller.send_form(TOKENS, **fields, label="jira", expires_on=day(30)).text)
    assert caller.rest("/user", ("emma@acme.test", secret)).status_code == 401


def test_forms_need_the_page_they_stand_on(caller: Caller) -> None:
    caller.sign_in("emma")
    token = caller.token("read:user")
    assert caller.send_form(f"{TOKENS}/{token['id']}/revoke").status_code == 403
    assert caller.send_form(TOKENS, label="x", expires_on=day(3)).status_code == 403
    assert caller.rest("/user", ("emma@acme.test", token["secret"])).status_code == 200


def test_one_does_not_revoke_what_is_anothers(caller: Caller) -> None:
    token = caller.token("read:user")
    caller.sign_in("lee")
    form_token = form_values(caller.page(TOKENS).text)["form_token"]
    caller.send_form(f"{TOKENS}/{token['id']}/revoke", form_token=form_token)
    assert caller.rest("/user", ("emma@acme.test", token["secret"])).status_code == 200


def test_repository_administrator_creates_an_access_token(caller: Caller) -> None:
    settings = "/acme/web/admin/access-tokens"
    caller.sign_in("aria")
    fields = form_values(caller.page(settings).text)
    shown = caller.send_form(settings, **fields, label="ci", expires_on=day(90), scope=["repository"])
    secret = shown_secret(shown.text)
    assert secret.startswith("ATCT")
    assert caller.bearer("/repositories/acme/web", secret).status_code == 200
    listed = caller.page(settings).text
    assert 'data-token-label="ci"' in listed
    assert secret not in listed


def test_who_does_not_administer_sees_no_access_tokens(caller: Caller) -> None:
    caller.sign_in("emma")
    assert caller.page("/acme/web").status_code == 200
    assert caller.page("/acme/web/admin/access-tokens").status_code == 403
    caller.sign_in("sam")
    assert caller.page("/acme/web").status_code == 404


def test_app_passwords_are_gone(caller: Caller) -> None:
    caller.sign_in("emma")
    page = caller.page("/account/settings/app-passwords/").text
    assert "none can be created" in page
    assert "<input" not in page.partition("<main>")[2]


@pytest.mark.parametrize("path", ["/", "/account/settings/", "/manage-profile/security", TOKENS, "/acme/web"])
def test_every_page_says_what_it_is_and_lets_no_script_run(caller: Caller, path: str) -> None:
    caller.sign_in("emma")
    answer = caller.page(path)
    assert answer.status_code == 200
    assert "Sandbox: not Bitbucket" in answer.text
    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_signing_in_leads_nowhere_else_and_signing_out_ends_it(caller: Caller) -> None:
    caller.sign_in("emma")
    menu = caller.page("/").text.partition("<main>")[0]
    token = menu.partition('name="form_token" value="')[2].partition('"')[0]
    caller.send_form("/logout", form_token=token)
    assert 'data-persona="emma"' in caller.page(TOKENS).text
