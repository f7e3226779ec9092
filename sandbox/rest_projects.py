"""The REST operations about projects, and who may administer a repository or a project."""

from werkzeug.wrappers import Response

from sandbox import shapes
from sandbox.answers import Refusal, as_json, bitbucket_error
from sandbox.context import Context
from sandbox.explicit import Level
from sandbox.model import Project, Repository
from sandbox.paging import chosen, page_of, same
from sandbox.rest import visible_workspace
from sandbox.rest_repositories import right_on, visible_repository
from sandbox.workspaces import Workspace


def _seen_keys(context: Context, workspace: Workspace) -> set[str]:
    """Give the keys of the projects the caller reaches: through a grant, or through a repository in it."""
    credential = context.credential
    assert credential is not None
    if credential.account is None:
        held = {one.key for one in workspace.projects if credential.holds(one)}
        return held | {one.project_key for one in workspace.repositories if credential.opens(one)}
    account_id = credential.account.account_id
    if workspace.seats.get(account_id) == "owner":
        return {one.key for one in workspace.projects}
    granted = {one.key for one in workspace.projects if workspace.has_project_grant(account_id, one)}
    rights = workspace.rights_of(account_id)
    return granted | {one.project_key for one in workspace.repositories if one.uuid in rights}


def projects(context: Context, workspace: str) -> Response:
    """GET /workspaces/{workspace}/projects: those the caller reaches."""
    found = visible_workspace(context, workspace)
    seen = _seen_keys(context, found)
    mine = [one for one in found.projects if one.key in seen]
    base = context.base_url
    if not {"q", "sort"} & set(context.request.args):
        return page_of(context.request, mine, lambda one: shapes.project(one, found, base))
    records = [shapes.project(one, found, base) for one in mine]
    return page_of(context.request, chosen(context.request, records), same)


def visible_project(context: Context, workspace: str, project_key: str) -> tuple[Workspace, Project]:
    """Find a project the caller reaches; raises Refusal (404), as if there were none."""
    owner = visible_workspace(context, workspace)
    found = owner.project(project_key)
    if found is None or found.key not in _seen_keys(context, owner):
        raise Refusal(bitbucket_error(404, f"Project '{project_key}' not found."))
    return owner, found


def one_project(context: Context, workspace: str, project_key: str) -> Response:
    """GET /workspaces/{workspace}/projects/{project_key}."""
    owner, found = visible_project(context, workspace, project_key)
    return as_json(shapes.project(found, owner, context.base_url))


def administered(context: Context, level: Level, workspace: str, name: str) -> tuple[Workspace, Repository | Project]:
    """Find a repository or project the caller administers; raises Refusal (404 not seen, 403 seen only)."""
    credential = context.credential
    assert credential is not None
    owner: Workspace
    place: Repository | Project
    if level == "repository":
        owner, place = visible_repository(context, workspace, name)
        is_admin = right_on(context, owner, place) == "admin"
    else:
        owner, place = visible_project(context, workspace, name)
        account = credential.account
        is_admin = credential.holds(place) if account is None else owner.administers(account.account_id, place)
    if not is_admin:
        raise Refusal(bitbucket_error(403, f"You do not have admin access to this {level}."))
    return owner, place


def path_of(workspace: Workspace, place: Repository | Project) -> str:
    """Give the address of a repository or project below /2.0."""
    if isinstance(place, Repository):
        return f"/repositories/{place.full_name}"
    return f"/workspaces/{workspace.slug}/projects/{place.key}"
