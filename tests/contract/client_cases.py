"""Which documented operation each call of the client is, and the API-token scopes it is said to need."""

from typing import NamedTuple


class Case(NamedTuple):
    """One call: the operation as the document names it, and the scopes without their suffix."""

    method: str
    template: str
    scopes: tuple[str, ...]

    @property
    def name(self) -> str:
        """As the catalogue names the operation."""
        return f"{self.method} {self.template}"

    @property
    def api_token_scopes(self) -> set[str]:
        """The scopes as Bitbucket spells them."""
        return {f"{scope}:bitbucket" for scope in self.scopes}


_REPOSITORY = "/repositories/{workspace}/{repo_slug}"
_PROJECT = "/workspaces/{workspace}/projects/{project_key}"
_USERS, _GROUPS = "/permissions-config/users", "/permissions-config/groups"
_USER, _GROUP = f"{_USERS}/{{selected_user_id}}", f"{_GROUPS}/{{group_slug}}"


def _get(template: str, *scopes: str) -> Case:
    return Case("GET", template, scopes)


def _delete(template: str, *scopes: str) -> Case:
    return Case("DELETE", template, scopes)


def _post(template: str, *scopes: str) -> Case:
    return Case("POST", template, scopes)


CASES: dict[str, Case] = {
    "current_user": _get("/user", "read:user"),
    "emails": _get("/user/emails", "read:user"),
    "my_workspaces": _get("/user/workspaces", "read:workspace"),
    "first_workspaces": _get("/user/workspaces", "read:workspace"),
    "my_role": _get("/user/workspaces/{workspace}/permission", "read:workspace"),
    "my_repository_permissions": _get("/user/workspaces/{workspace}/permissions/repositories", "read:repository"),
    "first_repository_permissions": _get("/user/workspaces/{workspace}/permissions/repositories", "read:repository"),
    "workspace": _get("/workspaces/{workspace}", "read:workspace"),
    "opens_workspace": _get("/workspaces/{workspace}", "read:workspace"),
    "opens_project": _get(_PROJECT, "read:project"),
    "opens_repository": _get(_REPOSITORY, "read:repository"),
    "members": _get("/workspaces/{workspace}/members", "read:workspace"),
    "member": _get("/workspaces/{workspace}/members/{member}", "read:workspace"),
    "workspace_permissions": _get("/workspaces/{workspace}/permissions", "read:workspace"),
    "first_workspace_permissions": _get("/workspaces/{workspace}/permissions", "read:workspace"),
    "repository_permissions": _get("/workspaces/{workspace}/permissions/repositories", "read:repository"),
    "permissions_of_repository": _get(
        "/workspaces/{workspace}/permissions/repositories/{repo_slug}", "read:repository"
    ),
    "projects": _get("/workspaces/{workspace}/projects", "read:project"),
    "repositories": _get("/repositories/{workspace}", "read:repository"),
    "repository_user_grants": _get(_REPOSITORY + _USERS, "read:repository"),
    "repository_group_grants": _get(_REPOSITORY + _GROUPS, "read:repository"),
    "project_user_grants": _get(_PROJECT + _USERS, "read:project"),
    "project_group_grants": _get(_PROJECT + _GROUPS, "read:project"),
    "repository_user_grant": _get(_REPOSITORY + _USER, "read:repository"),
    "project_user_grant": _get(_PROJECT + _USER, "read:project"),
    "delete_repository_user_grant": _delete(_REPOSITORY + _USER, "admin:repository", "delete:permission"),
    "delete_repository_group_grant": _delete(_REPOSITORY + _GROUP, "admin:repository", "delete:permission"),
    "delete_project_user_grant": _delete(_PROJECT + _USER, "admin:project", "delete:permission"),
    "delete_project_group_grant": _delete(_PROJECT + _GROUP, "admin:project", "delete:permission"),
    "repository_deploy_keys": _get(f"{_REPOSITORY}/deploy-keys", "admin:repository"),
    "project_deploy_keys": _get(f"{_PROJECT}/deploy-keys", "admin:project"),
    "repository_deploy_key": _get(f"{_REPOSITORY}/deploy-keys/{{key_id}}", "admin:repository"),
    "project_deploy_key": _get(f"{_PROJECT}/deploy-keys/{{key_id}}", "admin:project"),
    "add_repository_deploy_key": _post(f"{_REPOSITORY}/deploy-keys", "admin:repository", "write:ssh-key"),
    "add_project_deploy_key": _post(f"{_PROJECT}/deploy-keys", "admin:project", "write:ssh-key"),
    "delete_repository_deploy_key": _delete(
        f"{_REPOSITORY}/deploy-keys/{{key_id}}", "admin:repository", "delete:ssh-key"
    ),
    "delete_project_deploy_key": _delete(f"{_PROJECT}/deploy-keys/{{key_id}}", "admin:project", "delete:ssh-key"),
    "branch_restrictions": _get(f"{_REPOSITORY}/branch-restrictions", "admin:repository"),
    "repository_default_reviewers": _get(f"{_REPOSITORY}/default-reviewers", "read:pullrequest"),
    "project_default_reviewers": _get(f"{_PROJECT}/default-reviewers", "read:pullrequest"),
    "pipelines": _get(f"{_REPOSITORY}/pipelines", "read:pipeline"),
    "repository_variables": _get(f"{_REPOSITORY}/pipelines_config/variables", "read:pipeline"),
    "workspace_variables": _get("/workspaces/{workspace}/pipelines-config/variables", "read:pipeline"),
    "deployment_environments": _get(f"{_REPOSITORY}/environments", "read:pipeline"),
    "deployment_variables": _get(
        f"{_REPOSITORY}/deployments_config/environments/{{environment_uuid}}/variables", "read:pipeline"
    ),
    "repository_runners": _get(f"{_REPOSITORY}/pipelines-config/runners", "read:runner"),
    "workspace_runners": _get("/workspaces/{workspace}/pipelines-config/runners", "read:runner"),
    "schedules": _get(f"{_REPOSITORY}/pipelines_config/schedules", "read:pipeline"),
    "pipelines_ssh_key": _get(f"{_REPOSITORY}/pipelines_config/ssh/key_pair", "read:pipeline"),
    "pull_requests_to_review": _get(f"{_REPOSITORY}/pullrequests", "read:pullrequest"),
    "pull_requests_of_author": _get("/workspaces/{workspace}/pullrequests/{selected_user}", "read:pullrequest"),
}

# Arguments that a call may also be given, so that every query parameter it can send is seen once.
FULL: dict[str, dict[str, str | int]] = {
    "repositories": {"role": "admin"},
    "repository_permissions": {"user_uuid": "{e}"},
    "pipelines": {"creator_uuid": "{e}", "pages_at_most": 2},
    "pull_requests_to_review": {"pages_at_most": 2},
    "pull_requests_of_author": {"pages_at_most": 2},
}
