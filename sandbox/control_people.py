"""Levers on people, seats and rights: what would take many clicks, for tests."""

from typing import Any

from werkzeug.wrappers import Response

from sandbox.answers import Refusal, as_json
from sandbox.context import Context
from sandbox.control import body_of
from sandbox.environment import environment_for
from sandbox.model import RANK, Account
from sandbox.right_levers import set_right
from sandbox.workspaces import Workspace

_CHANGEABLE = {"active", "suspended", "email_confirmed", "managed", "directory", "email", "display_name"}
_SEATS = ("owner", "create-project", "member", "none")


def known_account(context: Context, name: str) -> Account:
    """Find a person by any of their names; raises Refusal (404)."""
    account = context.world.account(name)
    if account is None:
        raise Refusal(as_json({"error": f"there is no account {name}"}, 404))
    return account


def known_workspace(context: Context, name: str) -> Workspace:
    """Find a workspace; raises Refusal (404)."""
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


def change_account(context: Context, account: str) -> Response:
    """POST /_sandbox/accounts/{account} with the fields to change, e.g. `active` or `email_confirmed`."""
    found, body = known_account(context, account), body_of(context)
    if not set(body) <= _CHANGEABLE:
        raise ValueError(f"only {', '.join(sorted(_CHANGEABLE))} can be changed")
    with context.world.change():
        for name, value in body.items():
            setattr(found, name, value)
        context.world.note("user_profile_updated", found, actor="sandbox")
    return as_json(_shown(found))


def change_seat(context: Context, workspace: str, account: str) -> Response:
    """POST /_sandbox/workspaces/{workspace}/members/{account} with `permission`; none takes the seat away."""
    found, person = known_workspace(context, workspace), known_account(context, account)
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
    """POST /_sandbox/workspaces/{workspace}/repositories/{repository}/{account} with `permission`.

    It sets the person's explicit grant; "none" ends every way in which they reach the repository.
    """
    found, person = known_workspace(context, workspace), known_account(context, account)
    permission = body_of(context)["permission"]
    place = found.repository(repository)
    if permission not in RANK or place is None:
        raise ValueError("unknown right or repository")
    with context.world.change():
        set_right(found, place, person.account_id, permission)
    return Response(status=204)
