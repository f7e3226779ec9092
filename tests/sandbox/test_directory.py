"""The organisation's directory and its events stream; what levers do to tokens."""

import time
from typing import Any

import pytest
import requests

from tests.sandbox.helper import Caller


def directory(caller: Caller, person: str, verb: str, key: str = "revoke") -> requests.Response:
    """Suspend or restore somebody."""
    names = caller.environment
    where = f"/admin/v2/orgs/{names['ATLASSIAN_ORG_ID']}/directories/{names['ATLASSIAN_DIRECTORY_ID']}/users"
    return caller.organisation("POST", f"{where}/{caller.account_id(person)}/{verb}", key)


def stream(caller: Caller, sent: dict[str, Any] | None = None, key: str = "audit", **more: Any) -> requests.Response:
    """Read the events stream."""
    path = f"/admin/v1/orgs/{caller.environment['ATLASSIAN_ORG_ID']}/events-stream"
    return caller.organisation("GET", path, key, params=(sent or {}) | more)


def test_suspending_stops_tokens_and_restoring_revives_them(caller: Caller) -> None:
    auth = ("lee@acme.test", caller.token("read:user", account="lee")["secret"])
    assert directory(caller, "lee", "suspend").status_code == 204
    assert caller.rest("/user", auth).status_code == 401
    member = f"/workspaces/acme/members/{caller.account_id('lee')}"
    assert caller.rest(member).status_code == 200, "the seat stays"
    assert directory(caller, "lee", "restore").status_code == 204
    assert caller.rest("/user", auth).status_code == 200


def told(caller: Caller, person: str, key: str = "revoke") -> requests.Response:
    """Read a directory's user."""
    names = caller.environment
    where = f"/admin/v2/orgs/{names['ATLASSIAN_ORG_ID']}/directories/{names['ATLASSIAN_DIRECTORY_ID']}/users"
    return caller.organisation("GET", f"{where}/{caller.account_id(person)}", key)


@pytest.mark.parametrize(("shows", "status"), [(True, "inactive"), (False, "active")])
def test_a_directory_tells_a_suspension_whether_or_not_a_profile_does(shows: bool, status: str, caller: Caller) -> None:
    caller.lever("/switches", suspension_shows_in_profile=shows)
    profile = f"/users/{caller.account_id('lee')}/manage/profile"
    assert told(caller, "lee").json()["data"]["membershipStatus"] == "active"
    directory(caller, "lee", "suspend")
    assert caller.organisation("GET", profile).json()["account"]["account_status"] == status
    assert told(caller, "lee").json()["data"]["membershipStatus"] == "suspended"
    assert told(caller, "lee").json()["data"]["accountStatus"] == "active", "suspended is not disabled"
    directory(caller, "lee", "restore")
    assert told(caller, "lee").json()["data"]["membershipStatus"] == "active"
    caller.organisation("POST", f"/users/{caller.account_id('lee')}/manage/lifecycle/disable")
    assert caller.organisation("GET", profile).json()["account"]["account_status"] == "inactive"


def test_a_directory_is_read_with_a_key_without_scopes(caller: Caller) -> None:
    assert told(caller, "lee", "audit").status_code == 403
    assert told(caller, "sam").status_code == 403


@pytest.mark.parametrize("off", ["suspend", "disable"])
def test_whether_a_seat_of_an_account_that_is_off_shows(off: str, caller: Caller) -> None:
    lee = caller.account_id("lee")
    paths = ("/workspaces/acme/members", "/workspaces/acme/permissions")
    if off == "suspend":
        directory(caller, "lee", "suspend")
    else:
        caller.organisation("POST", f"/users/{lee}/manage/lifecycle/disable")

    def seen() -> list[bool]:
        pages = [caller.rest(path, params={"pagelen": "100"}).json()["values"] for path in paths]
        return [lee in {one["user"]["account_id"] for one in page} for page in pages]

    assert (seen(), caller.rest(f"/workspaces/acme/members/{lee}").status_code) == ([True, True], 200)
    caller.lever("/switches", suspended_reads_seat=False)
    assert (seen(), caller.rest(f"/workspaces/acme/members/{lee}").status_code) == ([False, False], 404)
    assert caller.rest(f"/workspaces/acme/members/{caller.account_id('emma')}").status_code == 200


def test_suspending_wants_a_key_without_scopes_and_an_account_of_ours(caller: Caller) -> None:
    assert directory(caller, "lee", "suspend", "audit").status_code == 403
    assert directory(caller, "sam", "suspend").status_code == 403
    elsewhere = f"/admin/v2/orgs/{caller.environment['ATLASSIAN_ORG_ID']}/directories/other/users/x/suspend"
    assert caller.organisation("POST", elsewhere).status_code == 404


def test_events_tell_of_tokens_and_accounts_in_their_order(caller: Caller) -> None:
    made = caller.token("read:user", account="lee")
    caller.organisation("DELETE", f"/users/{caller.account_id('lee')}/manage/api-tokens/{made['id']}")
    directory(caller, "lee", "suspend")
    caller.token("read:user", account="sam")
    body = stream(caller).json()
    actions = [one["attributes"]["action"] for one in body["data"]]
    assert actions == ["api_token_created", "api_token_revoked", "directory_user_suspended"]
    created, revoked, _ = (one["attributes"] for one in body["data"])
    assert (created["actor"]["id"], revoked["actor"]["id"]) == (caller.account_id("lee"), "revoke")
    assert {"id": made["id"], "type": "api_token", "attributes": {"label": "unicorn"}} in created["context"]
    assert made["secret"] not in str(body)
    newest = stream(caller, sortOrder="desc", limit=1).json()["data"]
    assert newest[0]["id"] == body["data"][-1]["id"]


def test_the_cursor_goes_on_where_it_stopped_even_at_the_end(caller: Caller) -> None:
    for _ in range(3):
        caller.token("read:user")
    first = stream(caller, limit=2).json()
    assert (len(first["data"]), first["meta"]["page_size"]) == (2, 2)
    rest = caller.organisation("GET", first["links"]["next"].removeprefix(caller.url), "audit").json()
    assert len(rest["data"]) == 1
    assert "next" not in rest["links"]
    cursor = rest["meta"]["next"]
    assert stream(caller, cursor=cursor).json()["data"] == []
    assert stream(caller, cursor=cursor).json()["meta"]["next"] == cursor
    caller.token("read:user", account="aria")
    [newest] = stream(caller, cursor=cursor).json()["data"]
    assert newest["attributes"]["actor"]["name"] == "Aria"


def test_events_by_time_and_what_is_refused(caller: Caller) -> None:
    caller.token("read:user")
    now = int(time.time() * 1000)
    assert len(stream(caller, {"from": now - 60_000, "to": now + 60_000}).json()["data"]) == 1
    assert stream(caller, {"from": now + 60_000}).json()["data"] == []
    for wrong in ({"from": "x"}, {"limit": "501"}, {"sortOrder": "up"}, {"cursor": "!"}):
        assert stream(caller, wrong).status_code == 400
    assert stream(caller, key="nonsense").status_code == 401
    assert stream(caller).headers["X-RateLimit-Limit"] == "1000"


def test_a_token_can_be_aged_given_away_and_narrowed(caller: Caller) -> None:
    made = caller.token("read:user", "read:workspace")
    auth = ("emma@acme.test", made["secret"])
    assert caller.rest("/workspaces/acme", auth).status_code == 200
    caller.lever(f"/tokens/{made['id']}/scopes", scopes=["read:user"])
    assert caller.rest("/workspaces/acme", auth).status_code == 403
    caller.lever(f"/tokens/{made['id']}", last_access_days=200, label="renamed", account="lee")
    [entry] = caller.listing(q="renamed").json()["data"]
    assert entry["user"]["id"] == caller.account_id("lee")
    assert entry["lastActiveAt"] < entry["createdAt"]
    caller.lever(f"/tokens/{made['id']}", last_access_days=None)
    assert "lastActiveAt" not in caller.listing(q="renamed").json()["data"][0]


def test_the_audit_bot_can_lose_the_scope_to_read_deploy_keys(caller: Caller) -> None:
    path = "/repositories/acme/web/deploy-keys"
    assert caller.rest(path).status_code == 200
    bot = next(one for one in caller.running.world.api_tokens.values() if one.label == "portal audit-bot")
    caller.lever(f"/tokens/{bot.id}/scopes", scopes=["read:user", "read:workspace", "read:repository"])
    assert caller.rest(path).status_code == 403
    assert caller.rest("/repositories/acme/web/permissions-config/users").status_code == 200


@pytest.mark.parametrize("path", ["/tokens/nothing", "/tokens/nothing/scopes", "/tokens/nothing/expire"])
def test_levers_on_no_token_are_404(shared: Caller, path: str) -> None:
    answer = requests.post(f"{shared.url}/_sandbox{path}", json={}, timeout=5, proxies={"http": ""})
    assert answer.status_code == 404
