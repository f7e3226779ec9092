"""Deploy keys of repositories and projects, and access tokens that read them."""

from sandbox.deploy_keys import public_key
from tests.sandbox.helper import Caller

WEB = "/repositories/acme/web/deploy-keys"
SCOPES = ("admin:repository", "write:ssh-key", "delete:ssh-key", "admin:project")


def keeper(caller: Caller) -> tuple[str, str]:
    """A token that may add and delete keys."""
    return "revoke-bot@acme.test", caller.token(*SCOPES, account="revoke-bot")["secret"]


def test_the_demos_own_keys(shared: Caller) -> None:
    [web] = shared.rest(WEB).json()["values"]
    assert (web["label"], web["owner"]["display_name"]) == ("web deploy", "Lee")
    assert web["key"].startswith("ssh-ed25519 AAAA")
    [old] = shared.rest("/repositories/acme/infrastructure/deploy-keys").json()["values"]
    assert old["added_on"] < old["last_used"] < web["added_on"]
    [orphan] = shared.rest("/repositories/acme/payments/deploy-keys").json()["values"]
    assert "owner" not in orphan
    [project] = shared.rest("/workspaces/acme/projects/PROD/deploy-keys").json()["values"]
    assert (project["type"], project["last_used"], project["project"]["key"]) == ("project_deploy_key", None, "PROD")
    assert "created_by" not in project
    [known] = shared.rest("/workspaces/acme/projects/DATA/deploy-keys").json()["values"]
    assert known["created_by"]["display_name"] == "Aria"


def test_a_deleted_owner_may_be_null(caller: Caller) -> None:
    caller.lever("/switches", deleted_owner_is_null=True)
    assert caller.rest("/repositories/acme/payments/deploy-keys").json()["values"][0]["owner"] is None


def test_adding_reading_and_deleting(shared: Caller) -> None:
    auth, path = keeper(shared), "/repositories/acme/docs/deploy-keys"
    sent = {"key": f"{public_key('mine')} me@laptop", "label": "bcp-7K2QXM"}
    made = shared.rest(path, auth, "POST", json=sent).json()
    assert (made["comment"], made["owner"]["nickname"], made["last_used"]) == ("me@laptop", "revoke-bot", None)
    again = shared.rest(path, auth, "POST", json=sent)
    assert (again.status_code, again.json()["type"]) == (400, "error")
    assert shared.rest(f"{path}/{made['id']}").json()["label"] == "bcp-7K2QXM"
    assert shared.rest(f"/repositories/acme/api/deploy-keys/{made['id']}").status_code == 404
    assert shared.rest(f"{path}/{made['id']}", auth, "DELETE").status_code == 204
    assert shared.rest(f"{path}/{made['id']}", auth, "DELETE").status_code == 404
    assert shared.rest(path).json()["values"] == []


def test_a_key_of_an_account_and_no_key_at_all_are_refused(shared: Caller) -> None:
    account_key = shared.running.world.ssh_keys[0].key
    for text in (account_key, f"{account_key} with a comment", "", "ssh-ed25519", "hello world"):
        answer = shared.rest(WEB, keeper(shared), "POST", json={"key": text, "label": "x"})
        assert answer.status_code == 400
        assert "SSH key" in answer.json()["error"]["message"]
    assert shared.rest(WEB, keeper(shared), "POST").status_code == 400


def test_listing_wants_the_scope_to_administer_and_an_administrator(shared: Caller) -> None:
    reader = ("revoke-bot@acme.test", shared.token("read:repository", account="revoke-bot")["secret"])
    assert shared.rest(WEB, reader).status_code == 403
    emma = ("emma@acme.test", shared.token("admin:repository")["secret"])
    assert shared.rest(WEB, emma).status_code == 403


def test_levers_make_use_and_drop_keys(shared: Caller) -> None:
    path = "/workspaces/acme/repositories/billing/deploy-keys"
    made = shared.lever(path, label="agent", owner="emma", age_days=40, last_used_days=3)
    listed = shared.rest("/repositories/acme/billing/deploy-keys").json()["values"]
    assert [(one["id"], one["owner"]["display_name"]) for one in listed] == [(made["id"], "Emma")]
    used = shared.lever(f"/workspaces/acme/deploy-keys/{made['id']}", last_used_days=0, owner="")
    assert used["last_used"] > made["last_used"]
    assert used["owner"] is None
    shared.lever(f"/workspaces/acme/deploy-keys/{made['id']}", "DELETE")
    assert shared.rest("/repositories/acme/billing/deploy-keys").json()["size"] == 0
    key = shared.lever("/workspaces/acme/projects/LABS/deploy-keys", label="images")
    assert key in shared.lever("/grants", "GET")["workspaces"]["acme"]["projects"]["LABS"]["deploy_keys"]


def test_a_workspace_access_token_reads_all_but_permissions(caller: Caller) -> None:
    scopes = ["account", "project", "project:admin", "repository", "repository:admin"]
    secret = caller.lever("/access-tokens", name="inventory", scopes=scopes)["secret"]
    readable = ("/workspaces/acme/projects", "/repositories/acme", "/workspaces/acme/members", WEB)
    for path in (*readable, "/workspaces/acme/projects/PROD/deploy-keys"):
        answer = caller.bearer(path, secret)
        assert (path, answer.status_code) == (path, 200)
        assert "X-RateLimit-Limit" not in answer.headers
    for path in ("/workspaces/acme/permissions", "/workspaces/acme/permissions/repositories"):
        assert caller.bearer(path, secret).status_code == 403
    for holder in ("users", "groups"):
        assert caller.bearer(f"/repositories/acme/web/permissions-config/{holder}", secret).status_code == 403
        assert caller.bearer(f"/workspaces/acme/projects/PROD/permissions-config/{holder}", secret).status_code == 403


def test_an_access_token_may_have_a_limit_of_its_own(caller: Caller) -> None:
    secret = caller.lever("/access-tokens", name="inventory", scopes=["repository"])["secret"]
    caller.lever("/switches", access_token_limit=3)
    answers = [caller.bearer("/repositories/acme", secret) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert {one.headers["X-RateLimit-Limit"] for one in answers} == {"3"}
    assert "X-RateLimit-Limit" not in caller.rest("/repositories/acme").headers


def test_a_repositorys_token_reads_its_own_keys_only(caller: Caller) -> None:
    scopes = ["repository", "repository:admin", "project", "project:admin"]
    secret = caller.lever("/access-tokens", name="build", repository="web", scopes=scopes)["secret"]
    assert caller.bearer(WEB, secret).status_code == 200
    assert caller.bearer("/repositories/acme/api/deploy-keys", secret).status_code == 404
    assert caller.bearer("/workspaces/acme/projects/PROD/deploy-keys", secret).status_code == 403
