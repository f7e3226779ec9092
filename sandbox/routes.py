"""Every address that is served. REST rows declare the scopes they demand, in the classic and the API-token dialect.

The scopes are those of Bitbucket's official OpenAPI document (`security` and `x-atlassian-oauth2-scopes`); a
contract test compares them.
"""

from sandbox import (
    admin,
    admin_listing,
    control,
    control_people,
    git_http,
    oauth,
    rest,
    rest_repositories,
    web,
    web_repositories,
    web_session,
    web_tokens,
)
from sandbox.context import Handler, Route

_ACCOUNT = ("account",)
_WORKSPACE = ("read:workspace:bitbucket",)
_REPOSITORY = ("read:repository:bitbucket",)
_USER = ("read:user:bitbucket",)


def _mine(path: str, handler: Handler, classic: tuple[str, ...], api_token: tuple[str, ...]) -> Route:
    return Route("GET", f"/2.0{path}", handler, "rest", classic, api_token, is_personal=True)


def _read(path: str, handler: Handler, classic: tuple[str, ...], api_token: tuple[str, ...]) -> Route:
    return Route("GET", f"/2.0{path}", handler, "rest", classic, api_token)


def _removed(path: str, handler: Handler) -> Route:
    return Route("*", f"/2.0{path}", handler, "rest", is_anonymous_allowed=True)


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
    _read("/repositories/<workspace>", rest_repositories.repositories, ("repository",), _REPOSITORY),
    _read("/repositories/<workspace>/<repository>", rest_repositories.one_repository, ("repository",), _REPOSITORY),
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

_MANAGE = "/users/<account_id>/manage"
_TOKENS = "/admin/api-access/v1/orgs/<org_id>/api-tokens"
_READ_TOKENS = ("read:tokens:admin",)

ADMIN = (
    Route("GET", _MANAGE, admin.manage, "admin"),
    Route("GET", f"{_MANAGE}/profile", admin.profile, "admin"),
    Route("GET", f"{_MANAGE}/api-tokens", admin.user_tokens, "admin"),
    Route("DELETE", f"{_MANAGE}/api-tokens/<token_id>", admin.delete_user_token, "admin"),
    Route("POST", f"{_MANAGE}/lifecycle/disable", admin.disable, "admin"),
    Route("POST", f"{_MANAGE}/lifecycle/enable", admin.enable, "admin"),
    Route("GET", _TOKENS, admin_listing.listing, "admin", api_token=_READ_TOKENS),
    Route("GET", f"{_TOKENS}/count", admin_listing.count, "admin", api_token=_READ_TOKENS),
)

OAUTH = (
    Route("GET", "/site/oauth2/authorize", oauth.authorize_form, "oauth"),
    Route("POST", "/site/oauth2/authorize", oauth.authorize, "oauth"),
    Route("POST", "/site/oauth2/access_token", oauth.access_token, "oauth"),
)

_GIT = "/<workspace>/<repository>.git"
GIT = (
    Route("GET", f"{_GIT}/info/refs", git_http.info_refs, "git"),
    Route("POST", f"{_GIT}/<any('git-upload-pack', 'git-receive-pack'):name>", git_http.service, "git"),
)

_ACCESS_TOKENS = "/<workspace>/<repository>/admin/access-tokens"


def _page(path: str, show: Handler, send: Handler | None = None) -> list[Route]:
    """Give the routes of a page; a POST to a page without a form of its own is the person picker's."""
    return [Route("GET", path, show, "web"), Route("POST", path, send or show, "web")]


WEB = (
    Route("GET", "/", web.home, "web"),
    *_page("/account/settings/", web.settings),
    *_page("/account/settings/app-passwords/", web.app_passwords),
    *_page("/manage-profile/security", web.security),
    *_page(web_tokens.ADDRESS, web_tokens.tokens, web_tokens.create),
    Route("POST", f"{web_tokens.ADDRESS}/<token_id>/revoke", web_tokens.revoke, "web"),
    Route("POST", "/logout", web_session.sign_out, "web"),
    *_page("/<workspace>/<repository>", web_repositories.repository),
    *_page(_ACCESS_TOKENS, web_repositories.access_tokens, web_repositories.create),
    Route("POST", f"{_ACCESS_TOKENS}/<token_id>/revoke", web_repositories.revoke, "web"),
)

CONTROL = tuple(
    Route(method, f"/_sandbox{path}", handler, "control")
    for method, path, handler in (
        ("GET", "/style.css", control.stylesheet),
        ("GET", "/icon.svg", control.icon),
        ("GET", "/requests", control.requests),
        ("DELETE", "/requests", control.clear_requests),
        ("GET", "/switches", control.switches),
        ("POST", "/switches", control.turn_switches),
        ("GET", "/faults", control.faults),
        ("POST", "/faults", control.add_fault),
        ("DELETE", "/faults", control.clear_faults),
        ("POST", "/clock", control.clock),
        ("POST", "/reset", control.reset),
        ("POST", "/consumer", control.consumer),
        ("GET", "/world", control_people.world),
        ("POST", "/tokens", control_people.create_token),
        ("DELETE", "/tokens/<token_id>", control_people.delete_token),
        ("POST", "/tokens/<token_id>/expire", control_people.expire_token),
        ("POST", "/access-tokens", control_people.create_access_token),
        ("POST", "/accounts/<account>", control_people.change_account),
        ("POST", "/workspaces/<workspace>/members/<account>", control_people.change_seat),
        ("POST", "/workspaces/<workspace>/repositories/<repository>/<account>", control_people.change_right),
    )
)

ROUTES: tuple[Route, ...] = (*REST, *REMOVED, *ADMIN, *OAUTH, *GIT, *WEB, *CONTROL)
