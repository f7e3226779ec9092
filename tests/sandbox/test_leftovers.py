"""What one leaver leaves behind: runs, variables, runners, schedules, rules, reviewers."""

from datetime import timedelta
from typing import Any

from tests.sandbox.helper import Caller


def reader(caller: Caller, *scopes: str) -> tuple[str, str]:
    """A token of an administrator's."""
    return "revoke-bot@acme.test", caller.token(*scopes, account="revoke-bot")["secret"]


def values(caller: Caller, path: str, *scopes: str, **parameters: str) -> list[dict[str, Any]]:
    """The first page of a listing."""
    found: list[dict[str, Any]] = caller.rest(path, reader(caller, *scopes), params=parameters).json()["values"]
    return found


def test_the_newest_run_is_lees_of_yesterday_evening(shared: Caller) -> None:
    newest = values(shared, "/repositories/acme/web/pipelines", "read:pipeline", sort="-created_on")[0]
    yesterday = (shared.running.world.store.epoch - timedelta(days=1)).strftime("%Y-%m-%d")
    assert newest["creator"]["display_name"] == "Lee"
    assert newest["created_on"].startswith(f"{yesterday}T22:14")
    lee = newest["creator"]["uuid"]
    mine = values(shared, "/repositories/acme/web/pipelines", "read:pipeline", **{"creator.uuid": lee})
    assert [one["uuid"] for one in mine] == [newest["uuid"]]
    assert len(values(shared, "/repositories/acme/web/pipelines", "read:pipeline")) == 4
    assert values(shared, "/repositories/acme/docs/pipelines", "read:pipeline") == []


def test_secured_variables_have_no_value_anywhere(shared: Caller) -> None:
    web = "/repositories/acme/web"
    paths = [f"{web}/pipelines_config/variables", "/workspaces/acme/pipelines-config/variables"]
    places = [one["uuid"] for one in values(shared, f"{web}/environments", "read:pipeline")]
    paths += [f"{web}/deployments_config/environments/{uuid}/variables" for uuid in places]
    assert len(paths) == 4
    for path in paths:
        plain, secured = values(shared, path, "read:pipeline")
        assert (plain["secured"], secured["secured"]) == (False, True)
        assert plain["value"]
        assert "value" not in secured
    unknown = f"{web}/deployments_config/environments/{{nothing}}/variables"
    assert shared.rest(unknown, reader(shared, "read:pipeline")).status_code == 404


def test_lee_is_named_in_a_rule_and_as_reviewer(shared: Caller) -> None:
    rules = values(shared, "/repositories/acme/web/branch-restrictions", "admin:repository", kind="push")
    assert [[user["nickname"] for user in one["users"]] for one in rules] == [["lee"]]
    assert [one["slug"] for one in rules[0]["groups"]] == ["maintainers"]
    reviewers = values(shared, "/repositories/acme/api/default-reviewers", "read:pullrequest")
    assert [one["nickname"] for one in reviewers] == ["lee"]
    [project] = values(shared, "/workspaces/acme/projects/LABS/default-reviewers", "read:pullrequest")
    assert (project["reviewer_type"], project["user"]["nickname"]) == ("project", "lee")


def test_runners_schedules_and_the_pipelines_own_key(shared: Caller) -> None:
    place = "/repositories/acme/infrastructure"
    [runner] = values(shared, "/workspaces/acme/pipelines-config/runners", "read:runner")
    assert (runner["name"], runner["state"]["status"]) == ("acme-linux-1", "ONLINE")
    assert len(values(shared, f"{place}/pipelines-config/runners", "read:runner")) == 1
    [schedule] = values(shared, f"{place}/pipelines_config/schedules", "read:pipeline")
    assert schedule["enabled"] is True
    auth = reader(shared, "read:pipeline")
    pair = shared.rest(f"{place}/pipelines_config/ssh/key_pair", auth).json()
    assert pair["public_key"].startswith("ssh-ed25519 ")
    assert "private_key" not in pair
    assert shared.rest("/repositories/acme/web/pipelines_config/ssh/key_pair", auth).status_code == 404


def test_members_see_neither_runners_nor_the_workspaces_variables(shared: Caller) -> None:
    emma = ("emma@acme.test", shared.token("read:pipeline", "read:runner")["secret"])
    for path in ("pipelines-config/variables", "pipelines-config/runners"):
        assert shared.rest(f"/workspaces/acme/{path}", emma).status_code == 403
    assert shared.rest("/repositories/acme/web/pipelines-config/runners", emma).status_code == 403
    assert shared.rest("/repositories/acme/web/pipelines", emma).status_code == 200
