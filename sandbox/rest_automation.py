"""REST operations on what one leaver leaves behind: runs, variables, runners, schedules, rules, reviewers.

Sources: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pipelines/ , .../api-group-branch-restrictions/
and .../api-group-pullrequests/ (default reviewers). Who may read variables and runners is told nowhere; here runners
and the workspace's variables are for administrators.
"""

from typing import Any

from werkzeug.wrappers import Response

from sandbox import automation_shapes, shapes
from sandbox.answers import Refusal, as_json, bitbucket_error
from sandbox.context import Context
from sandbox.model import Account, Repository
from sandbox.paging import chosen, page_of, same
from sandbox.rest import administered_workspace
from sandbox.rest_projects import administered
from sandbox.rest_repositories import visible_repository


def _people(context: Context, account_ids: list[str] | tuple[str, ...]) -> list[Account]:
    return [context.world.accounts[one] for one in account_ids if one in context.world.accounts]


def branch_restrictions(context: Context, workspace: str, repository: str) -> Response:
    """GET .../branch-restrictions, by `kind` and `pattern`; for administrators of the repository."""
    owner, place = administered(context, "repository", workspace, repository)
    rules = owner.automation.restrictions.get(place.uuid, [])
    for name in ("kind", "pattern"):
        if wanted := context.request.args.get(name):
            rules = [one for one in rules if getattr(one, name) == wanted]
    base = context.base_url
    return page_of(
        context.request,
        rules,
        lambda one: automation_shapes.restriction(one, owner, _people(context, one.users), base),
    )


def default_reviewers(context: Context, workspace: str, repository: str) -> Response:
    """GET /repositories/.../default-reviewers."""
    owner, place = visible_repository(context, workspace, repository)
    people = _people(context, owner.automation.reviewers.get(place.uuid, []))
    return page_of(context.request, people, lambda one: shapes.person(one, context.base_url))


def project_default_reviewers(context: Context, workspace: str, project_key: str) -> Response:
    """GET /workspaces/.../projects/.../default-reviewers; for administrators of the project."""
    owner, place = administered(context, "project", workspace, project_key)
    people = _people(context, owner.automation.reviewers.get(place.uuid, []))

    def record(person: Account) -> dict[str, Any]:
        shown = shapes.person(person, context.base_url)
        return {"type": "default_reviewer", "reviewer_type": "project", "user": shown}

    return page_of(context.request, people, record)


def pipelines(context: Context, workspace: str, repository: str) -> Response:
    """GET .../pipelines, by `creator.uuid`, sorted by one field: `-created_on` has the newest first."""
    owner, place = visible_repository(context, workspace, repository)
    records = [
        automation_shapes.pipeline(one, place, context.world.accounts.get(one.creator), context.base_url)
        for one in owner.automation.pipelines.get(place.uuid, [])
    ]
    if wanted := context.request.args.get("creator.uuid"):
        records = [one for one in records if one.get("creator", {}).get("uuid") == wanted]
    return page_of(context.request, chosen(context.request, records), same)


def repository_variables(context: Context, workspace: str, repository: str) -> Response:
    """GET .../pipelines_config/variables: the values of unsecured ones only."""
    owner, place = visible_repository(context, workspace, repository)
    return page_of(context.request, owner.automation.variables.get(place.uuid, []), automation_shapes.variable)


def environments(context: Context, workspace: str, repository: str) -> Response:
    """GET .../environments."""
    owner, place = visible_repository(context, workspace, repository)
    return page_of(context.request, owner.automation.environments.get(place.uuid, []), automation_shapes.environment)


def environment_variables(context: Context, workspace: str, repository: str, environment_uuid: str) -> Response:
    """GET .../deployments_config/environments/{environment_uuid}/variables."""
    owner, place = visible_repository(context, workspace, repository)
    known = [one.uuid for one in owner.automation.environments.get(place.uuid, [])]
    if environment_uuid not in known:
        raise Refusal(bitbucket_error(404, "Environment not found."))
    return page_of(context.request, owner.automation.variables.get(environment_uuid, []), automation_shapes.variable)


def workspace_variables(context: Context, workspace: str) -> Response:
    """GET /workspaces/{workspace}/pipelines-config/variables."""
    owner = administered_workspace(context, workspace)
    return page_of(context.request, owner.automation.variables.get(owner.uuid, []), automation_shapes.variable)


def workspace_runners(context: Context, workspace: str) -> Response:
    """GET /workspaces/{workspace}/pipelines-config/runners."""
    owner = administered_workspace(context, workspace)
    return page_of(context.request, owner.automation.runners.get(owner.uuid, []), automation_shapes.runner)


def repository_runners(context: Context, workspace: str, repository: str) -> Response:
    """GET /repositories/.../pipelines-config/runners."""
    owner, place = administered(context, "repository", workspace, repository)
    return page_of(context.request, owner.automation.runners.get(place.uuid, []), automation_shapes.runner)


def schedules(context: Context, workspace: str, repository: str) -> Response:
    """GET .../pipelines_config/schedules."""
    owner, place = visible_repository(context, workspace, repository)
    return page_of(context.request, owner.automation.schedules.get(place.uuid, []), automation_shapes.schedule)


def ssh_key_pair(context: Context, workspace: str, repository: str) -> Response:
    """GET .../pipelines_config/ssh/key_pair: the public half; 404 where there is no pair."""
    owner, place = visible_repository(context, workspace, repository)
    return _key_pair(owner.automation.ssh_keys.get(place.uuid), place)


def _key_pair(text: str | None, place: Repository) -> Response:
    if text is None:
        raise Refusal(bitbucket_error(404, f"No SSH key pair in {place.full_name}."))
    return as_json({"type": "pipeline_ssh_key_pair", "public_key": text})
