"""Lee has one of everything that an offboarding meets; a numbered member has what most leavers have."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.model import RANK
from sandbox.options import Options
from sandbox.world import World
from tests.sandbox.helper import Caller


def space(caller: Caller) -> dict[str, Any]:
    """What stands in the workspace."""
    found: dict[str, Any] = caller.lever("/grants", "GET")["workspaces"]["acme"]
    return found


def test_lee_has_tokens_of_every_sort(shared: Caller) -> None:
    mine = shared.running.world.tokens_of(shared.account_id("lee"))
    sorts = {one.label: one.scopes for one in mine}
    for_bitbucket = {label for label, scopes in sorts.items() if any(name.endswith(":bitbucket") for name in scopes)}
    assert for_bitbucket == {"laptop", "old build server"}
    assert sorts["board export"] == ("read:jira-work",)
    assert sorts["issue import"] == (), "nobody can say which product it opens"


def test_lee_has_ssh_and_gpg_keys_that_only_lee_lists(shared: Caller) -> None:
    lee = shared.account_id("lee")
    auth = ("lee@acme.test", shared.token("read:ssh-key", "read:gpg-key", account="lee")["secret"])
    assert len(shared.rest(f"/users/{lee}/ssh-keys", auth).json()["values"]) == 2
    [key] = shared.rest(f"/users/{lee}/gpg-keys", auth).json()["values"]
    assert key["fingerprint"].endswith(key["key_id"])
    assert "key" not in key
    emma = ("emma@acme.test", shared.token("read:gpg-key")["secret"])
    assert shared.rest(f"/users/{lee}/gpg-keys", emma).status_code == 403
    assert shared.rest(f"/users/{shared.account_id('emma')}/gpg-keys", emma).json()["values"] == []


def test_lee_added_a_key_to_a_repository_and_one_to_a_project(shared: Caller) -> None:
    lee, acme = shared.account_id("lee"), space(shared)
    for level in ("repositories", "projects"):
        owned = [key["label"] for one in acme[level].values() for key in one["deploy_keys"] if key["owner"] == lee]
        assert owned, level


def test_lee_alone_administers_one_repository(shared: Caller) -> None:
    lee, acme = shared.account_id("lee"), space(shared)
    alone = [
        slug
        for slug, one in acme["repositories"].items()
        if [name for name, right in one["users"].items() if right == "admin"] == [lee]
        and "admin" not in one["groups"].values()
        and "admin" not in acme["projects"][one["project"]]["groups"].values()
        and "admin" not in acme["projects"][one["project"]]["users"].values()
    ]
    assert len(alone) == 1


def test_lee_reaches_by_name_by_group_and_by_project(shared: Caller) -> None:
    lee, acme = shared.account_id("lee"), space(shared)
    assert any(lee in one["users"] for one in acme["repositories"].values())
    assert any(lee in one["users"] for one in acme["projects"].values())
    assert {slug for slug, one in acme["groups"].items() if lee in one["members"]} == {"engineering", "builders"}
    rights = shared.running.world.workspaces["acme"].rights_of(lee)
    assert (len(rights), sum(RANK[right] > 1 for right in rights.values())) == (180, 60)


def test_pull_requests_wait_for_lee_and_one_is_lees(shared: Caller) -> None:
    auth = ("aria@acme.test", shared.token("read:pullrequest", account="aria")["secret"])
    lee = shared.uuid("lee")
    found = {
        slug: shared.rest(
            f"/repositories/acme/{slug}/pullrequests", auth, params={"q": f'reviewers.uuid="{lee}"'}
        ).json()["values"]
        for slug in ("web", "api")
    }
    assert {slug: [one["id"] for one in page] for slug, page in found.items()} == {"web": [41], "api": [17]}
    assert not any("reviewers" in one for page in found.values() for one in page), "left out unless asked for"
    [own] = shared.rest(f"/workspaces/acme/pullrequests/{lee}", auth).json()["values"]
    assert own["author"]["nickname"] == "lee"
    whole = shared.rest(
        "/repositories/acme/web/pullrequests", auth, params={"fields": "+values.reviewers", "state": "OPEN"}
    ).json()["values"]
    assert [[person["nickname"] for person in one["reviewers"]] for one in whole] == [["lee"], ["emma"]]
    merged = shared.rest("/repositories/acme/web/pullrequests", auth, params={"state": "MERGED"})
    assert merged.json()["values"] == []


@pytest.mark.parametrize(
    "parameters",
    [{"pagelen": "51"}, {"q": 'reviewers.uuid="x" AND title="y"'}, {"q": 'reviewers.nickname="lee"'}, {"q": "title ="}],
)
def test_what_a_listing_of_pull_requests_refuses(parameters: dict[str, str], shared: Caller) -> None:
    answer = shared.rest("/repositories/acme/web/pullrequests", params=parameters)
    assert answer.status_code == 400


def test_an_author_s_pull_requests_where_the_caller_reaches_them(shared: Caller) -> None:
    lee = shared.uuid("lee")
    ada = ("ada@acme.test", shared.token("read:pullrequest", account="ada")["secret"])
    assert shared.rest(f"/workspaces/acme/pullrequests/{lee}", ada).status_code == 404
    member = ("member-5@acme.test", shared.token("read:pullrequest", account="member-5")["secret"])
    assert shared.rest(f"/workspaces/acme/pullrequests/{lee}", member).json()["values"] == []
    assert shared.rest("/workspaces/acme/pullrequests/lee").status_code == 404


def test_the_median_member_has_a_token_grants_and_runs() -> None:
    world = World(Options())
    acme = world.workspaces["acme"]
    members = [one.account_id for key in range(1, 37) if (one := world.account(f"member-{key}"))]
    runs = [run for every in acme.automation.pipelines.values() for run in every]
    with_token = [one for one in members if world.tokens_of(one)]
    with_grants = [
        one for one in members if any(one in acme.grants.on("repository", "users", r.uuid) for r in acme.repositories)
    ]
    lately = world.store.epoch - timedelta(days=30)
    with_runs = {run.creator for run in runs if run.created_at > lately} & set(members)
    assert len(members) == 36
    for some in (with_token, with_grants, with_runs):
        assert len(some) > len(members) / 2
    for run in runs:
        if run.creator in members:
            place = next(one for one in acme.repositories if run in acme.automation.pipelines.get(one.uuid, []))
            assert RANK[acme.permission(run.creator, place)] >= RANK["write"]
