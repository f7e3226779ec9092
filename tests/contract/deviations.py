"""Where the sandbox's refusals differ from the official document on purpose: route, status, why, who says so."""

from typing import NamedTuple

from tests.contract.names import (
    OWN_KEYS,
    PERMISSIONS,
    PIPELINES,
    PROJECT_KEYS,
    PROJECTS,
    PULL_REQUESTS,
    REPOSITORY_KEYS,
    RESTRICTIONS,
    REVIEWERS,
    RUNNERS,
)

_LIMITS = "https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/"
_SCOPE = "https://github.com/backstage/backstage/issues/22383"
_CHANGES = "https://developer.atlassian.com/cloud/bitbucket/changelog"
_WORKSPACES = "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/"
_BEARER = (
    "https://community.atlassian.com/forums/Bitbucket-questions/"
    "facing-issue-to-GET-PRIVATE-REPOSITORY-using-api-curl/qaq-p/3141816"
)
_PAGING = "https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination"


class Deviation(NamedTuple):
    """One answer the document does not describe."""

    route: str
    status: int
    reason: str
    source: str


_ALL = (
    *OWN_KEYS,
    "/user",
    "/user/emails",
    "/user/workspaces",
    "/user/workspaces/<workspace>/permission",
    "/user/workspaces/<workspace>/permissions/repositories",
    "/workspaces/<workspace>",
    "/workspaces/<workspace>/members",
    "/workspaces/<workspace>/members/<member>",
    "/workspaces/<workspace>/permissions",
    "/workspaces/<workspace>/permissions/repositories",
    "/workspaces/<workspace>/permissions/repositories/<repository>",
    "/repositories/<workspace>",
    "/repositories/<workspace>/<repository>",
    *PROJECTS,
    *PERMISSIONS,
    *REPOSITORY_KEYS,
    *PROJECT_KEYS,
    RESTRICTIONS,
    *REVIEWERS,
    *PULL_REQUESTS,
    *PIPELINES,
    *RUNNERS,
)
_ON_DEMAND = (*PIPELINES, *RUNNERS)


def _rows(routes: tuple[str, ...], status: int, reason: str, source: str) -> tuple[Deviation, ...]:
    return tuple(Deviation(route, status, reason, source) for route in routes)


# Of the document's 403 answers those of people's keys and of repositories' deploy keys name no schema.
_WITHOUT_ERROR_SCHEMA = {*OWN_KEYS, *REPOSITORY_KEYS}
_WITHOUT_403 = {"/workspaces/<workspace>/projects", *PULL_REQUESTS, *_ON_DEMAND}
_WITH_ERROR_SCHEMA = tuple(route for route in _ALL if route not in _WITHOUT_ERROR_SCHEMA | _WITHOUT_403)
_UNDECLARED_401 = (
    *OWN_KEYS,
    "/workspaces/<workspace>",
    "/workspaces/<workspace>/permissions/repositories",
    "/workspaces/<workspace>/permissions/repositories/<repository>",
    "/repositories/<workspace>",
    "/repositories/<workspace>/<repository>",
    "/workspaces/<workspace>/projects",
    *REPOSITORY_KEYS,
    *PROJECT_KEYS,
    *REVIEWERS,
    PULL_REQUESTS[1],
    *_ON_DEMAND,
)
# Of these alone the document says what a repository that is not there is answered with.
_WITH_404 = {name for name in PIPELINES if name.endswith(("schedules", "key_pair"))}
_UNSEEN = (*(name for name in _ON_DEMAND if name not in _WITH_404), REVIEWERS[0])
_WITHDRAWN = ("/workspaces", "/repositories", "/user/permissions/workspaces", "/user/permissions/repositories")
_TRACKER = (
    "/repositories/<workspace>/<repository>/issues",
    "/repositories/<workspace>/<repository>/wiki",
    "/repositories/<workspace>/<repository>/wiki/<path:rest>",
)
_MEMBERS = ("/workspaces/<workspace>/members", "/workspaces/<workspace>/permissions")

DEVIATIONS: tuple[Deviation, ...] = (
    *_rows(_ALL, 429, "limits answer everywhere, in plain text, and are declared nowhere", _LIMITS),
    *_rows(
        _WITH_ERROR_SCHEMA,
        403,
        "the detail of a missing scope is an object, the closed error schema wants a string",
        _SCOPE,
    ),
    *_rows(_UNDECLARED_401, 401, "a wrong credential is refused everywhere, whatever is declared", _BEARER),
    *_rows(tuple(_WITHOUT_403), 403, "scopes are checked everywhere, whatever is declared", _SCOPE),
    *_rows(_UNSEEN, 404, "what the caller does not reach is not found, whatever is declared", _BEARER),
    *_rows(_MEMBERS, 404, "a workspace the caller does not reach is not found, as at its own address", _WORKSPACES),
    Deviation("/repositories/<workspace>", 400, "a page length out of range is refused", _PAGING),
    *_rows(_WITHDRAWN, 410, "withdrawn on 2026-04-14 (CHANGE-2770), after the document was made", _CHANGES),
    *_rows(_TRACKER, 410, "issue tracker and wiki removed on 2026-08-20 (CHANGE-3401)", _CHANGES),
)
