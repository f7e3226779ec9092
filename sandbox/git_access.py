"""Who may fetch and push over HTTPS, and the words for who may not.

git shows a plain-text body only when it answers the first request (info/refs), so every decision is made there.
Sources: https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens , the REST introduction for
`x-token-auth`, and field reports of the 410 for app passwords
(https://www.praveenboyalapalli.com/bitbucket/).
"""

from werkzeug.wrappers import Response

from sandbox import keys
from sandbox.answers import CHANGELOG, INVALID_TOKEN, MISSING_SCOPE, NO_ACCESS, Refusal, as_text
from sandbox.context import Context
from sandbox.credentials import Credential, from_access_token, from_api_token, from_oauth
from sandbox.model import RANK, Repository
from sandbox.workspaces import Workspace

TOKEN_USER = "x-bitbucket-api-token-auth"
ACCESS_TOKEN_USER = "x-token-auth"
_TOKEN_SHAPES = ("ATAT", "ATCT", "ATBB")
_SCOPES = {
    ("fetch", True): ("read:repository:bitbucket",),
    ("push", True): ("read:repository:bitbucket", "write:repository:bitbucket"),
    ("fetch", False): ("repository",),
    ("push", False): ("repository:write",),
}

ACCOUNT_PASSWORD = (
    "Bitbucket Cloud recently stopped supporting account passwords for Git authentication.\n"
    "See our community post for more details: https://atlassian.community/t5/x/x/ba-p/1948231\n"
    "API tokens are recommended for most use cases and can be created in your Atlassian account settings.\n"
)
APP_PASSWORD = (
    "CHANGE-3222 - Functionality has been deprecated\n"
    "App passwords are deprecated and must be replaced with API tokens.\n"
    f"{CHANGELOG}CHANGE-3222\n"
)
EMAIL_AS_USER = (
    "Invalid credentials: an e-mail address is no user name for git.\n"
    f"Use your Bitbucket username or {TOKEN_USER} with an API token.\n"
)


def _unauthorized(text: str) -> Refusal:
    response = as_text(text, 401)
    response.headers["WWW-Authenticate"] = 'Basic realm="Bitbucket.org HTTP"'
    return Refusal(response)


def credential_for_git(context: Context) -> Credential:
    """Read the credential of a git request; raises Refusal with the words Bitbucket would use."""
    sent = context.request.authorization
    if sent is None or sent.type != "basic":
        raise _unauthorized("")
    user, secret = sent.username or "", sent.password or ""
    if secret.startswith(keys.APP_PASSWORD):
        raise Refusal(as_text(APP_PASSWORD, 410))
    credential = _from_token_user(context, secret) if user == ACCESS_TOKEN_USER else _from_person(context, user, secret)
    if credential is None:
        raise _unauthorized(INVALID_TOKEN + "\n")
    return credential


def _from_token_user(context: Context, secret: str) -> Credential | None:
    token = context.world.access_token(secret)
    return from_access_token(context.world, token) if token else from_oauth(context.world, secret)


def _from_person(context: Context, user: str, secret: str) -> Credential | None:
    if not secret.startswith(_TOKEN_SHAPES):
        raise _unauthorized(ACCOUNT_PASSWORD)
    if "@" in user:
        raise _unauthorized(EMAIL_AS_USER)
    token = context.world.api_token(secret)
    if token is None or user not in (TOKEN_USER, context.world.accounts[token.account_id].nickname):
        return None
    return from_api_token(context.world, token)


def check_access(context: Context, workspace: Workspace, repository: Repository, verb: str) -> Credential:
    """Check credential, scopes and the right on the repository for `verb` fetch or push; raises Refusal."""
    credential = credential_for_git(context)
    context.credential, context.label = credential, credential.label
    right = _right(credential, workspace, repository)
    if right == "none":
        raise Refusal(as_text(NO_ACCESS + "\n", 403))
    required = _SCOPES[verb, credential.is_granular]
    if not set(required) <= credential.reach:
        raise Refusal(_missing(required, credential))
    if verb == "push" and RANK[right] < RANK["write"]:
        raise Refusal(as_text("You do not have write access to this repository.\n", 403))
    return credential


def _missing(required: tuple[str, ...], credential: Credential) -> Response:
    text = f"{MISSING_SCOPE}\nRequired: {', '.join(required)}\nGranted: {', '.join(sorted(credential.scopes))}\n"
    return as_text(text, 403)


def _right(credential: Credential, workspace: Workspace, repository: Repository) -> str:
    if credential.workspace_uuid not in ("", workspace.uuid):
        return "none"
    if credential.account is not None:
        return workspace.permission(credential.account.account_id, repository)
    return "write" if credential.opens(repository) else "none"
