"""Access tokens of repositories, projects and workspaces: who makes them, what they open, how they end."""

from pathlib import Path

import pytest

from tests.sandbox.gitclient import Git
from tests.sandbox.helper import Caller, form_values, shown_secret
from tests.sandbox.test_pages import day

REPOSITORY = "/acme/web/admin/access-tokens"
PROJECT = "/acme/workspace/projects/PROD/settings/access-tokens"
WORKSPACE = "/acme/workspace/settings/access-tokens"
PAGES = {"repo_access_token": REPOSITORY, "project_access_token": PROJECT, "workspace_access_token": WORKSPACE}
USER = "x-token-auth"


def administrator(caller: Caller) -> None:
    """Sign in as somebody who administers acme/web, its project and the workspace."""
    caller.lever("/workspaces/acme/members/aria", permission="owner")
    caller.sign_in("aria")


def made_on(caller: Caller, page: str, *scopes: str) -> str:
    """Fill in the form of a page; gives the secret that is shown."""
    fields = form_values(caller.page(page).text)
    shown = caller.send_form(page, **fields, label="ci", expires_on=day(90), scope=list(scopes))
    assert shown.headers["Cache-Control"] == "no-store"
    return shown_secret(shown.text)


def only_token(caller: Caller) -> dict[str, str]:
    """The one access token there is, as the lever tells it."""
    [token] = caller.lever("/access-tokens", "GET")
    told: dict[str, str] = token
    return told


@pytest.mark.parametrize("kind", PAGES)
def test_made_on_its_page_told_by_its_headers_and_revoked_there(caller: Caller, kind: str) -> None:
    administrator(caller)
    secret = made_on(caller, PAGES[kind], "pullrequest", "repository")
    answer = caller.bearer("/user", secret)
    assert (answer.status_code, answer.headers["x-credential-type"]) == (403, kind)
    assert answer.headers["x-oauth-scopes"] == "pullrequest, repository"
    assert caller.bearer("/repositories/acme/web", secret).status_code == 200

    listed = caller.page(PAGES[kind]).text
    assert 'data-token-label="ci"' in listed
    assert secret not in listed
    token = only_token(caller)
    assert secret not in token.values()
    form_token = form_values(listed)["form_token"]
    for other in set(PAGES.values()) - {PAGES[kind]}:
        assert "data-token-label" not in caller.page(other).text
        caller.send_form(f"{other}/{token['id']}/revoke", form_token=form_token)
    assert caller.bearer("/user", secret).status_code == 403
    caller.send_form(f"{PAGES[kind]}/{token['id']}/revoke", form_token=form_token)
    assert caller.bearer("/user", secret).status_code == 401


@pytest.mark.parametrize(
    ("kind", "offered", "refused"),
    [
        ("repo_access_token", {"repository", "runner:write"}, {"project", "project:admin", "account"}),
        ("project_access_token", {"repository", "project"}, {"project:admin", "account"}),
        ("workspace_access_token", {"repository", "project", "project:admin", "account"}, {"account:write", "email"}),
    ],
)
def test_each_kind_offers_its_own_scopes_and_takes_no_other(
    caller: Caller, kind: str, offered: set[str], refused: set[str]
) -> None:
    administrator(caller)
    form = caller.page(PAGES[kind]).text
    assert {scope for scope in offered | refused if f'value="{scope}"' in form} == offered
    fields = form_values(form)
    for scope in refused:
        sent = fields | {"label": "ci", "expires_on": day(90), "scope": scope}
        fields = form_values(caller.send_form(PAGES[kind], **sent).text)
    assert caller.lever("/access-tokens", "GET") == []


def test_the_demos_administrators(shared: Caller) -> None:
    """Aria has the repository and its project; the workspace belongs to somebody who is not of the cast."""
    status = {"aria": (200, 200, 403), "emma": (403, 403, 403), "lee": (403, 403, 403), "ada": (404, 404, 404)}
    for person, expected in status.items():
        shared.sign_in(person)
        assert tuple(shared.page(page).status_code for page in PAGES.values()) == expected, person
    shared.sign_in("aria")
    assert shared.page("/acme/workspace/projects/PLAT/settings/access-tokens").status_code == 403
    assert shared.page("/acme/workspace/projects/NONE/settings/access-tokens").status_code == 404


def test_a_project_token_opens_its_project_and_the_repositories_in_it(caller: Caller) -> None:
    scopes = ["project", "project:admin", "repository", "repository:admin"]
    secret = caller.lever("/access-tokens", name="ci", project="PROD", scopes=scopes)["secret"]
    listed = caller.bearer("/repositories/acme?pagelen=100", secret).json()["values"]
    inside = [
        one.full_name for one in caller.running.world.workspaces["acme"].repositories if one.project_key == "PROD"
    ]
    assert [one["full_name"] for one in listed] == inside
    status = {
        "/repositories/acme/web": 200,
        "/repositories/acme/api": 404,
        "/repositories/acme/web/deploy-keys": 200,
        "/workspaces/acme/projects/PROD": 200,
        "/workspaces/acme/projects/PROD/deploy-keys": 200,
        "/workspaces/acme/projects/PLAT": 404,
        "/workspaces/acme/projects/PLAT/deploy-keys": 404,
        "/repositories/sidecar/notes": 404,
    }
    assert {path: caller.bearer(path, secret).status_code for path in status} == status
    assert [one["key"] for one in caller.bearer("/workspaces/acme/projects", secret).json()["values"]] == ["PROD"]


def test_a_project_token_follows_its_project(caller: Caller) -> None:
    caller.lever("/workspaces/acme/projects", key="NEW")
    caller.lever("/workspaces/acme/repositories", slug="inside", project="NEW")
    secret = caller.lever("/access-tokens", name="ci", project="NEW", scopes=["repository"])["secret"]
    caller.lever("/workspaces/acme/projects/NEW", key="NEWER")
    assert caller.bearer("/repositories/acme/inside", secret).status_code == 200
    caller.lever("/workspaces/acme/repositories/inside", project="PROD")
    assert caller.bearer("/repositories/acme/inside", secret).status_code == 404
    caller.lever("/workspaces/acme/projects/NEWER", "DELETE")
    assert caller.bearer("/repositories/acme/inside", secret).status_code == 401


def test_a_workspace_token_opens_its_workspace_only(caller: Caller) -> None:
    scopes = ["account", "project", "project:admin", "repository", "runner"]
    secret = caller.lever("/access-tokens", name="ci", scopes=scopes)["secret"]
    status = {
        "/repositories/acme/web": 200,
        "/workspaces/acme/projects/PLAT": 200,
        "/workspaces/acme/pipelines-config/runners": 200,
        "/workspaces/acme/permissions": 403,
        "/workspaces/acme/permissions/repositories": 403,
        "/workspaces/sidecar": 404,
        "/repositories/sidecar/notes": 404,
    }
    assert {path: caller.bearer(path, secret).status_code for path in status} == status
    asked = caller.bearer('/workspaces/acme/members?q=user.email="emma@acme.test"', secret).json()["values"]
    assert [one["user"]["display_name"] for one in asked] == ["Emma"]


def test_only_the_workspaces_own_token_reads_what_its_administrators_read(caller: Caller) -> None:
    for place in ({"repository": "web"}, {"project": "PROD"}):
        secret = caller.lever("/access-tokens", name="ci", scopes=["runner", "pipeline"], **place)["secret"]
        assert caller.bearer("/workspaces/acme/pipelines-config/runners", secret).status_code == 403
        assert caller.bearer("/repositories/acme/web/pipelines", secret).status_code == 200


def test_no_access_token_changes_deploy_keys(caller: Caller) -> None:
    scopes = ["repository", "repository:admin"]
    path = "/repositories/acme/web/deploy-keys"
    secret = caller.lever("/access-tokens", name="ci", repository="web", scopes=scopes)["secret"]
    [key] = caller.bearer(path, secret).json()["values"]
    assert caller.bearer(path, secret, "POST", json={"key": "ssh-ed25519 AAAA", "label": "x"}).status_code == 403
    assert caller.bearer(f"{path}/{key['id']}", secret, "DELETE").status_code == 403


@pytest.mark.parametrize("place", [{"repository": "web"}, {"project": "PROD"}, {}], ids=str)
def test_git_over_https_within_scope_and_reach_until_it_ends(
    caller: Caller, tmp_path: Path, place: dict[str, str]
) -> None:
    git = Git(tmp_path, caller.url)
    reads = caller.lever("/access-tokens", name="ci", scopes=["repository"], **place)
    writes = caller.lever("/access-tokens", name="release", scopes=["repository:write"], **place)
    assert git.clone(USER, reads["secret"]).returncode == 0
    assert git.clone(USER, reads["secret"], "acme/api").returncode == (128 if place else 0)
    assert git.clone(USER, reads["secret"], "sidecar/notes").returncode == 128
    assert "required privilege scopes" in git.push(USER, reads["secret"]).stderr
    assert git.push(USER, writes["secret"], text="release\n").returncode == 0
    fetch = ("ls-remote", f"{caller.url}/acme/web.git")
    caller.lever(f"/access-tokens/{reads['id']}/expire")
    assert "Token is invalid" in git.run(*fetch, user=USER, secret=reads["secret"]).stderr
    caller.lever(f"/access-tokens/{writes['id']}", "DELETE")
    assert "Token is invalid" in git.run(*fetch, user=USER, secret=writes["secret"]).stderr
    for ended in (reads, writes):
        assert caller.bearer("/user", ended["secret"]).status_code == 401
    assert [one["id"] for one in caller.lever("/access-tokens", "GET")] == [reads["id"]]
