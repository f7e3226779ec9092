"""REST: people, workspaces, rights, pages of values."""

import pytest

from tests.sandbox.helper import Caller

RIGHTS = "/workspaces/acme/permissions/repositories"


def person(caller: Caller, key: str) -> tuple[str, str]:
    """A credential of one of the cast that reads everything."""
    scopes = ("read:user", "read:workspace", "read:repository")
    return f"{key}@acme.test", caller.token(*scopes, account=key)["secret"]


def test_emails_tell_whether_the_address_is_confirmed(caller: Caller) -> None:
    auth = person(caller, "emma")
    [address] = caller.rest("/user/emails", auth).json()["values"]
    assert (address["email"], address["is_primary"], address["is_confirmed"]) == ("emma@acme.test", True, True)
    caller.lever("/accounts/emma", email_confirmed=False)
    assert caller.rest("/user/emails", auth).json()["values"][0]["is_confirmed"] is False


def test_workspace_by_slug_and_by_uuid_is_the_same(caller: Caller) -> None:
    uuid = caller.environment["BITBUCKET_WORKSPACES"]
    assert caller.rest("/workspaces/acme").json() == caller.rest(f"/workspaces/{uuid}").json()
    assert caller.rest("/workspaces/nowhere").status_code == 404


@pytest.mark.parametrize("key", ["ada", "otto"])
def test_admin_and_auditor_of_the_portal_have_no_seat(caller: Caller, key: str) -> None:
    auth = person(caller, key)
    assert caller.rest("/user/workspaces", auth).json()["values"] == []
    assert caller.rest("/user/workspaces/acme/permission", auth).status_code == 403
    assert caller.rest("/workspaces/acme", auth).status_code == 404
    assert caller.rest(f"/workspaces/acme/members/{caller.account_id(key)}").status_code == 404


def test_seat_and_its_level(caller: Caller) -> None:
    assert caller.rest("/user/workspaces/acme/permission", person(caller, "emma")).json()["permission"] == "member"
    assert caller.rest("/user/workspaces/acme/permission").json()["permission"] == "owner"
    found = caller.rest("/user/workspaces?administrator=true", person(caller, "emma")).json()["values"]
    assert found == []


def test_member_by_account_id_and_uuid_until_the_seat_is_taken_away(caller: Caller) -> None:
    account = caller.running.world.account("emma")
    assert account is not None
    paths = [f"/workspaces/acme/members/{name}" for name in (account.account_id, account.uuid)]
    assert [caller.rest(path).status_code for path in paths] == [200, 200]
    caller.lever("/workspaces/acme/members/emma", permission="none")
    assert [caller.rest(path).status_code for path in paths] == [404, 404]
    assert caller.rest("/workspaces/acme", person(caller, "emma")).status_code == 404


def test_members_are_found_by_address_by_administrators_only(caller: Caller) -> None:
    query = {"q": 'user.email IN ("emma@acme.test", "lee@acme.test")'}
    values = caller.rest("/workspaces/acme/members", params=query).json()["values"]
    assert {one["user"]["display_name"] for one in values} == {"Emma", "Lee"}
    assert "email" not in values[0]["user"]
    assert caller.rest("/workspaces/acme/members", person(caller, "emma"), params=query).status_code == 403
    many = ", ".join(f'"p{number}@acme.test"' for number in range(91))
    assert caller.rest("/workspaces/acme/members", params={"q": f"user.email IN ({many})"}).status_code == 400


def test_permissions_filter_by_level(caller: Caller) -> None:
    values = caller.rest("/workspaces/acme/permissions", params={"q": 'permission="owner"'}).json()["values"]
    assert {one["user"]["display_name"] for one in values} == {"Audit Bot", "Revoke Bot", "Member 1"}


def test_emma_reaches_214_repositories_and_writes_88(caller: Caller) -> None:
    mine = f'user.account_id="{caller.account_id("emma")}"'
    assert caller.rest(RIGHTS, params={"q": mine}).json()["size"] == 214
    assert caller.rest(RIGHTS, params={"q": f'{mine} AND permission>"read"'}).json()["size"] == 88
    account = caller.running.world.account("emma")
    assert account is not None
    rows = caller.rest(RIGHTS, params={"q": f'user.uuid="{account.uuid}"', "pagelen": 100}).json()
    assert {one["user"]["account_id"] for one in rows["values"]} == {account.account_id}


def test_effective_rights_are_for_administrators(caller: Caller) -> None:
    assert caller.rest(RIGHTS, person(caller, "emma")).status_code == 403
    own = caller.rest("/user/workspaces/acme/permissions/repositories", person(caller, "emma"))
    assert own.json()["size"] == 214


def test_the_filter_on_a_person_may_be_ignored_or_refused(caller: Caller) -> None:
    query = {"q": f'user.account_id="{caller.account_id("emma")}"'}
    everything = caller.rest(RIGHTS).json()["size"]
    caller.lever("/switches", user_filter="ignored")
    assert caller.rest(RIGHTS, params=query).json()["size"] == everything > 214
    caller.lever("/switches", user_filter="refused")
    assert caller.rest(RIGHTS, params=query).status_code == 400


def test_a_right_can_be_set_and_taken(caller: Caller) -> None:
    auth = person(caller, "emma")
    assert caller.rest("/repositories/acme/web", auth).status_code == 200
    caller.lever("/workspaces/acme/repositories/web/emma", permission="none")
    assert caller.rest("/repositories/acme/web", auth).status_code == 404
    assert caller.rest("/repositories/acme", auth).json()["size"] == 213


def test_pages_follow_next_to_the_end_and_hold_every_value_once(caller: Caller) -> None:
    auth, seen, address = person(caller, "emma"), [], "/repositories/acme?pagelen=100"
    while address:
        page = caller.rest(address, auth).json()
        seen += [one["uuid"] for one in page["values"]]
        address = page.get("next", "").removeprefix(f"{caller.url}/2.0")
    assert len(seen) == len(set(seen)) == 214


@pytest.mark.parametrize(
    ("asked", "status", "length"), [("1", 200, 10), ("100", 200, 100), ("101", 400, 0), ("x", 400, 0)]
)
def test_a_page_has_10_to_100_values(caller: Caller, asked: str, status: int, length: int) -> None:
    answer = caller.rest("/repositories/acme", params={"pagelen": asked})
    assert answer.status_code == status
    assert len(answer.json().get("values", [])) == length


def test_role_narrows_the_repositories(caller: Caller) -> None:
    answer = caller.rest("/repositories/acme", person(caller, "emma"), params={"role": "contributor"})
    assert answer.json()["size"] == 88


@pytest.mark.parametrize("query", ["name=", "name ~", '(name="a"', 'name="a" and', "name ?? 3", 'name IN "a"'])
def test_a_query_that_cannot_be_read_is_400(caller: Caller, query: str) -> None:
    assert caller.rest("/repositories/acme", params={"q": query}).status_code == 400


def test_query_and_sort(caller: Caller) -> None:
    query = {"q": 'name ~ "API" OR (name IN ("web", "docs") AND is_private = true)', "sort": "-name"}
    names = [one["name"] for one in caller.rest("/repositories/acme", params=query).json()["values"]]
    assert names == ["web", "docs", "api"]


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/workspaces", "CHANGE-2770"),
        ("/repositories", "CHANGE-2770"),
        ("/user/permissions/workspaces", "CHANGE-2770"),
        ("/user/permissions/repositories", "CHANGE-2770"),
        ("/repositories/acme/web/issues", "CHANGE-3401"),
        ("/repositories/acme/web/issues/1/comments", "CHANGE-3401"),
        ("/repositories/acme/web/wiki/src", "CHANGE-3401"),
    ],
)
def test_removed_endpoints_are_410_and_name_their_change(caller: Caller, path: str, change: str) -> None:
    answer = caller.rest(path)
    error = answer.json()["error"]
    assert answer.status_code == 410
    assert error["message"].startswith(change)
    assert error["data"]["announcement_url"].endswith(change)


def test_own_ssh_keys_only_and_oauth_by_switch(caller: Caller) -> None:
    mine = f"/users/{caller.account_id('emma')}/ssh-keys"
    auth = ("emma@acme.test", caller.token("read:ssh-key")["secret"])
    assert [one["label"] for one in caller.rest(mine, auth).json()["values"]] == ["laptop"]
    assert caller.rest(f"/users/{caller.account_id('lee')}/ssh-keys", auth).status_code == 403
    access = caller.oauth_tokens()["access_token"]
    assert caller.bearer(mine, access).status_code == 403
    caller.lever("/switches", oauth_lists_ssh_keys=True)
    assert caller.bearer(mine, access).status_code == 200


def test_another_host_name_is_not_served(caller: Caller) -> None:
    assert caller.anonymous("/_sandbox/world", headers={"Host": "attacker.test"}).status_code == 400


def test_levers_take_json_only(caller: Caller) -> None:
    answer = caller.browser.post(f"{caller.url}/_sandbox/switches", data={"basic_checks_email": "false"}, timeout=5)
    assert answer.status_code == 400
    assert caller.lever("/switches", "GET")["basic_checks_email"] is True


def test_no_lever_moves_for_a_form_of_another_page(caller: Caller) -> None:
    token = caller.token("read:user")
    for path in ("/reset", f"/tokens/{token['id']}/expire"):
        assert caller.browser.post(f"{caller.url}/_sandbox{path}", data="x", timeout=5).status_code == 400
    assert caller.rest("/user", ("emma@acme.test", token["secret"])).status_code == 200
