"""The organisation's APIs: listings, deletion, lifecycle, keys."""

import pytest

from tests.sandbox.helper import Caller


def tokens_of(caller: Caller, key: str) -> str:
    """The path of a person's tokens."""
    return f"/users/{caller.account_id(key)}/manage/api-tokens"


def test_one_persons_tokens_without_their_scopes(caller: Caller) -> None:
    made = caller.token("read:repository")
    [entry] = caller.organisation("GET", tokens_of(caller, "emma")).json()
    assert (entry["id"], entry["label"]) == (made["id"], "unicorn")
    assert set(entry) == {"id", "label", "createdAt", "expiry"}
    caller.rest("/user", ("emma@acme.test", made["secret"]))
    assert "lastAccess" in caller.organisation("GET", tokens_of(caller, "emma")).json()[0]


def test_deleting_ends_the_token_and_takes_it_out_of_both_listings(caller: Caller) -> None:
    made = caller.token("read:user")
    auth = ("emma@acme.test", made["secret"])
    assert caller.rest("/user", auth).status_code == 200
    path = f"{tokens_of(caller, 'emma')}/{made['id']}"
    assert caller.organisation("DELETE", path).status_code == 204
    assert caller.rest("/user", auth).status_code == 401
    assert caller.organisation("GET", tokens_of(caller, "emma")).json() == []
    assert caller.listing(q="unicorn").json()["data"] == []
    assert caller.organisation("DELETE", path).status_code == 404


def test_a_token_is_not_deleted_through_another_person(caller: Caller) -> None:
    made = caller.token("read:user")
    assert caller.organisation("DELETE", f"{tokens_of(caller, 'lee')}/{made['id']}").status_code == 404
    assert caller.rest("/user", ("emma@acme.test", made["secret"])).status_code == 200


def test_scoped_key_is_refused_by_the_user_management_api_naming_a_scope(caller: Caller) -> None:
    answer = caller.organisation("GET", tokens_of(caller, "emma"), "audit")
    assert answer.status_code == 403
    assert "manage:org" in answer.text
    assert caller.listing("audit").status_code == caller.listing("revoke").status_code == 200


def test_no_key_and_an_unknown_key_are_401(caller: Caller) -> None:
    assert caller.organisation("GET", tokens_of(caller, "emma"), "nonsense").status_code == 401
    assert caller.anonymous(tokens_of(caller, "emma")).status_code == 401
    assert caller.listing("nonsense").status_code == 401


def test_unmanaged_and_unknown_accounts(caller: Caller) -> None:
    assert caller.organisation("GET", tokens_of(caller, "sam")).status_code == 403
    assert caller.organisation("GET", "/users/712020:nobody/manage/api-tokens").status_code == 404
    caller.token("read:user", account="sam")
    assert caller.listing(q="sam@elsewhere.test").json()["data"] == []


def test_listing_pages_by_cursor_with_the_same_parameters(caller: Caller) -> None:
    seen, parameters = [], {"pageSize": "7", "sort": "createdAt"}
    page = caller.listing(**parameters)
    while True:
        body = page.json()
        seen += [one["id"] for one in body["data"]]
        if "next" not in body["links"]:
            break
        page = caller.organisation("GET", body["links"]["next"].removeprefix(caller.url), "audit")
    assert len(seen) == len(set(seen)) == 25 + 6
    assert caller.listing().json()["links"].get("next")
    cursor = caller.listing(**parameters).json()["links"]["next"].rpartition("cursor=")[2]
    assert caller.listing(cursor=cursor).status_code == 400


def test_listing_searches_label_name_and_address(caller: Caller) -> None:
    made = caller.token("read:repository")
    for text in ("UNIC", "emma", "emma@acme"):
        assert [one["id"] for one in caller.listing(q=text).json()["data"]] == [made["id"]]
    [entry] = caller.listing(q="unicorn").json()["data"]
    assert entry["scopes"] == ["read:repository:bitbucket"]
    assert entry["user"]["id"] == caller.account_id("emma")
    assert entry["status"] == "ALLOWED"


def test_listing_may_leave_scopes_out_and_lag(caller: Caller) -> None:
    caller.lever("/switches", listing_carries_scopes=False)
    assert "scopes" not in caller.listing().json()["data"][0]
    caller.token("read:user")
    caller.lever("/switches", listing_lag_seconds=60)
    assert caller.listing(q="unicorn").json()["data"] == []
    caller.lever("/clock", ahead_seconds=61)
    assert len(caller.listing(q="unicorn").json()["data"]) == 1


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"sort": "colour"}, "INVALID_SORT"),
        ({"pageSize": "1001"}, "INVALID_PAGE_SIZE"),
        ({"pageSize": "0"}, "INVALID_PAGE_SIZE"),
    ],
)
def test_listing_refuses_what_it_does_not_know(caller: Caller, parameters: dict[str, str], code: str) -> None:
    answer = caller.listing(**parameters)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == code


def test_count(caller: Caller) -> None:
    path = f"/admin/api-access/v1/orgs/{caller.environment['ATLASSIAN_ORG_ID']}/api-tokens/count"
    assert caller.organisation("GET", path, "audit").json() == 31


def test_nothing_ends_every_token_of_the_organisation(caller: Caller) -> None:
    path = f"/admin/api-access/v1/orgs/{caller.environment['ATLASSIAN_ORG_ID']}/api-tokens"
    assert caller.organisation("DELETE", path).status_code == 405
    assert len(caller.listing(pageSize="100").json()["data"]) == 31


def test_lifecycle_switches_off_and_on_and_tells_so(caller: Caller) -> None:
    manage = f"/users/{caller.account_id('lee')}/manage"
    assert caller.organisation("GET", manage).json()["lifecycle.enablement"] == {"allowed": True}
    assert caller.organisation("POST", f"{manage}/lifecycle/disable", json={"message": "left"}).status_code == 204
    assert caller.organisation("GET", f"{manage}/profile").json()["account"]["account_status"] == "inactive"
    assert len(caller.organisation("GET", f"{manage}/api-tokens").json()) == 4
    caller.lever("/switches", disabled_listing_answers=False)
    assert caller.organisation("GET", f"{manage}/api-tokens").status_code == 404
    assert caller.organisation("POST", f"{manage}/lifecycle/enable").status_code == 204
    assert len(caller.organisation("GET", f"{manage}/api-tokens").json()) == 4


def test_directory_managed_account_cannot_be_switched_off(caller: Caller) -> None:
    caller.lever("/accounts/lee", directory="scim")
    manage = f"/users/{caller.account_id('lee')}/manage"
    rule = caller.organisation("GET", manage).json()["lifecycle.enablement"]
    assert rule == {"allowed": False, "reason": {"key": "externalDirectory.scim"}}
    answer = caller.organisation("POST", f"{manage}/lifecycle/disable")
    assert (answer.status_code, answer.json()["key"]) == (403, "forbidden.action")


def test_limit_headers_come_with_every_answer(caller: Caller) -> None:
    headers = caller.listing().headers
    assert headers["X-RateLimit-Limit"] == "1000"
    assert headers["X-RateLimit-Remaining"] == "999"
    assert headers["X-RateLimit-Reset"].endswith("Z")
