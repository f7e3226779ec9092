"""The whole truth about who holds what, and levers on explicit grants, groups and deploy keys."""

from datetime import timedelta
from typing import Any

from werkzeug.wrappers import Response

from sandbox.answers import Refusal, as_json
from sandbox.context import Context
from sandbox.control import body_of
from sandbox.control_people import known_account, known_workspace
from sandbox.deploy_keys import DeployKey, public_key
from sandbox.explicit import Level
from sandbox.model import Account, Group, Project, Repository
from sandbox.shapes import moment
from sandbox.workspaces import Workspace


def truth(context: Context) -> Response:
    """GET /_sandbox/grants: every seat, grant, group, deploy key, project, repository and living managed token."""
    context.world.note_ssh_uses()
    spaces = {slug: _space(context, one) for slug, one in context.world.workspaces.items()}
    now = context.world.now()
    tokens = [
        {"id": one.id, "account_id": one.account_id, "label": one.label, "scopes": list(one.scopes)}
        | {"created_at": moment(one.created_at), "expires_at": moment(one.expires_at)}
        | {"last_access": moment(one.last_access) if one.last_access else None}
        for one in list(context.world.api_tokens.values())
        if one.expires_at > now and context.world.accounts[one.account_id].managed
    ]
    return as_json({"workspaces": spaces, "tokens": tokens})


def _space(context: Context, workspace: Workspace) -> dict[str, Any]:
    keys = workspace.deploy_keys
    return {
        "uuid": workspace.uuid,
        "members": dict(workspace.seats),
        "groups": {one.slug: {"name": one.name, "members": sorted(one.members)} for one in workspace.groups.values()},
        "projects": {
            one.key: {"uuid": one.uuid, "name": one.name}
            | _granted(workspace, "project", one)
            | {"deploy_keys": [_key(key) for key in keys.of(one.uuid)]}
            for one in workspace.projects
        },
        "repositories": {
            one.slug: {"uuid": one.uuid, "name": one.name, "project": one.project_key}
            | _granted(workspace, "repository", one)
            | {"deploy_keys": [_key(key) for key in keys.of(one.uuid)]}
            for one in workspace.repositories
        },
    }


def _granted(workspace: Workspace, level: Level, place: Repository | Project) -> dict[str, Any]:
    """Give the grants as they stand; those of people without a seat open nothing and are told apart."""
    users = dict(workspace.grants.on(level, "users", place.uuid))
    return {
        "users": {name: right for name, right in users.items() if name in workspace.seats},
        "users_without_seat": {name: right for name, right in users.items() if name not in workspace.seats},
        "groups": dict(workspace.grants.on(level, "groups", place.uuid)),
    }


def _key(key: DeployKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "key": key.key,
        "label": key.label,
        "comment": key.comment,
        "owner": key.owner,
        "added_on": moment(key.added_at),
        "last_used": moment(key.last_used) if key.last_used else None,
    }


def _place(context: Context, workspace: str, level: str, name: str) -> tuple[Workspace, Level, Repository | Project]:
    owner = known_workspace(context, workspace)
    wanted: Level = "project" if level == "projects" else "repository"
    place = owner.place(wanted, name)
    if place is None:
        raise Refusal(as_json({"error": f"there is no {wanted} {name}"}, 404))
    return owner, wanted, place


def grant_user(context: Context, workspace: str, level: str, name: str, account: str) -> Response:
    """POST /_sandbox/workspaces/{ws}/{repositories|projects}/{name}/users/{account}: `permission`, none takes it."""
    owner, wanted, place = _place(context, workspace, level, name)
    person: Account = known_account(context, account)
    with context.world.change():
        owner.grants.set(wanted, "users", place.uuid, person.account_id, str(body_of(context)["permission"]))
    return Response(status=204)


def grant_group(context: Context, workspace: str, level: str, name: str, group: str) -> Response:
    """POST /_sandbox/workspaces/{ws}/{repositories|projects}/{name}/groups/{slug}: `permission`, none takes it."""
    owner, wanted, place = _place(context, workspace, level, name)
    if group not in owner.groups:
        raise Refusal(as_json({"error": f"there is no group {group}"}, 404))
    with context.world.change():
        owner.grants.set(wanted, "groups", place.uuid, group, str(body_of(context)["permission"]))
    return Response(status=204)


def put_group(context: Context, workspace: str, group: str) -> Response:
    """POST /_sandbox/workspaces/{ws}/groups/{slug}: `name` and `members` (short names or ids) of a new or known one."""
    owner, body = known_workspace(context, workspace), body_of(context)
    known = owner.groups.get(group) or Group(group, group)
    members = {known_account(context, str(one)).account_id for one in body.get("members", known.members)}
    with context.world.change(), owner.grants.lock:
        owner.groups[group] = Group(group, str(body.get("name", known.name)), members)
        owner.touch()
    return as_json({"slug": group, "members": sorted(members)})


def drop_group(context: Context, workspace: str, group: str) -> Response:
    """DELETE /_sandbox/workspaces/{ws}/groups/{slug}: the group and what was granted to it."""
    owner = known_workspace(context, workspace)
    with context.world.change(), owner.grants.lock:
        if owner.groups.pop(group, None) is None:
            return Response(status=404)
        owner.grants.drop_group(group)
    return Response(status=204)


def add_key(context: Context, workspace: str, level: str, name: str) -> Response:
    """POST /_sandbox/workspaces/{ws}/{repositories|projects}/{name}/deploy-keys.

    `label`, `comment`, `owner` ("" or absent for a deleted account), `age_days`, `last_used_days` (absent = never),
    `key` (absent = one of its own).
    """
    owner, _, place = _place(context, workspace, level, name)
    body = body_of(context)
    person = known_account(context, str(body["owner"])) if body.get("owner") else None
    with context.world.change():
        number = owner.deploy_keys.next_id()
        key = DeployKey(
            id=number,
            place=place.uuid,
            key=str(body.get("key") or public_key("lever", place.uuid, number)),
            label=str(body.get("label", "")),
            comment=str(body.get("comment", "")),
            added_at=context.world.now() - timedelta(days=float(body.get("age_days", 0))),
            owner=person.account_id if person else None,
        )
        _set_last_used(context, key, body.get("last_used_days"))
        owner.deploy_keys.put(key)
    return as_json(_key(key), 201)


def _set_last_used(context: Context, key: DeployKey, days: float | None) -> None:
    key.last_used = None if days is None else context.world.now() - timedelta(days=float(days))


def _known_key(context: Context, workspace: str, key_id: int) -> tuple[Workspace, DeployKey]:
    owner = known_workspace(context, workspace)
    key = owner.deploy_keys.by_id(key_id)
    if key is None:
        raise Refusal(as_json({"error": f"there is no deploy key {key_id}"}, 404))
    return owner, key


def use_key(context: Context, workspace: str, key_id: int) -> Response:
    """POST /_sandbox/workspaces/{ws}/deploy-keys/{id}: `last_used_days` (null = never), `owner` ("" = gone)."""
    owner, key = _known_key(context, workspace, key_id)
    body = body_of(context)
    with context.world.change():
        if "last_used_days" in body:
            _set_last_used(context, key, body["last_used_days"])
        if "owner" in body:
            key.owner = known_account(context, str(body["owner"])).account_id if body["owner"] else None
        owner.deploy_keys.put(key)
    return as_json(_key(key))


def drop_key(context: Context, workspace: str, key_id: int) -> Response:
    """DELETE /_sandbox/workspaces/{ws}/deploy-keys/{id}."""
    owner, key = _known_key(context, workspace, key_id)
    with context.world.change():
        owner.deploy_keys.drop(key)
    return Response(status=204)
