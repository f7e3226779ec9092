"""Explicit permissions: who holds what by which way, and what follows from it."""

from typing import Any

import pytest

from tests.sandbox.helper import Caller

RIGHTS = "/workspaces/acme/permissions/repositories"
CHANGES = ("read:repository", "admin:repository", "write:permission", "delete:permission")


def changer(caller: Caller, person: str = "revoke-bot", *more: str) -> tuple[str, str]:
    """A token that may change permissions."""
    return f"{person}@acme.test", caller.token(*CHANGES, *more, account=person)["secret"]


def everything(caller: Caller, path: str) -> list[dict[str, Any]]:
    """Every value of a listing, page by page."""
    found: list[dict[str, Any]] = []
    address: str | None = f"{path}{'&' if '?' in path else '?'}pagelen=100"
    while address:
        body = caller.rest(address).json()
        found += body["values"]
        address = body["next"].removeprefix(f"{caller.url}/2.0") if "next" in body else None
    return found


def reach(caller: Caller, person: str, slug: str) -> str:
    """The effective right on one repository, as the listing for administrators tells it."""
    query = f'?q=user.account_id="{caller.account_id(person)}"'
    rows = {one["repository"]["name"]: one["permission"] for one in everything(caller, RIGHTS + query)}
    return str(rows.get(slug, "none"))


def test_what_lee_reaches_is_what_groups_projects_and_grants_give(shared: Caller) -> None:
    lee, found = shared.account_id("lee"), {"read": 0, "write": 0}
    truth = shared.lever("/grants", "GET")["workspaces"]["acme"]
    groups = {slug for slug, one in truth["groups"].items() if lee in one["members"]}
    strength = {"read": 1, "write": 2, "create-repo": 2, "admin": 3}
    for one in truth["repositories"].values():
        places = (one, truth["projects"][one["project"]])
        given = [place["users"].get(lee) for place in places]
        given += [right for place in places for slug, right in place["groups"].items() if slug in groups]
        best = max((strength[right] for right in given if right), default=0)
        if best:
            found["write" if best > 1 else "read"] += 1
    assert found == {"read": 120, "write": 60}
    assert len(groups) == 2
    assert sum(lee in one["users"] for one in truth["repositories"].values()) > 60
    assert {"create-repo", "read"} == {one["users"][lee] for one in truth["projects"].values() if lee in one["users"]}


def test_the_listing_is_the_truth_and_knows_no_query(shared: Caller) -> None:
    truth = shared.lever("/grants", "GET")["workspaces"]["acme"]
    for kind, places, where in (
        ("repositories", truth["repositories"], "/repositories/acme"),
        ("projects", truth["projects"], "/workspaces/acme/projects"),
    ):
        for name in list(places)[:3]:
            path = f"{where}/{name}/permissions-config"
            users = {one["user"]["account_id"]: one["permission"] for one in everything(shared, f"{path}/users")}
            groups = {one["group"]["slug"]: one["permission"] for one in everything(shared, f"{path}/groups")}
            assert (kind, users, groups) == (kind, places[name]["users"], places[name]["groups"])
    path = "/repositories/acme/web/permissions-config/users"
    assert shared.rest(path, params={"q": 'permission="nothing"'}).json()["size"] == 2


def test_setting_and_taking_a_grant_leaves_what_the_group_gives(shared: Caller) -> None:
    auth, lee = changer(shared), shared.account_id("lee")
    path = f"/repositories/acme/docs/permissions-config/users/{lee}"
    assert shared.rest(path, auth).status_code == 404
    answer = shared.rest(path, auth, "PUT", json={"permission": "admin"})
    assert (answer.status_code, answer.json()["permission"]) == (200, "admin")
    assert reach(shared, "lee", "docs") == "admin"
    assert shared.rest(path, auth, "DELETE").status_code == 204
    assert shared.rest(path, auth, "DELETE").status_code == 404
    assert reach(shared, "lee", "docs") == "write", "through the group Builders"


def test_a_groups_grant_reaches_its_members(shared: Caller) -> None:
    auth = changer(shared, "revoke-bot", "read:project", "admin:project")
    member = shared.running.world.account("member-2")
    assert member is not None
    path = "/repositories/acme/pricing/permissions-config/groups/contractors"
    assert reach(shared, "member-2", "pricing") == "none"
    assert shared.rest(path, auth, "PUT", json={"permission": "write"}).json()["group"]["slug"] == "contractors"
    assert reach(shared, "member-2", "pricing") == "write"
    assert shared.rest(path, auth, "DELETE").status_code == 204
    project = "/workspaces/acme/projects/DATA/permissions-config/groups/contractors"
    assert shared.rest(project, auth, "PUT", json={"permission": "create-repo"}).status_code == 200
    assert reach(shared, "member-2", "mobile") == "write", "who may create repositories writes those that are there"
    assert shared.rest(project, auth, "DELETE").status_code == 204
    assert reach(shared, "member-2", "mobile") == "none"


@pytest.mark.parametrize(
    ("who", "body", "status"),
    [
        ("emma", {"permission": "owner"}, 400),
        ("emma", {}, 400),
        ("emma", {"permission": "none"}, 400),
        ("ada", {"permission": "read"}, 400),
        ("member-1", {"permission": "read"}, 400),
    ],
)
def test_who_and_what_cannot_be_granted(shared: Caller, who: str, body: dict[str, str], status: int) -> None:
    path = f"/repositories/acme/search/permissions-config/users/{shared.account_id(who)}"
    assert shared.rest(path, changer(shared), "PUT", json=body).status_code == status


def test_unknown_people_groups_and_places_are_404(shared: Caller) -> None:
    auth = changer(shared)
    for name in ("repositories/acme/web", "repositories/acme/nowhere", "workspaces/acme/projects/NONE"):
        for rest in ("users/712020:nobody", "groups/nobody"):
            path = f"/{name}/permissions-config/{rest}"
            assert shared.rest(path).status_code == 404
    assert shared.rest("/repositories/acme/web/permissions-config/users/lee", auth, "DELETE").status_code == 404


def test_only_administrators_read_and_only_api_tokens_change(shared: Caller) -> None:
    path = "/repositories/acme/billing/permissions-config/users"
    emma = ("emma@acme.test", shared.token(*CHANGES)["secret"])
    assert shared.rest(path, emma).status_code == 403
    ada = ("ada@acme.test", shared.token(*CHANGES, account="ada")["secret"])
    assert shared.rest(path, ada).status_code == 404
    assert shared.rest(path, changer(shared, "aria")).status_code == 200, "Aria administers the first twenty"
    shared.lever("/consumer", scopes=["account", "email", "repository", "repository:admin"])
    access = shared.oauth_tokens("aria")["access_token"]
    one = f"{path}/{shared.account_id('lee')}"
    assert shared.bearer(path, access).status_code == 200
    assert shared.bearer(one, access, "PUT", json={"permission": "read"}).status_code == 403
    assert shared.bearer(one, access, "DELETE").status_code == 403


def test_an_absent_grant_may_also_be_read_as_none(caller: Caller) -> None:
    path = f"/repositories/acme/web/permissions-config/users/{caller.account_id('otto')}"
    assert caller.rest(path).status_code == 404
    caller.lever("/switches", missing_grant_is_none=True)
    assert caller.rest(path).json()["permission"] == "none"
    assert caller.rest("/repositories/acme/web/permissions-config/groups/contractors").json()["permission"] == "none"
    assert caller.rest("/repositories/acme/web/permissions-config/users/712020:nobody").status_code == 404


def test_grants_of_somebody_without_a_seat_open_nothing_and_are_told_by_switch(caller: Caller) -> None:
    path = f"/repositories/acme/web/permissions-config/users/{caller.account_id('lee')}"
    caller.lever("/workspaces/acme/members/lee", permission="none")
    assert reach(caller, "lee", "web") == "none"
    assert caller.rest(path).status_code == 404
    caller.lever("/switches", grants_survive_seat=True)
    assert caller.rest(path).json()["permission"] == "write"


def test_ending_a_persons_reach_by_lever_changes_nobody_elses(caller: Caller) -> None:
    def rows() -> dict[tuple[str, str], str]:
        return {
            (one["user"]["display_name"], one["repository"]["name"]): one["permission"]
            for one in everything(caller, RIGHTS)
        }

    caller.lever("/workspaces/acme/groups/reviewers", members=["aria", "member-2"])
    before = rows()
    for slug, person in (("web", "aria"), ("web", "emma"), ("web", "lee"), ("search", "lee")):
        caller.lever(f"/workspaces/acme/repositories/{slug}/{person}", permission="none")
    now = rows()
    gone = {key: right for key, right in before.items() if key not in now}
    lees = {("Lee", "web"): "write", ("Lee", "search"): "write"}
    assert gone == {("Aria", "web"): "admin", ("Emma", "web"): "write"} | lees
    assert {key: right for key, right in now.items() if before[key] != right} == {}


def test_projects_are_seen_by_who_reaches_something_in_them(shared: Caller) -> None:
    assert [one["key"] for one in everything(shared, "/workspaces/acme/projects")][:2] == ["PROD", "PLAT"]
    member = ("member-2@acme.test", shared.token("read:project", account="member-2")["secret"])
    keys = {one["key"] for one in shared.rest("/workspaces/acme/projects", member).json()["values"]}
    assert "PROD" in keys
    ada = ("ada@acme.test", shared.token("read:project", account="ada")["secret"])
    assert shared.rest("/workspaces/acme/projects", ada).status_code == 404
    assert shared.rest("/workspaces/acme/projects/PROD", ada).status_code == 404
