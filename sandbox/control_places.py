"""Levers on projects and repositories: adding, renaming, deleting."""

from dataclasses import replace
from typing import Any

from werkzeug.wrappers import Response

from sandbox import keys
from sandbox.answers import Refusal, as_json
from sandbox.context import Context
from sandbox.control import body_of
from sandbox.control_people import known_workspace
from sandbox.model import Project, Repository
from sandbox.workspaces import Workspace


def _project(owner: Workspace, name: str) -> Project:
    found = owner.project(name)
    if found is None:
        raise Refusal(as_json({"error": f"there is no project {name}"}, 404))
    return found


def _repository(owner: Workspace, name: str) -> Repository:
    found = owner.repository(name)
    if found is None:
        raise Refusal(as_json({"error": f"there is no repository {name}"}, 404))
    return found


def _shown(one: Repository | Project) -> dict[str, Any]:
    if isinstance(one, Repository):
        return {"uuid": one.uuid, "slug": one.slug, "name": one.name, "project": one.project_key}
    return {"uuid": one.uuid, "key": one.key, "name": one.name}


def _new_uuid(context: Context, kind: str, name: str) -> str:
    return keys.braced(context.world.options.seed, "lever", kind, name, context.world.now().isoformat())


def add_project(context: Context, workspace: str) -> Response:
    """POST /_sandbox/workspaces/{ws}/projects: `key`, `name`."""
    owner, body = known_workspace(context, workspace), body_of(context)
    made = Project(
        str(body["key"]), str(body.get("name", body["key"])), _new_uuid(context, "project", str(body["key"]))
    )
    with context.world.change():
        owner.put_project(made)
    return as_json(_shown(made), 201)


def rename_project(context: Context, workspace: str, project: str) -> Response:
    """POST /_sandbox/workspaces/{ws}/projects/{key}: another `key`, `name`; its tokens come along."""
    owner, body = known_workspace(context, workspace), body_of(context)
    found = _project(owner, project)
    changed = replace(found, key=str(body.get("key", found.key)), name=str(body.get("name", found.name)))
    with context.world.change():
        owner.put_project(changed)
        for token in context.world.access_tokens_of(owner, project=found.key):
            token.project_key = changed.key
    return as_json(_shown(changed))


def drop_project(context: Context, workspace: str, project: str) -> Response:
    """DELETE /_sandbox/workspaces/{ws}/projects/{key}, which must be empty."""
    owner = known_workspace(context, workspace)
    found = _project(owner, project)
    with context.world.change():
        owner.drop_project(found)
        for token in context.world.access_tokens_of(owner, project=found.key):
            del context.world.access_tokens[token.id]
    return Response(status=204)


def add_repository(context: Context, workspace: str) -> Response:
    """POST /_sandbox/workspaces/{ws}/repositories: `slug`, `project`, `name`."""
    owner, body = known_workspace(context, workspace), body_of(context)
    slug = str(body["slug"])
    made = Repository(
        index=len(owner.repositories),
        workspace_slug=owner.slug,
        slug=slug,
        name=str(body.get("name", slug)),
        uuid=_new_uuid(context, "repository", slug),
        project_key=_project(owner, str(body["project"])).key,
        created_at=context.world.now(),
    )
    with context.world.change():
        owner.put_repository(made)
    return as_json(_shown(made), 201)


def rename_repository(context: Context, workspace: str, repository: str) -> Response:
    """POST /_sandbox/workspaces/{ws}/repositories/{slug}: another `slug`, `name`, `project`; its tokens come along."""
    owner, body = known_workspace(context, workspace), body_of(context)
    found = _repository(owner, repository)
    key = _project(owner, str(body.get("project", found.project_key))).key
    slug = str(body.get("slug", found.slug))
    changed = replace(found, slug=slug, name=str(body.get("name", slug)), project_key=key)
    with context.world.change():
        owner.put_repository(changed)
        for token in context.world.access_tokens_of(owner, repository=found.slug):
            token.repository_slug = slug
    return as_json(_shown(changed))


def drop_repository(context: Context, workspace: str, repository: str) -> Response:
    """DELETE /_sandbox/workspaces/{ws}/repositories/{slug}: with its grants, deploy keys and access tokens."""
    owner = known_workspace(context, workspace)
    found = _repository(owner, repository)
    with context.world.change():
        owner.drop_repository(found)
        for token in context.world.access_tokens_of(owner, repository=found.slug):
            del context.world.access_tokens[token.id]
    return Response(status=204)
