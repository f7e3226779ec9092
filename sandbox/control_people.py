"""Levers on people, seats, rights and tokens: what would take many clicks, for tests."""

from datetime import timedelta
from typing import Any

from werkzeug.wrappers import Response

from sandbox import keys
from sandbox.answers import Refusal, as_json
from sandbox.context import Context
from sandbox.control import body_of
from sandbox.environment import environment_for
from sandbox.model import RANK, Account, Workspace
from sandbox.scopes import full_name
from sandbox.shapes import moment

_CHANGEABLE = {"active", "email_confirmed", "managed", "directory", "email", "display_name"}
_SEATS = ("owner", "create-project", "member", "none")


def _account(context: Context, name: str) -> Account:
    account = context.world.account(name)
    if account is None:
        raise Refusal(as_json({"error": f"there is no account {name}"}, 404))
    return account


def _workspace(context: Context, name: str) -> Workspace:
    workspace = context.world.workspace(name)
    if workspace is None:
        raise Refusal(as_json({"error": f"there is no workspace {name}"}, 404))
    return workspace


def world(context: Context) -> Response:
    """GET /_sandbox/world: people, workspaces, ids, and what a portal needs; demo values only."""
    people = [_shown(one) for one in context.world.accounts.values() if not one.key.startswith("member-")]
    spaces = [
        {"slug": one.slug, "uuid": one.uuid, "repositories": len(one.repositories), "members": len(one.seats)}
        for one in context.world.workspaces.values()
    ]
    environment = environment_for(context.world.options, context.base_url)
    return as_json({"people": people, "workspaces": spaces, "environment": environment})


def _shown(account: Account) -> dict[str, Any]:
    names = ("key", "account_id", "uuid", "display_name", "nickname", *sorted(_CHANGEABLE - {"display_name"}))
    return {name: getattr(account, name) for name in names}


def create_token(context: Context) -> Response:
    """POST /_sandbox/tokens: `account`, `label`, `scopes`, `expires_in_days`, `age_seconds`, `workspace`.

    Answers with the secret. A scope without suffix is Bitbucket's unless `raw` is true.
    """
    body = body_of(context)
    workspace = _workspace(context, body["workspace"]) if body.get("workspace") else None
    days = float(body.get("expires_in_days", 30))
    scopes = tuple(one if ":bitbucket" in one or body.get("raw") else full_name(one) for one in body.get("scopes", []))
    token, secret = context.world.create_api_token(
        _account(context, body["account"]),
        label=str(body["label"]),
        scopes=scopes,
        expires_at=context.world.now() + timedelta(days=days),
        workspace_uuid=workspace.uuid if workspace else "",
    )
    token.created_at -= timedelta(seconds=float(body.get("age_seconds", 0)))
    shown = {"id": token.id, "secret": secret, "label": token.label, "scopes": token.scopes}
    return as_json(shown | {"created_at": moment(token.created_at), "expires_at": moment(token.expires_at)}, 201)


def delete_token(context: Context, token_id: str) -> Response:
    """DELETE /_sandbox/tokens/{id}."""
    return Response(status=204 if context.world.delete_api_token(token_id) else 404)


def expire_token(context: Context, token_id: str) -> Response:
    """POST /_sandbox/tokens/{id}/expire: its time is over now."""
    token = context.world.api_tokens.get(token_id)
    if token is None:
        return Response(status=404)
    with context.world.change():
        token.expires_at = context.world.now()
    return Response(status=204)


def create_access_token(context: Context) -> Response:
    """POST /_sandbox/access-tokens: `workspace`, `repository` ("" for the workspace's), `name`, `scopes`."""
    body = body_of(context)
    repository = str(body.get("repository", ""))
    token, secret = context.world.create_access_token(
        kind="repo_access_token" if repository else "workspace_access_token",
        name=str(body["name"]),
        scopes=tuple(body["scopes"]),
        workspace=_workspace(context, body.get("workspace", "acme")),
        repository=repository,
        expires_at=context.world.now() + timedelta(days=float(body.get("expires_in_days", 30))),
    )
    assert secret.startswith(keys.ACCESS_TOKEN)
    return as_json({"id": token.id, "secret": secret}, 201)


def change_account(context: Context, account: str) -> Response:
    """POST /_sandbox/accounts/{account} with the fields to change, e.g. `active` or `email_confirmed`."""
    found, body = _account(context, account), body_of(context)
    if not set(body) <= _CHANGEABLE:
        raise ValueError(f"only {', '.join(sorted(_CHANGEABLE))} can be changed")
    with context.world.change():
        for name, value in body.items():
            setattr(found, name, value)
    return as_json(_shown(found))


def change_seat(context: Context, workspace: str, account: str) -> Response:
    """POST /_sandbox/workspaces/{workspace}/members/{account} with `permission`; none takes the seat away."""
    found, person = _workspace(context, workspace), _account(context, account)
    permission = body_of(context)["permission"]
    if permission not in _SEATS:
        raise ValueError(f"a seat is one of {', '.join(_SEATS)}")
    with context.world.change():
        if permission == "none":
            found.seats.pop(person.account_id, None)
        else:
            found.seats[person.account_id] = permission
    return Response(status=204)


def change_right(context: Context, workspace: str, repository: str, account: str) -> Response:
    """POST /_sandbox/workspaces/{workspace}/repositories/{repository}/{account} with `permission`."""
    found, person = _workspace(context, workspace), _account(context, account)
    permission = body_of(context)["permission"]
    if permission not in RANK or found.repository(repository) is None:
        raise ValueError("unknown right or repository")
    with context.world.change():
        found.overrides[person.account_id, repository] = permission
    return Response(status=204)
