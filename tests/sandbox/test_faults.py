"""Scripted faults, counts, and what the sandbox never keeps."""

import json
import threading
from typing import Any

import pytest
import requests

from tests.sandbox.helper import Caller

MEMBERS = "/workspaces/acme/members"


def fault(caller: Caller, kind: str, /, **more: Any) -> None:
    """Script one."""
    caller.lever("/faults", kind=kind, **more)


@pytest.mark.parametrize("retry_after", ["3600", None, "Wed, 21 Oct 2026 07:28:00 GMT", "-5", "1000000000"])
def test_429_with_any_retry_after(caller: Caller, retry_after: str | None) -> None:
    fault(caller, "status", status=429, retry_after=retry_after, count=1, path="/2.0/user")
    answer = caller.rest("/user")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (429, retry_after)
    assert caller.rest("/user").status_code == 200


@pytest.mark.parametrize("status", [500, 502, 503])
def test_server_errors_come_as_a_web_page_for_a_while(caller: Caller, status: int) -> None:
    fault(caller, "status", status=status, skip=1, count=2, method="GET", path="/2.0/workspaces/*")
    assert [caller.rest(MEMBERS).status_code for _ in range(4)] == [200, status, status, 200]
    assert caller.rest("/user").status_code == 200


def test_bodies_that_are_none(caller: Caller) -> None:
    seen = {}
    for kind in ("html", "empty", "malformed", "wrong_types", "no_values"):
        fault(caller, kind, count=1)
        answer = caller.rest(MEMBERS)
        assert answer.status_code == 200
        seen[kind] = answer.text
        caller.lever("/faults", "DELETE")
    assert seen["html"].startswith("<!doctype html>")
    assert seen["empty"] == ""
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(seen["malformed"])
    assert seen["wrong_types"] == "[1, 2, 3]"
    assert '"pagelen"' in seen["no_values"]
    assert '"values"' not in seen["no_values"]


def test_half_an_answer_and_none_at_all(caller: Caller) -> None:
    fault(caller, "truncated", count=1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        caller.rest(MEMBERS)
    caller.lever("/faults", "DELETE")
    fault(caller, "hang", milliseconds=50, count=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        caller.rest(MEMBERS)


def test_slow_and_endless(caller: Caller) -> None:
    fault(caller, "latency", milliseconds=300, count=1)
    assert caller.rest("/user").elapsed.total_seconds() >= 0.3
    caller.lever("/faults", "DELETE")
    fault(caller, "drip", milliseconds=1, count=1)
    assert caller.rest("/user").json()["type"] == "user"
    caller.lever("/faults", "DELETE")
    fault(caller, "endless")
    with requests.get(f"{caller.url}/2.0/user", stream=True, timeout=5, proxies={"http": ""}) as answer:
        assert sum(len(chunk) for _, chunk in zip(range(100), answer.iter_content(65_536), strict=False)) > 6_000_000


def test_next_that_leads_elsewhere_or_nowhere(caller: Caller) -> None:
    fault(caller, "foreign_next", url="https://attacker.test/2.0/x", count=1)
    assert caller.rest(MEMBERS).json()["next"] == "https://attacker.test/2.0/x"
    caller.lever("/faults", "DELETE")
    fault(caller, "foreign_next", url="https://attacker.test/x", path="/admin/*", count=1)
    assert caller.listing().json()["links"]["next"] == "https://attacker.test/x"
    caller.lever("/faults", "DELETE")
    fault(caller, "repeat_next", count=1)
    assert caller.rest(MEMBERS).json()["next"] == f"{caller.url}/2.0{MEMBERS}"
    caller.lever("/faults", "DELETE")
    fault(caller, "redirect", url="https://attacker.test/", count=1)
    assert caller.rest(MEMBERS).headers["Location"] == "https://attacker.test/"


@pytest.mark.parametrize("listing", ["rest", "organisation"])
def test_empty_page_with_next_goes_on_to_the_values(caller: Caller, listing: str) -> None:
    fault(caller, "empty_page")
    if listing == "rest":
        first = caller.rest(f"{MEMBERS}?pagelen=50").json()
        assert first["values"] == []
        assert caller.rest(first["next"].removeprefix(f"{caller.url}/2.0")).json()["values"]
    else:
        following = caller.listing().json()["links"]["next"]
        assert caller.organisation("GET", following.removeprefix(caller.url), "audit").json()["data"]


def test_204_that_deleted_nothing(caller: Caller) -> None:
    token = caller.token("read:user")
    path = f"/users/{caller.account_id('emma')}/manage/api-tokens/{token['id']}"
    fault(caller, "keep", method="DELETE")
    assert caller.organisation("DELETE", path).status_code == 204
    assert caller.rest("/user", ("emma@acme.test", token["secret"])).status_code == 200
    assert len(caller.listing(q="unicorn").json()["data"]) == 1


def test_deleted_although_the_answer_was_an_error(caller: Caller) -> None:
    token = caller.token("read:user")
    path = f"/users/{caller.account_id('emma')}/manage/api-tokens/{token['id']}"
    fault(caller, "done_then_status", status=502, method="DELETE", count=1)
    assert caller.organisation("DELETE", path).status_code == 502
    assert caller.organisation("DELETE", path).status_code == 404


def test_a_bot_that_lost_its_right_sees_404_everywhere_and_others_do_not(caller: Caller) -> None:
    fault(caller, "lost_admin", account="audit-bot")
    emma = ("emma@acme.test", caller.token("read:user", "read:workspace")["secret"])
    for path in ("/workspaces/acme", MEMBERS, "/workspaces/acme/permissions/repositories"):
        assert caller.rest(path).status_code == 404
    assert caller.rest(MEMBERS, emma).status_code == 200
    fault(caller, "lost_admin", account="revoke")
    tokens = f"/users/{caller.account_id('emma')}/manage/api-tokens"
    assert caller.organisation("GET", tokens).status_code == 404
    assert caller.organisation("DELETE", f"{tokens}/x").status_code == 404


def test_who_lost_the_right_can_change_nothing_either(caller: Caller) -> None:
    path = f"/repositories/acme/web/permissions-config/users/{caller.account_id('lee')}"
    auth = ("revoke-bot@acme.test", caller.environment["REVOKE_BOT_TOKEN"])
    fault(caller, "lost_admin", account="revoke-bot")
    for method in ("GET", "PUT", "DELETE"):
        assert caller.rest(path, auth, method, json={"permission": "read"}).status_code == 404
    caller.lever("/faults", "DELETE")
    assert caller.rest(path, auth).json()["permission"] == "write"


@pytest.mark.parametrize(
    "path",
    [
        "/repositories/acme/web/permissions-config/users",
        "/repositories/acme/web/permissions-config/groups",
        "/workspaces/acme/projects/LABS/permissions-config/users",
        "/repositories/acme/web/deploy-keys",
        "/workspaces/acme/projects",
    ],
)
def test_values_that_are_none(shared: Caller, path: str) -> None:
    fault(shared, "odd_values", count=1)
    assert shared.rest(path).json()["values"] == [1, "two", None]
    shared.lever("/faults", "DELETE")
    fault(shared, "bare_values", count=1)
    assert set(map(str, shared.rest(path).json()["values"])) == {"{}"}
    shared.lever("/faults", "DELETE")
    fault(shared, "no_values", count=1)
    assert "values" not in shared.rest(path).json()
    shared.lever("/faults", "DELETE")


def test_a_grant_changes_between_two_pages(caller: Caller) -> None:
    path = "/repositories/acme/web/permissions-config/users"
    lever = "/_sandbox/workspaces/acme/repositories/web/users/lee"
    fault(caller, "lever", path=f"/2.0{path}", skip=1, count=1, url=lever, body=json.dumps({"permission": "none"}))
    holders = [{one["user"]["nickname"] for one in caller.rest(path).json()["values"]} for _ in range(2)]
    assert holders == [{"lee", "aria"}, {"aria"}]
    key = caller.lever("/workspaces/acme/repositories/docs/deploy-keys", label="x")["id"]
    fault(caller, "lever", path="*/docs/deploy-keys", url=f"/_sandbox/workspaces/acme/deploy-keys/{key}")
    assert caller.rest("/repositories/acme/docs/deploy-keys").json()["values"] == []


def test_a_lever_that_cannot_be_pulled_is_told(caller: Caller) -> None:
    fault(caller, "lever", path="/2.0/user", url="/_sandbox/tokens/nothing", body="{}")
    assert caller.rest("/user").status_code == 500


def test_204_that_took_no_grant_and_no_key_away(caller: Caller) -> None:
    scopes = ("admin:repository", "read:repository", "delete:permission", "delete:ssh-key")
    auth = ("revoke-bot@acme.test", caller.token(*scopes, account="revoke-bot")["secret"])
    grant = f"/repositories/acme/web/permissions-config/users/{caller.account_id('lee')}"
    [key] = caller.rest("/repositories/acme/web/deploy-keys").json()["values"]
    fault(caller, "keep", method="DELETE")
    for path in (grant, f"/repositories/acme/web/deploy-keys/{key['id']}"):
        assert caller.rest(path, auth, "DELETE").status_code == 204
        assert caller.rest(path, auth).status_code == 200


def test_a_pattern_may_be_a_regular_one(caller: Caller) -> None:
    fault(caller, "status", status=500, path=r"re:^/2\.0/user$")
    assert caller.rest("/user").status_code == 500
    assert caller.rest("/user/emails").status_code == 200
    assert caller.lever("/faults", "GET")["faults"][0]["hits"] == 1


@pytest.mark.parametrize("body", [{"kind": "gremlins"}, {"kind": "status", "colour": "red"}, {}])
def test_an_unknown_fault_is_told(caller: Caller, body: dict[str, str]) -> None:
    answer = requests.post(f"{caller.url}/_sandbox/faults", json=body, timeout=5, proxies={"http": ""})
    assert answer.status_code == 400
    assert "error" in answer.json()


@pytest.mark.parametrize("body", [{"gravity": False}, {"basic_checks_email": "no"}, {"user_filter": 3}])
def test_an_unknown_switch_changes_nothing(caller: Caller, body: dict[str, object]) -> None:
    answer = requests.post(f"{caller.url}/_sandbox/switches", json=body, timeout=5, proxies={"http": ""})
    assert answer.status_code == 400
    assert caller.lever("/switches", "GET")["basic_checks_email"] is True


def test_counts_per_route_and_credential_without_secrets(caller: Caller) -> None:
    token = caller.token("read:user")
    caller.lever("/requests", "DELETE")
    caller.rest("/user", ("emma@acme.test", token["secret"]))
    caller.rest("/user", ("emma@acme.test", "ATATcanary-secret"))
    caller.rest("/workspaces/acme", cookies={"sessionid": "canary-cookie"})
    report = caller.lever("/requests", "GET")
    rows = {(one["route"], one["credential"]): one["statuses"] for one in report["routes"]}
    assert rows["/2.0/user", f"api_token/emma/{token['id']}"] == {"200": 1}
    assert rows["/2.0/user", "unknown"] == {"401": 1}
    assert report["total"] == 3
    assert [one["status"] for one in report["recent"]] == [200, 401, 200]
    for hidden in (token["secret"], "canary-secret", "canary-cookie", "emma@acme.test"):
        assert hidden not in str(report)


def test_many_at_once_are_all_counted(caller: Caller) -> None:
    caller.lever("/requests", "DELETE")
    threads = [threading.Thread(target=caller.rest, args=("/user",)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert caller.lever("/requests", "GET")["total"] == 20
