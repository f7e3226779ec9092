"""The REST operations about repositories and effective rights on them."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from werkzeug.wrappers import Response

from sandbox import shapes
from sandbox.answers import NO_ACCESS, Refusal, as_json, bitbucket_error
from sandbox.context import Context
from sandbox.model import RANK, Repository
from sandbox.paging import chosen, page_of, same
from sandbox.rest import administered_workspace, refuse_access_tokens, visible_workspace
from sandbox.workspaces import Workspace

_USER = re.compile(r'user\.(?:uuid|account_id)\s*=\s*"([^"]+)"')
# What is sorted by without shaping every repository first; "" leaves the order as it is.
_ORDERS: dict[str, Callable[[Repository], Any]] = {
    "": lambda one: 0,
    "name": lambda one: one.name,
    "slug": lambda one: one.slug,
    "created_on": lambda one: one.created_at,
    "updated_on": lambda one: one.created_at,
}
_LEAST = {"member": "read", "contributor": "write", "admin": "admin", "owner": "admin"}


def _rights(context: Context, workspace: Workspace) -> Mapping[str, str]:
    credential = context.credential
    assert credential is not None
    if credential.account is not None:
        return workspace.rights_of(credential.account.account_id)
    return {one.uuid: "admin" for one in workspace.repositories if credential.opens(one)}


def right_on(context: Context, workspace: Workspace, repository: Repository) -> str:
    """Give the caller's right on one repository; an access token administers what it is bound to."""
    credential = context.credential
    assert credential is not None
    if credential.account is not None:
        return workspace.permission(credential.account.account_id, repository)
    return "admin" if credential.opens(repository) else "none"


def visible_repository(context: Context, workspace: str, repository: str) -> tuple[Workspace, Repository]:
    """Find a repository the caller reaches; raises Refusal (404), as if there were none."""
    owner = context.world.workspace(workspace)
    found = owner.repository(repository) if owner is not None and context.sees(owner) else None
    if owner is None or found is None or right_on(context, owner, found) == "none":
        raise Refusal(bitbucket_error(404, NO_ACCESS))
    return owner, found


def repositories(context: Context, workspace: str) -> Response:
    """GET /repositories/{workspace}: those the caller reaches, by `role` at least that strongly."""
    found = visible_workspace(context, workspace)
    rights = _rights(context, found)
    least = RANK[_LEAST.get(context.request.args.get("role", ""), "read")]
    mine = [one for one in found.repositories if RANK[rights.get(one.uuid, "none")] >= least]
    base = context.base_url
    order = context.request.args.get("sort", "")
    if not context.request.args.get("q") and order.removeprefix("-") in _ORDERS:
        mine = sorted(mine, key=_ORDERS[order.removeprefix("-")], reverse=order.startswith("-"))
        return page_of(context.request, mine, lambda one: shapes.repository(one, found, base))
    records = [shapes.repository(one, found, base) for one in mine]
    return page_of(context.request, chosen(context.request, records), same)


def one_repository(context: Context, workspace: str, repository: str) -> Response:
    """GET /repositories/{workspace}/{repository}."""
    owner, found = visible_repository(context, workspace, repository)
    return as_json(shapes.repository(found, owner, context.base_url))


def my_repository_permissions(context: Context, workspace: str) -> Response:
    """GET /user/workspaces/{workspace}/permissions/repositories: the caller's own rights."""
    found = visible_workspace(context, workspace)
    return _rows(context, found, [context.person.account_id])


def repository_permissions(context: Context, workspace: str) -> Response:
    """GET /workspaces/{workspace}/permissions/repositories: everybody's effective rights, for administrators."""
    refuse_access_tokens(context)
    found = administered_workspace(context, workspace)
    asked = _USER.search(context.request.args.get("q", ""))
    mode = context.world.switches.user_filter
    if asked is None or mode == "ignored":
        return _rows(context, found, sorted(found.seats))
    if mode == "refused":
        raise Refusal(bitbucket_error(400, "Invalid query: this field cannot be filtered by."))
    account = context.world.account(asked.group(1))
    return _rows(context, found, [account.account_id] if account else [])


def permissions_of_repository(context: Context, workspace: str, repository: str) -> Response:
    """GET /workspaces/{workspace}/permissions/repositories/{repository}: who reaches it, for its administrators."""
    owner, found = visible_repository(context, workspace, repository)
    if right_on(context, owner, found) != "admin":
        raise Refusal(bitbucket_error(403, "You do not have admin access to this repository."))
    rows = [(account_id, owner.permission(account_id, found)) for account_id in sorted(owner.seats)]
    records = [_row(context, owner, account_id, found.uuid, right) for account_id, right in rows if right != "none"]
    return page_of(context.request, chosen(context.request, records), same)


class _Rows(Sequence[tuple[str, str, str]]):
    """Everybody's effective rights as one long list, of which only the asked page is ever made."""

    def __init__(self, workspace: Workspace, account_ids: list[str]) -> None:
        """Look up the rights of these people."""
        self._people = [(account_id, workspace.rights_of(account_id)) for account_id in account_ids]

    def __len__(self) -> int:
        return sum(len(rights) for _, rights in self._people)

    def __getitem__(self, wanted: Any) -> Any:
        start, stop, _ = wanted.indices(len(self))
        count = max(0, stop - start)
        found: list[tuple[str, str, str]] = []
        for account_id, rights in self._people:
            some = islice(rights.items(), start, start + count - len(found))
            found += [(account_id, uuid, permission) for uuid, permission in some]
            start = max(0, start - len(rights))
            if len(found) == count:
                break
        return found


def _rows(context: Context, workspace: Workspace, account_ids: list[str]) -> Response:
    rows = _Rows(workspace, account_ids)
    if not _needs_records(context):
        return page_of(context.request, rows, lambda row: _row(context, workspace, *row))
    records = [_row(context, workspace, *row) for row in rows[:]]
    return page_of(context.request, chosen(context.request, records), same)


def _needs_records(context: Context) -> bool:
    query = context.request.args.get("q", "")
    is_about_one = _USER.search(query) is not None
    if is_about_one and (context.world.switches.user_filter == "ignored" or _USER.fullmatch(query.strip())):
        query = ""
    return bool(query or context.request.args.get("sort"))


def _row(context: Context, workspace: Workspace, account_id: str, uuid: str, permission: str) -> dict[str, Any]:
    base, repository = context.base_url, workspace.repository(uuid)
    assert repository is not None
    return {
        "type": "repository_permission",
        "permission": permission,
        "user": shapes.person(context.world.accounts[account_id], base),
        "repository": shapes.repository_reference(repository, base),
    }
