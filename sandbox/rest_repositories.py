"""The REST operations about repositories and effective rights on them."""

import re
from typing import Any

from werkzeug.wrappers import Response

from sandbox import shapes
from sandbox.answers import NO_ACCESS, Refusal, as_json, bitbucket_error
from sandbox.context import Context
from sandbox.model import RANK, Repository, Workspace
from sandbox.paging import chosen, page_of, same
from sandbox.rest import administered_workspace, visible_workspace

_USER = re.compile(r'user\.(?:uuid|account_id)\s*=\s*"([^"]+)"')
_LEAST = {"member": "read", "contributor": "write", "admin": "admin", "owner": "admin"}


def _rights(context: Context, workspace: Workspace) -> dict[int, str]:
    credential = context.credential
    assert credential is not None
    if credential.account is not None:
        return workspace.rights_of(credential.account.account_id)
    bound = credential.repository_slug
    return {one.index: "admin" for one in workspace.repositories if bound in ("", one.slug)}


def repositories(context: Context, workspace: str) -> Response:
    """GET /repositories/{workspace}: those the caller reaches, by `role` at least that strongly."""
    found = visible_workspace(context, workspace)
    rights = _rights(context, found)
    least = RANK[_LEAST.get(context.request.args.get("role", ""), "read")]
    mine = [one for one in found.repositories if RANK[rights.get(one.index, "none")] >= least]
    base = context.base_url
    if not {"q", "sort"} & set(context.request.args):
        return page_of(context.request, mine, lambda one: shapes.repository(one, found, base))
    records = [shapes.repository(one, found, base) for one in mine]
    return page_of(context.request, chosen(context.request, records), same)


def one_repository(context: Context, workspace: str, repository: str) -> Response:
    """GET /repositories/{workspace}/{repository}."""
    owner = context.world.workspace(workspace)
    found = owner.repository(repository) if owner is not None and context.sees(owner) else None
    if owner is None or found is None or found.index not in _rights(context, owner):
        raise Refusal(bitbucket_error(404, NO_ACCESS))
    return as_json(shapes.repository(found, owner, context.base_url))


def my_repository_permissions(context: Context, workspace: str) -> Response:
    """GET /user/workspaces/{workspace}/permissions/repositories: the caller's own rights."""
    found = visible_workspace(context, workspace)
    return _rows(context, found, [context.person.account_id])


def repository_permissions(context: Context, workspace: str) -> Response:
    """GET /workspaces/{workspace}/permissions/repositories: everybody's effective rights, for administrators."""
    found = administered_workspace(context, workspace)
    asked = _USER.search(context.request.args.get("q", ""))
    mode = context.world.switches.user_filter
    if asked is None or mode == "ignored":
        return _rows(context, found, sorted(found.seats))
    if mode == "refused":
        raise Refusal(bitbucket_error(400, "Invalid query: this field cannot be filtered by."))
    account = context.world.account(asked.group(1))
    return _rows(context, found, [account.account_id] if account else [])


def _rows(context: Context, workspace: Workspace, account_ids: list[str]) -> Response:
    rows = [
        (account_id, workspace.repositories[index], permission)
        for account_id in account_ids
        for index, permission in sorted(workspace.rights_of(account_id).items())
    ]
    if not _needs_records(context):
        return page_of(context.request, rows, lambda row: _row(context, *row))
    records = [_row(context, *row) for row in rows]
    return page_of(context.request, chosen(context.request, records), same)


def _needs_records(context: Context) -> bool:
    query = context.request.args.get("q")
    if query and context.world.switches.user_filter == "ignored" and _USER.search(query):
        return False
    return bool(query or context.request.args.get("sort"))


def _row(context: Context, account_id: str, repository: Repository, permission: str) -> dict[str, Any]:
    base = context.base_url
    return {
        "type": "repository_permission",
        "permission": permission,
        "user": shapes.person(context.world.accounts[account_id], base),
        "repository": shapes.repository_reference(repository, base),
    }
