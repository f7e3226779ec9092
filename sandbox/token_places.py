"""What has access tokens of its own, the page where they are made, and who gets in there.

Sources: https://support.atlassian.com/bitbucket-cloud/docs/create-a-repository-access-token/ ,
.../create-a-project-access-token/ and .../create-a-workspace-access-token/ . None of them states an address. The
repository's and the workspace's are what other people's instructions link to; the project's is only likely: no source
shows it.
"""

from dataclasses import dataclass

from sandbox.answers import Refusal
from sandbox.context import Context
from sandbox.html import page, render
from sandbox.model import Account, Repository
from sandbox.workspaces import Workspace


@dataclass(frozen=True)
class TokenPlace:
    """A repository, a project or a workspace whose administrator looks at its access tokens.

    `kind` is the word of x-credential-type, `noun` the field's word for the place, `home` its own page where there
    is one here; `project` and `repository` are what its tokens are bound to, both "" for a workspace's.
    """

    kind: str
    noun: str
    name: str
    address: str
    workspace: Workspace
    home: str = ""
    project: str = ""
    repository: str = ""


def repository_address(repository: Repository) -> str:
    """Give the page of a repository's access tokens."""
    return f"/{repository.full_name}/admin/access-tokens"


def project_address(workspace: str, key: str) -> str:
    """Give the page of a project's access tokens."""
    return f"/{workspace}/workspace/projects/{key}/settings/access-tokens"


def workspace_address(workspace: str) -> str:
    """Give the page of a workspace's access tokens."""
    return f"/{workspace}/workspace/settings/access-tokens"


def not_found(context: Context, noun: str) -> Refusal:
    """Give the answer for what is not there, and for what its visitor may not know of."""
    words = f"This {noun} does not exist, or you have no access to it."
    return Refusal(page(context, "Not found", render("message.html", title="Not found", words=words), 404))


def visible_repository(
    context: Context, person: Account, workspace: str, repository: str
) -> tuple[Workspace, Repository, str]:
    """Find a repository that a person reaches, and their right on it; raises Refusal (404)."""
    owner = context.world.workspaces.get(workspace)
    found = owner.repository(repository) if owner else None
    permission = owner.permission(person.account_id, found) if owner and found else "none"
    if owner is None or found is None or permission == "none":
        raise not_found(context, "repository")
    return owner, found, permission


def repository_place(context: Context, person: Account, workspace: str, repository: str) -> TokenPlace:
    """Find a repository for its administrator; raises Refusal (404 not seen, 403 seen only)."""
    owner, found, permission = visible_repository(context, person, workspace, repository)
    _require(context, "repository", is_admin=permission == "admin")
    return TokenPlace(
        kind="repo_access_token",
        noun="repository",
        name=found.full_name,
        address=repository_address(found),
        workspace=owner,
        home=f"/{found.full_name}",
        repository=found.slug,
    )


def project_place(context: Context, person: Account, workspace: str, project_key: str) -> TokenPlace:
    """Find a project for its administrator; raises Refusal (404 without a seat or project, 403 for other members)."""
    owner = _seated(context, person, workspace)
    found = owner.project(project_key)
    if found is None:
        raise not_found(context, "project")
    _require(context, "project", is_admin=owner.administers(person.account_id, found))
    return TokenPlace(
        kind="project_access_token",
        noun="project",
        name=found.name,
        address=project_address(owner.slug, found.key),
        workspace=owner,
        project=found.key,
    )


def workspace_place(context: Context, person: Account, workspace: str) -> TokenPlace:
    """Find a workspace for its administrator; raises Refusal (404 without a seat, 403 for other members)."""
    owner = _seated(context, person, workspace)
    _require(context, "workspace", is_admin=owner.seats[person.account_id] == "owner")
    return TokenPlace(
        kind="workspace_access_token",
        noun="workspace",
        name=owner.name,
        address=workspace_address(owner.slug),
        workspace=owner,
    )


def _seated(context: Context, person: Account, workspace: str) -> Workspace:
    owner = context.world.workspaces.get(workspace)
    if owner is None or person.account_id not in owner.seats:
        raise not_found(context, "workspace")
    return owner


def _require(context: Context, noun: str, *, is_admin: bool) -> None:
    if not is_admin:
        words = f"Only an administrator of this {noun} may see its settings."
        raise Refusal(page(context, "No access", render("message.html", title="No access", words=words), 403))
