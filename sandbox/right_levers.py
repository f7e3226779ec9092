"""What the lever on one person and one repository does to the explicit grants."""

from sandbox.explicit import AS_REPOSITORY_RIGHT, Holder
from sandbox.model import RANK, Repository
from sandbox.workspaces import Workspace


def set_right(workspace: Workspace, repository: Repository, account_id: str, permission: str) -> None:
    """Set a person's explicit grant; with "none" end every way in which they reach the repository.

    So that rights stay derived from grants, a way that others share is taken apart: a project's grant becomes the
    same grant on each of its other repositories, a group's grant becomes one for each of its other members. Nobody
    else's reach changes. An owner of the workspace keeps theirs.
    """
    with workspace.grants.lock:
        if permission == "none":
            _split_project(workspace, repository, account_id)
            _split_groups(workspace, repository, account_id)
        workspace.grants.set("repository", "users", repository.uuid, account_id, permission)


def _split_project(workspace: Workspace, repository: Repository, account_id: str) -> None:
    project = workspace.project(repository.project_key)
    if project is None:
        return
    names: tuple[tuple[Holder, list[str]], ...] = (("users", [account_id]), ("groups", workspace.groups_of(account_id)))
    for holder, mine in names:
        for name in mine:
            given = workspace.grants.on("project", holder, project.uuid).get(name)
            if given is None:
                continue
            workspace.grants.set("project", holder, project.uuid, name, "none")
            for one in workspace.repositories:
                if one.project_key == project.key and (holder == "groups" or one.uuid != repository.uuid):
                    _strengthen(workspace, holder, one, name, AS_REPOSITORY_RIGHT.get(given, given))


def _split_groups(workspace: Workspace, repository: Repository, account_id: str) -> None:
    for slug in workspace.groups_of(account_id):
        given = workspace.grants.on("repository", "groups", repository.uuid).get(slug)
        if given is None:
            continue
        workspace.grants.set("repository", "groups", repository.uuid, slug, "none")
        for member in sorted(workspace.groups[slug].members - {account_id}):
            _strengthen(workspace, "users", repository, member, given)


def _strengthen(workspace: Workspace, holder: Holder, repository: Repository, name: str, permission: str) -> None:
    before = workspace.grants.on("repository", holder, repository.uuid).get(name, "none")
    if RANK[permission] > RANK[before]:
        workspace.grants.set("repository", holder, repository.uuid, name, permission)
