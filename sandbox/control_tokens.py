"""Levers on tokens: making, ending and changing them."""

from datetime import timedelta
from typing import Any

from werkzeug.wrappers import Response

from sandbox.answers import Refusal, as_json
from sandbox.context import Context
from sandbox.control import body_of
from sandbox.control_people import known_account, known_workspace
from sandbox.model import AccessToken, ApiToken
from sandbox.scopes import full_name
from sandbox.shapes import moment


def create_token(context: Context) -> Response:
    """POST /_sandbox/tokens: `account`, `label`, `scopes`, `expires_in_days`, `age_seconds`, `workspace`.

    Answers with the secret. A scope without suffix is Bitbucket's unless `raw` is true.
    """
    body = body_of(context)
    workspace = known_workspace(context, body["workspace"]) if body.get("workspace") else None
    days = float(body.get("expires_in_days", 30))
    scopes = _scopes(body)
    token, secret = context.world.create_api_token(
        known_account(context, body["account"]),
        label=str(body["label"]),
        scopes=scopes,
        expires_at=context.world.now() + timedelta(days=days),
        workspace_uuid=workspace.uuid if workspace else "",
    )
    token.created_at -= timedelta(seconds=float(body.get("age_seconds", 0)))
    shown = {"id": token.id, "secret": secret, "label": token.label, "scopes": token.scopes}
    return as_json(shown | {"created_at": moment(token.created_at), "expires_at": moment(token.expires_at)}, 201)


def _scopes(body: dict[str, Any]) -> tuple[str, ...]:
    return tuple(one if ":bitbucket" in one or body.get("raw") else full_name(one) for one in body.get("scopes", []))


def delete_token(context: Context, token_id: str) -> Response:
    """DELETE /_sandbox/tokens/{id}."""
    return Response(status=204 if context.world.delete_api_token(token_id, actor="sandbox") else 404)


def expire_token(context: Context, token_id: str) -> Response:
    """POST /_sandbox/tokens/{id}/expire: its time is over now."""
    token = _token(context, token_id)
    with context.world.change():
        token.expires_at, token.seeded = context.world.now(), False
    return Response(status=204)


def _token(context: Context, token_id: str) -> ApiToken:
    token = context.world.api_tokens.get(token_id)
    if token is None:
        raise Refusal(as_json({"error": f"there is no token {token_id}"}, 404))
    return token


def change_token(context: Context, token_id: str) -> Response:
    """POST /_sandbox/tokens/{id}: `last_access_days` ago (null = never), `label`, `account` (another owner)."""
    token, body = _token(context, token_id), body_of(context)
    owner = known_account(context, str(body["account"])).account_id if "account" in body else token.account_id
    with context.world.change():
        if "last_access_days" in body:
            days = body["last_access_days"]
            token.last_access = None if days is None else context.world.now() - timedelta(days=float(days))
        token.label, token.account_id = str(body.get("label", token.label)), owner
        # A changed token of the demo's own is kept like one that was made.
        token.seeded = False
    return as_json({"id": token.id, "label": token.label, "account_id": token.account_id})


def change_scopes(context: Context, token_id: str) -> Response:
    """POST /_sandbox/tokens/{id}/scopes with `scopes`: what the token may do from now on."""
    token, body = _token(context, token_id), body_of(context)
    with context.world.change():
        token.scopes, token.seeded = _scopes(body), False
    return as_json({"id": token.id, "scopes": list(token.scopes)})


def create_access_token(context: Context) -> Response:
    """POST /_sandbox/access-tokens: `workspace`, `repository` or `project` (none: the workspace's), `name`, `scopes`.

    Answers with the secret. `expires_in_days` is 30 unless told.
    """
    body = body_of(context)
    workspace = known_workspace(context, body.get("workspace", "acme"))
    repository, project = str(body.get("repository", "")), str(body.get("project", ""))
    if repository and project:
        raise ValueError("an access token belongs to a repository or to a project, not to both")
    if (repository and not workspace.repository(repository)) or (project and not workspace.project(project)):
        raise Refusal(as_json({"error": f"there is no {repository or project} in {workspace.slug}"}, 404))
    token, secret = context.world.create_access_token(
        kind=f"{'repo' if repository else 'project' if project else 'workspace'}_access_token",
        name=str(body["name"]),
        scopes=tuple(body["scopes"]),
        workspace=workspace,
        repository=repository,
        project=project,
        expires_at=context.world.now() + timedelta(days=float(body.get("expires_in_days", 30))),
    )
    return as_json(_shown(token) | {"secret": secret}, 201)


def access_tokens(context: Context) -> Response:
    """GET /_sandbox/access-tokens: every one there is, without its secret."""
    return as_json([_shown(one) for one in context.world.access_tokens.values()])


def expire_access_token(context: Context, token_id: str) -> Response:
    """POST /_sandbox/access-tokens/{id}/expire: its time is over now."""
    token = context.world.access_tokens.get(token_id)
    if token is None:
        raise Refusal(as_json({"error": f"there is no access token {token_id}"}, 404))
    with context.world.change():
        token.expires_at = context.world.now()
    return Response(status=204)


def delete_access_token(context: Context, token_id: str) -> Response:
    """DELETE /_sandbox/access-tokens/{id}."""
    return Response(status=204 if context.world.delete_access_token(token_id) else 404)


def _shown(token: AccessToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "kind": token.kind,
        "name": token.name,
        "scopes": list(token.scopes),
        "repository": token.repository_slug,
        "project": token.project_key,
        "expires_at": moment(token.expires_at),
    }
