"""The addresses of the REST API, with the scopes they demand in the classic and the API-token dialect.

The scopes are those of Bitbucket's official OpenAPI document (`security` and `x-atlassian-oauth2-scopes`); a
contract test compares them.
"""

from sandbox import rest, rest_automation, rest_projects, rest_pull_requests, rest_repositories
from sandbox.context import Handler, Route
from sandbox.explicit import Holder, Level
from sandbox.rest_deploy_keys import Keys
from sandbox.rest_permissions import Permissions

_ACCOUNT = ("account",)
_WORKSPACE = ("read:workspace:bitbucket",)
_REPOSITORY = ("read:repository:bitbucket",)
_USER = ("read:user:bitbucket",)
_PROJECT = ("read:project:bitbucket",)
_PULL_REQUEST = ("read:pullrequest:bitbucket",)
_RUNNER = ("read:runner:bitbucket",)
_IN_REPOSITORY = "/repositories/<workspace>/<repository>"
_IN_PROJECT = "/workspaces/<workspace>/projects/<project_key>"


def _mine(path: str, handler: Handler, classic: tuple[str, ...], api_token: tuple[str, ...]) -> Route:
    return Route("GET", f"/2.0{path}", handler, "rest", classic, api_token, is_personal=True)


def _read(path: str, handler: Handler, classic: tuple[str, ...], api_token: tuple[str, ...]) -> Route:
    return Route("GET", f"/2.0{path}", handler, "rest", classic, api_token)


def _pipeline(path: str, handler: Handler) -> Route:
    return _read(path, handler, ("pipeline",), ("read:pipeline:bitbucket",))


def _removed(path: str, handler: Handler) -> Route:
    return Route("*", f"/2.0{path}", handler, "rest", is_anonymous_allowed=True)


def _permissions(level: Level, holder: Holder) -> tuple[Route, ...]:
    """Give the four routes of one kind of explicit permission; no access token may ask or change any."""
    where = _IN_REPOSITORY if level == "repository" else _IN_PROJECT
    listing, one, put, delete = Permissions(level, holder).handlers()
    every = f"/2.0{where}/permissions-config/{holder}"
    single = f"{every}/<{'group_slug' if holder == 'groups' else 'selected_user_id'}>"
    classic, read, admin = (f"{level}:admin",), f"read:{level}:bitbucket", f"admin:{level}:bitbucket"
    return (
        Route("GET", every, listing, "rest", classic, (read,), is_personal=True),
        Route("GET", single, one, "rest", classic, (read,), is_personal=True),
        Route("PUT", single, put, "rest", classic, (admin, "write:permission:bitbucket"), is_personal=True),
        Route("DELETE", single, delete, "rest", classic, (admin, "delete:permission:bitbucket"), is_personal=True),
    )


def _keys(level: Level) -> tuple[Route, ...]:
    """Give the routes of the deploy keys of repositories or projects; access tokens only read them."""
    where = _IN_REPOSITORY if level == "repository" else _IN_PROJECT
    listing, post, one, delete = Keys(level).handlers()
    every, classic, admin = f"/2.0{where}/deploy-keys", (level, f"{level}:admin"), f"admin:{level}:bitbucket"
    return (
        Route("GET", every, listing, "rest", classic, (admin,)),
        Route("POST", every, post, "rest", classic, (admin, "write:ssh-key:bitbucket"), is_personal=True),
        Route("GET", f"{every}/<key_id>", one, "rest", classic, (admin,)),
        Route(
            "DELETE",
            f"{every}/<key_id>",
            delete,
            "rest",
            classic,
            (admin, "delete:ssh-key:bitbucket"),
            is_personal=True,
        ),
    )


_AUTOMATION = (
    _read(
        f"{_IN_REPOSITORY}/branch-restrictions",
        rest_automation.branch_restrictions,
        ("repository:admin",),
        ("admin:repository:bitbucket",),
    ),
    _read(f"{_IN_REPOSITORY}/default-reviewers", rest_automation.default_reviewers, ("pullrequest",), _PULL_REQUEST),
    _read(
        f"{_IN_PROJECT}/default-reviewers", rest_automation.project_default_reviewers, ("project:admin",), _PULL_REQUEST
    ),
    _read(f"{_IN_REPOSITORY}/pullrequests", rest_pull_requests.pull_requests, ("pullrequest",), _PULL_REQUEST),
    _read(
        "/workspaces/<workspace>/pullrequests/<selected_user>",
        rest_pull_requests.pull_requests_of,
        ("pullrequest",),
        _PULL_REQUEST,
    ),
    _pipeline(f"{_IN_REPOSITORY}/pipelines", rest_automation.pipelines),
    _pipeline(f"{_IN_REPOSITORY}/pipelines_config/variables", rest_automation.repository_variables),
    _pipeline(f"{_IN_REPOSITORY}/environments", rest_automation.environments),
    _pipeline(
        f"{_IN_REPOSITORY}/deployments_config/environments/<environment_uuid>/variables",
        rest_automation.environment_variables,
    ),
    _pipeline("/workspaces/<workspace>/pipelines-config/variables", rest_automation.workspace_variables),
    _pipeline(f"{_IN_REPOSITORY}/pipelines_config/schedules", rest_automation.schedules),
    _pipeline(f"{_IN_REPOSITORY}/pipelines_config/ssh/key_pair", rest_automation.ssh_key_pair),
    _read("/workspaces/<workspace>/pipelines-config/runners", rest_automation.workspace_runners, ("runner",), _RUNNER),
    _read(f"{_IN_REPOSITORY}/pipelines-config/runners", rest_automation.repository_runners, ("runner",), _RUNNER),
)

REST = (
    _mine("/user", rest.current_user, _ACCOUNT, _USER),
    _mine("/user/emails", rest.emails, ("email",), _USER),
    _mine("/user/workspaces", rest.my_workspaces, _ACCOUNT, _WORKSPACE),
    _mine("/user/workspaces/<workspace>/permission", rest.my_permission, _ACCOUNT, _WORKSPACE),
    _mine(
        "/user/workspaces/<workspace>/permissions/repositories",
        rest_repositories.my_repository_permissions,
        ("account", "repository"),
        _REPOSITORY,
    ),
    _mine("/users/<selected_user>/ssh-keys", rest.ssh_keys, _ACCOUNT, ("read:ssh-key:bitbucket",)),
    _mine("/users/<selected_user>/gpg-keys", rest.gpg_keys, _ACCOUNT, ("read:gpg-key:bitbucket",)),
    _read("/workspaces/<workspace>", rest.one_workspace, (), _WORKSPACE),
    _read("/workspaces/<workspace>/members", rest.members, _ACCOUNT, _WORKSPACE),
    _read("/workspaces/<workspace>/members/<member>", rest.one_member, _ACCOUNT, _WORKSPACE),
    _read("/workspaces/<workspace>/permissions", rest.permissions, _ACCOUNT, _WORKSPACE),
    _read(
        "/workspaces/<workspace>/permissions/repositories",
        rest_repositories.repository_permissions,
        _ACCOUNT,
        _REPOSITORY,
    ),
    _mine(
        "/workspaces/<workspace>/permissions/repositories/<repository>",
        rest_repositories.permissions_of_repository,
        ("repository",),
        _REPOSITORY,
    ),
    _read("/repositories/<workspace>", rest_repositories.repositories, ("repository",), _REPOSITORY),
    _read("/repositories/<workspace>/<repository>", rest_repositories.one_repository, ("repository",), _REPOSITORY),
    _read("/workspaces/<workspace>/projects", rest_projects.projects, ("project",), _PROJECT),
    _read(_IN_PROJECT, rest_projects.one_project, ("project",), _PROJECT),
    *_permissions("repository", "users"),
    *_permissions("repository", "groups"),
    *_permissions("project", "users"),
    *_permissions("project", "groups"),
    *_keys("repository"),
    *_keys("project"),
    *_AUTOMATION,
)

REMOVED = (
    _removed("/workspaces", rest.withdrawn),
    _removed("/repositories", rest.withdrawn),
    _removed("/user/permissions/workspaces", rest.withdrawn),
    _removed("/user/permissions/repositories", rest.withdrawn),
    _removed("/repositories/<workspace>/<repository>/issues", rest.without_tracker),
    _removed("/repositories/<workspace>/<repository>/issues/<path:rest>", rest.without_tracker),
    _removed("/repositories/<workspace>/<repository>/wiki", rest.without_tracker),
    _removed("/repositories/<workspace>/<repository>/wiki/<path:rest>", rest.without_tracker),
)
