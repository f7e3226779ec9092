"""Every address that is served; the REST API's are in `rest_routes`, the levers' in `control_routes`."""

from sandbox import (
    admin,
    admin_directory,
    admin_events,
    admin_listing,
    git_http,
    oauth,
    token_places,
    web,
    web_repositories,
    web_session,
    web_tokens,
)
from sandbox.context import Handler, Route
from sandbox.control_routes import CONTROL
from sandbox.rest_routes import REMOVED, REST
from sandbox.web_access_tokens import AccessTokenPages, Find

_MANAGE = "/users/<account_id>/manage"
_TOKENS = "/admin/api-access/v1/orgs/<org_id>/api-tokens"
_DIRECTORY = "/admin/v2/orgs/<org_id>/directories/<directory_id>/users/<account_id>"
_READ_TOKENS = ("read:tokens:admin",)

ADMIN = (
    Route("GET", _MANAGE, admin.manage, "admin"),
    Route("GET", f"{_MANAGE}/profile", admin.profile, "admin"),
    Route("GET", _DIRECTORY, admin_directory.one_user, "admin"),
    Route("GET", f"{_MANAGE}/api-tokens", admin.user_tokens, "admin"),
    Route("DELETE", f"{_MANAGE}/api-tokens/<token_id>", admin.delete_user_token, "admin"),
    Route("POST", f"{_MANAGE}/lifecycle/disable", admin.disable, "admin"),
    Route("POST", f"{_MANAGE}/lifecycle/enable", admin.enable, "admin"),
    Route("GET", _TOKENS, admin_listing.listing, "admin", api_token=_READ_TOKENS),
    Route("GET", f"{_TOKENS}/count", admin_listing.count, "admin", api_token=_READ_TOKENS),
    Route("POST", f"{_DIRECTORY}/suspend", admin_directory.suspend, "admin"),
    Route("POST", f"{_DIRECTORY}/restore", admin_directory.restore, "admin"),
    Route(
        "GET", "/admin/v1/orgs/<org_id>/events-stream", admin_events.stream, "admin", api_token=("read:events:admin",)
    ),
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


def _page(path: str, show: Handler, send: Handler | None = None) -> list[Route]:
    """Give the routes of a page; a POST to a page without a form of its own is the person picker's."""
    return [Route("GET", path, show, "web"), Route("POST", path, send or show, "web")]


def _access_tokens(path: str, find: Find) -> list[Route]:
    show, create, revoke = AccessTokenPages(find).handlers()
    return [*_page(path, show, create), Route("POST", f"{path}/<token_id>/revoke", revoke, "web")]


WEB = (
    Route("GET", "/", web.home, "web"),
    *_page("/account/settings/", web.settings),
    *_page("/account/settings/app-passwords/", web.app_passwords),
    *_page("/manage-profile/security", web.security),
    *_page(web_tokens.ADDRESS, web_tokens.tokens, web_tokens.create),
    Route("POST", f"{web_tokens.ADDRESS}/<token_id>/revoke", web_tokens.revoke, "web"),
    Route("POST", "/logout", web_session.sign_out, "web"),
    *_page("/<workspace>/<repository>", web_repositories.repository),
    *_access_tokens("/<workspace>/<repository>/admin/access-tokens", token_places.repository_place),
    *_access_tokens(token_places.project_address("<workspace>", "<project_key>"), token_places.project_place),
    *_access_tokens(token_places.workspace_address("<workspace>"), token_places.workspace_place),
)

ROUTES: tuple[Route, ...] = (*REST, *REMOVED, *ADMIN, *OAUTH, *GIT, *WEB, *CONTROL)
