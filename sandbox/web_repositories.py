"""A repository's page."""

from werkzeug.wrappers import Response

from sandbox.context import Context
from sandbox.html import page, render
from sandbox.model import Account
from sandbox.sessions import Session
from sandbox.token_places import project_address, repository_address, visible_repository, workspace_address
from sandbox.web import signed_in


@signed_in
def repository(context: Context, session: Session, person: Account, workspace: str, repository: str) -> Response:
    """GET /{workspace}/{repository}."""
    owner, found, permission = visible_repository(context, person, workspace, repository)
    body = render(
        "repository.html",
        workspace=owner.name,
        name=found.name,
        clone=f"{context.base_url}/{found.full_name}.git",
        permission=permission,
        repository_tokens=repository_address(found),
        project_tokens=project_address(owner.slug, found.project_key),
        workspace_tokens=workspace_address(owner.slug),
    )
    return page(context, found.full_name, body)
