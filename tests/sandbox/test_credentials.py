"""REST: what opens it, what does not, and what the headers say."""

import json
from datetime import timedelta

import pytest

from sandbox.server import start
from tests.sandbox.helper import Caller

EMMA = "emma@acme.test"


def test_api_token_answers_with_its_granular_scopes_and_the_classic_accepted_ones(caller: Caller) -> None:
    token = caller.token("read:user", "read:repository")
    answer = caller.rest("/user", (EMMA, token["secret"]))
    assert answer.status_code == 200
    assert answer.json()["account_id"] == caller.account_id("emma")
    assert answer.headers["x-credential-type"] == "api_token"
    assert answer.headers["x-oauth-scopes"] == "read:repository:bitbucket, read:user:bitbucket"
    assert answer.headers["x-accepted-oauth-scopes"] == "account"


def test_missing_scope_is_403_with_the_granted_ones_in_body_and_header(caller: Caller) -> None:
    token = caller.token("read:repository")
    answer = caller.rest("/user", (EMMA, token["secret"]))
    assert answer.status_code == 403
    detail = answer.json()["error"]["detail"]
    assert detail == {"required": ["read:user:bitbucket"], "granted": ["read:repository:bitbucket"]}
    assert answer.headers["x-oauth-scopes"] == "read:repository:bitbucket"
    assert answer.headers["x-credential-type"] == "api_token"


def test_detail_may_be_json_text(caller: Caller) -> None:
    caller.lever("/switches", detail_as_text=True)
    detail = caller.rest("/user", (EMMA, caller.token("read:repository")["secret"])).json()["error"]["detail"]
    assert json.loads(detail)["granted"] == ["read:repository:bitbucket"]


def test_no_api_token_scope_includes_another(caller: Caller) -> None:
    token = caller.token("write:repository", "admin:repository")
    assert caller.rest("/repositories/acme", (EMMA, token["secret"])).status_code == 403


@pytest.mark.parametrize(
    "secret", ["ATATT3xFfGF0-unknown", "ATBBsomething", "hunter2", "", "ATCTT3xFfGN0-unknown"], ids=str
)
def test_what_is_no_token_of_ours_is_401_without_headers(caller: Caller, secret: str) -> None:
    answer = caller.rest("/user", (EMMA, secret))
    assert answer.status_code == 401
    assert "x-credential-type" not in answer.headers
    assert "x-oauth-scopes" not in answer.headers


def test_unscoped_expired_and_deleted_tokens_answer_like_a_wrong_one(caller: Caller) -> None:
    wrong = caller.rest("/user", (EMMA, "ATATwrong")).json()
    unscoped, expired, deleted = caller.token(), caller.token("read:user"), caller.token("read:user")
    other_product = caller.token("read:jira-work", raw=True)
    caller.lever(f"/tokens/{expired['id']}/expire")
    caller.lever(f"/tokens/{deleted['id']}", "DELETE")
    for token in (unscoped, expired, deleted, other_product):
        answer = caller.rest("/user", (EMMA, token["secret"]))
        assert (answer.status_code, answer.json()) == (401, wrong)


def test_a_token_dies_when_its_day_comes(caller: Caller) -> None:
    token = caller.token("read:user", expires_in_days=1)
    assert caller.rest("/user", (EMMA, token["secret"])).status_code == 200
    caller.lever("/clock", ahead_seconds=86_401)
    assert caller.rest("/user", (EMMA, token["secret"])).status_code == 401


def test_switched_off_account_is_401_and_lives_again_when_switched_on(caller: Caller) -> None:
    token = caller.token("read:user")
    caller.lever("/accounts/emma", active=False)
    assert caller.rest("/user", (EMMA, token["secret"])).status_code == 401
    caller.lever("/accounts/emma", active=True)
    assert caller.rest("/user", (EMMA, token["secret"])).status_code == 200


@pytest.mark.parametrize(("checks", "status"), [(True, 401), (False, 200)])
def test_whether_basic_checks_the_address_is_a_switch(caller: Caller, checks: bool, status: int) -> None:
    caller.lever("/switches", basic_checks_email=checks)
    token = caller.token("read:user")
    assert caller.rest("/user", ("lee@acme.test", token["secret"])).status_code == status
    assert caller.rest("/user", ("EMMA@acme.test", token["secret"])).status_code == 200


def test_api_token_as_bearer_is_refused(caller: Caller) -> None:
    assert caller.bearer("/user", caller.token("read:user")["secret"]).status_code == 401


def test_oauth_token_as_bearer_carries_classic_scopes(caller: Caller) -> None:
    answer = caller.bearer("/user", caller.oauth_tokens()["access_token"])
    assert answer.json()["account_id"] == caller.account_id("emma")
    assert answer.headers["x-oauth-scopes"] == "account, email"
    assert answer.headers["x-credential-type"] == "oauth2"


def test_repository_access_token_is_403_on_user_with_headers_and_reads_only_its_repository(caller: Caller) -> None:
    secret = caller.lever("/access-tokens", name="ci", repository="web", scopes=["pullrequest"])["secret"]
    user = caller.bearer("/user", secret)
    assert (user.status_code, user.headers["x-credential-type"]) == (403, "repo_access_token")
    assert user.headers["x-oauth-scopes"] == "pullrequest"
    listed = caller.bearer("/repositories/acme", secret).json()
    assert [one["full_name"] for one in listed["values"]] == ["acme/web"]
    assert caller.bearer("/repositories/acme/api", secret).status_code == 404


@pytest.mark.parametrize("kind", ["repo_access_token", "project_access_token", "workspace_access_token"])
@pytest.mark.parametrize("scope", ["repository", "account"])
def test_every_access_token_names_its_kind_and_scopes_where_it_is_refused(
    caller: Caller, kind: str, scope: str
) -> None:
    world = caller.running.world
    _, secret = world.create_access_token(
        kind=kind,
        name="ci",
        scopes=(scope,),
        workspace=world.workspaces["acme"],
        repository="web" if kind == "repo_access_token" else "",
        expires_at=world.now() + timedelta(days=1),
    )
    answer = caller.bearer("/user", secret)
    assert (answer.status_code, answer.headers["x-credential-type"]) == (403, kind)
    assert answer.headers["x-oauth-scopes"] == scope
    assert caller.bearer("/user", secret + "x").status_code == 401
    caller.lever("/clock", ahead_seconds=86_401)
    assert caller.bearer("/user", secret).status_code == 401


def test_workspace_access_token_with_account_is_still_nobody(caller: Caller) -> None:
    secret = caller.lever("/access-tokens", name="bot", scopes=["account"])["secret"]
    answer = caller.bearer("/user", secret)
    assert (answer.status_code, answer.headers["x-credential-type"]) == (403, "workspace_access_token")
    assert caller.bearer("/workspaces/acme/members", secret).status_code == 200


def test_credential_type_can_be_unknown_or_absent(caller: Caller) -> None:
    caller.lever("/switches", credential_type="mystery")
    assert caller.rest("/user").headers["x-credential-type"] == "mystery"
    caller.lever("/switches", credential_type="", scope_headers=False)
    assert not {"x-credential-type", "x-oauth-scopes"} & {name.lower() for name in caller.rest("/user").headers}


def test_narrowed_token_sees_one_workspace(caller: Caller) -> None:
    wide = caller.token("read:workspace")
    narrow = caller.token("read:workspace", workspace="acme")
    slugs = {
        name: {one["workspace"]["slug"] for one in caller.rest("/user/workspaces", (EMMA, secret)).json()["values"]}
        for name, secret in (("wide", wide["secret"]), ("narrow", narrow["secret"]))
    }
    assert slugs == {"wide": {"acme", "sidecar"}, "narrow": {"acme"}}
    assert caller.rest("/workspaces/sidecar", (EMMA, narrow["secret"])).status_code == 404


def test_a_header_that_cannot_be_read_counts_as_none(caller: Caller) -> None:
    answer = caller.anonymous("/2.0/repositories/acme/web", headers={"Authorization": "Basic"})
    assert answer.status_code == 401


def test_hourly_limit_is_per_person_and_group_and_answers_plain_text() -> None:
    with start(members=0, tokens=0, hourly_limit=3) as running:
        caller = Caller(running)
        auth = (EMMA, caller.token("read:user", "read:repository")["secret"])
        assert [caller.rest("/user", auth).status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = caller.rest("/user", auth)
        assert refused.headers["Content-Type"].startswith("text/plain")
        assert refused.text == "Rate limit for this resource has been exceeded"
        assert "Retry-After" not in refused.headers
        assert caller.rest("/repositories/acme", auth).status_code == 200
        assert caller.rest("/user").status_code == 200
        caller.lever("/clock", ahead_seconds=3601)
        assert caller.rest("/user", auth).status_code == 200
