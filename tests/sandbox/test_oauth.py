"""OAuth: consent, code, tokens, rotation and every refusal."""

from tests.sandbox.helper import CALLBACK, TIMEOUT, Caller


def test_code_comes_back_with_the_state_and_works_once(caller: Caller) -> None:
    back = caller.consent(caller.authorize_address(state="a b&c"), "emma")
    assert back["state"] == "a b&c"
    form = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": CALLBACK}
    first = caller.exchange(**form)
    assert first.status_code == 200
    assert first.json() | {"access_token": "", "refresh_token": ""} == {
        "access_token": "",
        "refresh_token": "",
        "expires_in": 7200,
        "token_type": "bearer",
        "state": "authorization_code",
        "scope": "account email",
    }
    assert first.headers["Cache-Control"] == "no-store"
    second = caller.exchange(**form)
    assert (second.status_code, second.json()["error"]) == (400, "invalid_grant")


def test_consumer_credentials_in_the_body_work_too(caller: Caller) -> None:
    code = caller.consent(caller.authorize_address(), "aria")["code"]
    answer = caller.exchange(False, grant_type="authorization_code", code=code)
    assert answer.status_code == 200


def test_wrong_consumer_secret_is_401_and_leaves_the_code_alone(caller: Caller) -> None:
    code = caller.consent(caller.authorize_address(), "aria")["code"]
    form = {"grant_type": "authorization_code", "code": code}
    wrong = form | {"client_id": caller.environment["BITBUCKET_OAUTH_KEY"], "client_secret": "no"}
    answer = caller.browser.post(f"{caller.url}/site/oauth2/access_token", data=wrong, timeout=TIMEOUT)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert caller.exchange(**form).status_code == 200


def test_cancel_comes_back_as_access_denied_without_a_code(caller: Caller) -> None:
    back = caller.consent(caller.authorize_address(), "emma", action="deny")
    assert (back["error"], back["state"]) == ("access_denied", "s1")
    assert "code" not in back


def test_another_callback_or_consumer_is_never_redirected_to(caller: Caller) -> None:
    for changes in (
        {"redirect_uri": f"{CALLBACK}x"},
        {"redirect_uri": "https://attacker.test/"},
        {"client_id": "other"},
    ):
        answer = caller.browser.get(caller.authorize_address(**changes), allow_redirects=False, timeout=TIMEOUT)
        assert answer.status_code == 400
        assert "Location" not in answer.headers


def test_more_scopes_than_the_consumer_has_is_invalid_scope(caller: Caller) -> None:
    address = caller.authorize_address(scope="account repository:admin")
    answer = caller.browser.get(address, allow_redirects=False, timeout=TIMEOUT)
    assert "error=invalid_scope" in answer.headers["Location"]


def test_scope_parameter_narrows_only_by_switch(caller: Caller) -> None:
    address = caller.authorize_address(scope="account")
    for narrows, expected in ((False, "account email"), (True, "account")):
        caller.lever("/switches", scope_parameter_narrows=narrows)
        code = caller.consent(address, "emma")["code"]
        assert caller.exchange(grant_type="authorization_code", code=code).json()["scope"] == expected


def test_other_response_types_and_grant_types_are_refused(caller: Caller) -> None:
    address = caller.authorize_address(response_type="token")
    answer = caller.browser.get(address, allow_redirects=False, timeout=TIMEOUT)
    assert "error=unsupported_response_type" in answer.headers["Location"]
    assert caller.exchange(grant_type="password").json()["error"] == "unsupported_grant_type"


def test_code_is_bound_to_its_callback_and_to_ten_minutes(caller: Caller) -> None:
    code = caller.consent(caller.authorize_address(), "emma")["code"]
    assert caller.exchange(grant_type="authorization_code", code=code, redirect_uri="http://x/").status_code == 400
    code = caller.consent(caller.authorize_address(), "emma")["code"]
    caller.lever("/clock", ahead_seconds=601)
    assert caller.exchange(grant_type="authorization_code", code=code).status_code == 400


def test_refresh_rotates(caller: Caller) -> None:
    first = caller.oauth_tokens()
    second = caller.exchange(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    again = caller.exchange(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")
    assert again.json()["error_description"] == "Invalid refresh_token"


def test_access_token_lives_two_hours(caller: Caller) -> None:
    access = caller.oauth_tokens()["access_token"]
    assert caller.bearer("/user", access).status_code == 200
    caller.lever("/clock", ahead_seconds=7201)
    assert caller.bearer("/user", access).status_code == 401


def test_switched_off_account_is_401_user_is_inactive(caller: Caller) -> None:
    tokens = caller.oauth_tokens()
    code = caller.consent(caller.authorize_address(), "emma")["code"]
    caller.lever("/accounts/emma", active=False)
    answer = caller.exchange(grant_type="authorization_code", code=code)
    assert (answer.status_code, answer.json()["error_description"]) == (401, "User is inactive")
    assert caller.exchange(grant_type="refresh_token", refresh_token=tokens["refresh_token"]).status_code == 401
    assert caller.bearer("/user", tokens["access_token"]).status_code == 401


def test_old_name_of_the_scopes_in_a_token_answer(caller: Caller) -> None:
    caller.lever("/switches", token_response_key="scopes")
    answer = caller.oauth_tokens()
    assert answer["scopes"] == "account email"
    assert "scope" not in answer


def test_consent_needs_the_pages_own_form(caller: Caller) -> None:
    caller.browser.post(caller.authorize_address(), data={"persona": "emma"}, timeout=TIMEOUT)
    forged = caller.browser.post(caller.authorize_address(), data={"action": "grant"}, timeout=TIMEOUT)
    assert forged.status_code == 403


def test_consent_page_lists_the_cast_and_then_both_buttons(caller: Caller) -> None:
    picker = caller.browser.get(caller.authorize_address(), timeout=TIMEOUT).text
    for key in ("emma", "aria", "ada", "otto", "lee", "sam"):
        assert f'data-persona="{key}"' in picker
    page = caller.browser.post(caller.authorize_address(), data={"persona": "emma"}, timeout=TIMEOUT).text
    assert 'data-action="grant"' in page
    assert 'data-action="deny"' in page
    assert "not Bitbucket" in page
