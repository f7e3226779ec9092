"""Levers on projects, repositories and groups, and what a restart keeps of them."""

import json
from pathlib import Path

import pytest
import requests

from sandbox.server import start
from tests.sandbox.helper import Caller


def refused(caller: Caller, path: str, **body: str) -> int:
    """The status of a lever that does not move."""
    return requests.post(f"{caller.url}/_sandbox{path}", json=body, timeout=5, proxies={"http": ""}).status_code


def test_a_repository_is_made_renamed_moved_and_dropped(shared: Caller) -> None:
    made = shared.lever("/workspaces/acme/repositories", slug="fresh", project="LABS")
    shared.lever("/workspaces/acme/repositories/fresh/users/emma", permission="write")
    shared.lever("/workspaces/acme/repositories/fresh/deploy-keys", label="key")
    token = shared.lever("/access-tokens", name="ci", repository="fresh", scopes=["repository"])["secret"]
    shared.lever("/workspaces/acme/repositories/fresh", slug="fresher", project="PROD")
    found = shared.rest("/repositories/acme/fresher").json()
    assert (found["uuid"], found["project"]["key"]) == (made["uuid"], "PROD")
    assert shared.rest("/repositories/acme/fresh").status_code == 404
    assert shared.rest("/repositories/acme/fresher/permissions-config/users").json()["size"] == 1
    assert shared.bearer("/repositories/acme/fresher", token).status_code == 200
    assert refused(shared, "/workspaces/acme/repositories/fresher", slug="web") == 400
    shared.lever("/workspaces/acme/repositories/fresher", "DELETE")
    assert shared.rest("/repositories/acme/fresher").status_code == 404
    assert shared.bearer("/repositories/acme", token).status_code == 401
    assert shared.rest("/repositories/acme").json()["size"] == 230


def test_a_project_is_made_renamed_and_dropped_when_empty(shared: Caller) -> None:
    shared.lever("/workspaces/acme/projects", key="NEW", name="New")
    shared.lever("/workspaces/acme/repositories", slug="inside", project="NEW")
    shared.lever("/workspaces/acme/projects/NEW/users/emma", permission="read")
    shared.lever("/workspaces/acme/projects/NEW", key="NEWER")
    assert shared.rest("/repositories/acme/inside").json()["project"]["key"] == "NEWER"
    assert shared.rest("/workspaces/acme/projects/NEW").status_code == 404
    assert shared.rest("/workspaces/acme/projects/NEWER/permissions-config/users").json()["size"] == 1
    assert refused(shared, "/workspaces/acme/projects", key="PROD") == 400
    answer = requests.delete(f"{shared.url}/_sandbox/workspaces/acme/projects/NEWER", timeout=5, proxies={"http": ""})
    assert answer.status_code == 400
    shared.lever("/workspaces/acme/repositories/inside", "DELETE")
    shared.lever("/workspaces/acme/projects/NEWER", "DELETE")
    assert shared.rest("/workspaces/acme/projects").json()["size"] == 6


def test_a_group_carries_its_grant_to_new_members_until_it_is_dropped(shared: Caller) -> None:
    auth = ("member-4@acme.test", shared.token("read:repository", account="member-4")["secret"])
    shared.lever("/workspaces/acme/groups/night-shift", name="Night shift", members=[])
    shared.lever("/workspaces/acme/repositories/service-225/groups/night-shift", permission="read")
    assert shared.rest("/repositories/acme/service-225", auth).status_code == 404
    shared.lever("/workspaces/acme/groups/night-shift", members=["member-4"])
    assert shared.rest("/repositories/acme/service-225", auth).status_code == 200
    shared.lever("/workspaces/acme/groups/night-shift", "DELETE")
    assert shared.rest("/repositories/acme/service-225", auth).status_code == 404
    assert shared.rest("/repositories/acme/service-225/permissions-config/groups").json()["values"][0:] == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/workspaces/acme/repositories/web/users/emma", {"permission": "create-repo"}, 400),
        ("/workspaces/acme/projects/PROD/users/emma", {"permission": "owner"}, 400),
        ("/workspaces/acme/repositories/web/groups/nobody", {"permission": "read"}, 404),
        ("/workspaces/acme/repositories/nowhere/users/emma", {"permission": "read"}, 404),
        ("/workspaces/acme/repositories", {"slug": "x", "project": "NONE"}, 404),
        ("/workspaces/acme/repositories/web/deploy-keys", {"owner": "nobody"}, 404),
    ],
)
def test_levers_tell_what_they_do_not_know(shared: Caller, path: str, body: dict[str, str], status: int) -> None:
    assert refused(shared, path, **body) == status


def test_what_was_granted_and_made_survives_a_restart(tmp_path: Path) -> None:
    with start(members=3, state=tmp_path) as running:
        caller = Caller(running)
        caller.lever("/workspaces/acme/repositories/web/users/emma", permission="admin")
        caller.lever("/workspaces/acme/repositories", slug="fresh", project="LABS")
        caller.lever("/workspaces/acme/groups/new", members=["aria"])
        caller.lever("/workspaces/acme/projects/DATA/groups/new", permission="admin")
        caller.lever("/workspaces/acme/repositories/docs/deploy-keys", label="kept", owner="lee", last_used_days=9)
        token = caller.token("read:user", account="lee")["id"]
        caller.lever(f"/tokens/{token}", last_access_days=99)
        caller.lever("/accounts/aria", suspended=True)
        seeded = running.world.tokens_of(caller.account_id("lee"))[-1].id
        caller.lever(f"/tokens/{seeded}/scopes", scopes=["read:user"])
        truth, events = caller.lever("/grants", "GET"), running.world.events.everything()
    with start(members=3, state=tmp_path) as again:
        caller = Caller(again)
        assert caller.lever("/grants", "GET") == truth
        assert again.world.events.everything() == events
        assert again.world.accounts[caller.account_id("aria")].suspended
        caller.lever(f"/tokens/{seeded}", "DELETE")
    with start(members=3, state=tmp_path) as third:
        assert seeded not in third.world.api_tokens


def test_a_state_of_the_first_form_is_still_read(tmp_path: Path) -> None:
    with start(members=3, state=tmp_path) as running:
        Caller(running).token("read:user")
    file = tmp_path / "state.json"
    kept = json.loads(file.read_text())
    del kept["version"], kept["events"], kept["shape"]["leaver_repositories"]
    emma = next(one for one in kept["accounts"] if "emma" in one)
    for values in kept["accounts"].values():
        del values["suspended"]
    rows = {"web": "admin", "api": "none"}
    kept["workspaces"] = {
        slug: {
            "seats": one["seats"],
            "overrides": [{"account": emma, "slug": name, "permission": right} for name, right in rows.items()],
        }
        for slug, one in kept["workspaces"].items()
    }
    file.write_text(json.dumps(kept))
    with start(members=3, state=tmp_path) as again:
        acme, ids = again.world.workspaces["acme"], {}
        for name in rows:
            repository = acme.repository(name)
            assert repository is not None
            ids[name] = acme.permission(emma, repository)
        assert ids == rows
        assert len(acme.rights_of(emma)) == 213


def test_lees_part_is_a_parameter() -> None:
    with start(members=2, tokens=0, repositories=120, leaver_repositories=30) as running:
        caller, acme = Caller(running), running.world.workspaces["acme"]
        rights = acme.rights_of(caller.account_id("lee"))
        assert (len(rights), sum(one == "write" for one in rights.values())) == (30, 10)
        assert len(acme.rights_of(caller.account_id("emma"))) == round(120 * 214 / 230)
    with start(members=2, tokens=0, repositories=50, leaver_repositories=90) as running:
        acme = running.world.workspaces["acme"]
        assert len(acme.rights_of(Caller(running).account_id("lee"))) == 50
