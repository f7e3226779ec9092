"""How pipelines, variables, runners and rules look in Bitbucket's JSON."""

from typing import Any

from sandbox import shapes
from sandbox.automation import Environment, Pipeline, PullRequest, Restriction, Runner, Schedule, Variable
from sandbox.model import Account, Repository
from sandbox.workspaces import Workspace


def pipeline(one: Pipeline, repository: Repository, creator: Account | None, base: str) -> dict[str, Any]:
    """Give a run that ended well; a creator whose account is gone is left out."""
    record: dict[str, Any] = {
        "type": "pipeline",
        "uuid": one.uuid,
        "build_number": one.number,
        "repository": shapes.repository_reference(repository, base),
        "target": _target(one.branch),
        "trigger": {"type": f"pipeline_trigger_{one.trigger}"},
        "state": {
            "type": "pipeline_state_completed",
            "name": "COMPLETED",
            "result": {"type": "pipeline_state_completed_successful", "name": "SUCCESSFUL"},
        },
        "created_on": shapes.moment(one.created_at),
        "completed_on": shapes.moment(one.created_at),
        "build_seconds_used": 42,
    }
    return record if creator is None else record | {"creator": shapes.person(creator, base)}


def _target(branch: str) -> dict[str, Any]:
    return {"type": "pipeline_ref_target", "ref_type": "branch", "ref_name": branch}


def variable(one: Variable) -> dict[str, Any]:
    """Give a variable; a secured one without its value."""
    record = {"type": "pipeline_variable", "uuid": one.uuid, "key": one.key, "secured": one.secured}
    return record if one.secured else record | {"value": one.value}


def environment(one: Environment) -> dict[str, Any]:
    """Give a deployment environment."""
    return {"type": "deployment_environment", "uuid": one.uuid, "name": one.name}


def runner(one: Runner) -> dict[str, Any]:
    """Give a runner; of its OAuth client only the id, which is no secret."""
    created = shapes.moment(one.created_at)
    return {
        "type": "pipeline_runner",
        "uuid": one.uuid,
        "name": one.name,
        "labels": list(one.labels),
        "state": {"type": "pipeline_runner_state", "status": one.status, "updated_on": created, "cordoned": False},
        "created_on": created,
        "updated_on": created,
        "oauth_client": {"type": "pipeline_runner_oauth_client", "id": f"runner-{one.uuid.strip('{}')[:8]}"},
    }


def schedule(one: Schedule) -> dict[str, Any]:
    """Give a schedule."""
    selector = {"type": "default"}
    return {
        "type": "pipeline_schedule",
        "uuid": one.uuid,
        "enabled": True,
        "cron_pattern": one.cron,
        "target": _target(one.branch) | {"selector": selector},
        "created_on": shapes.moment(one.created_at),
        "updated_on": shapes.moment(one.created_at),
    }


def restriction(one: Restriction, owner: Workspace, people: list[Account], base: str) -> dict[str, Any]:
    """Give a rule on branches with who is exempt."""
    return {
        "type": "branchrestriction",
        "id": one.id,
        "kind": one.kind,
        "branch_match_kind": "glob",
        "pattern": one.pattern,
        "users": [shapes.person(person, base) for person in people],
        "groups": [shapes.group(owner.groups[slug], owner) for slug in one.groups if slug in owner.groups],
    }


def _end(repository: Repository, branch: str, base: str) -> dict[str, Any]:
    return {"branch": {"name": branch}, "repository": shapes.repository_reference(repository, base)}


def pull_request(one: PullRequest, repository: Repository, people: dict[str, Account], base: str) -> dict[str, Any]:
    """Give an open pull request; accounts that are gone are left out."""
    address = f"{base}/{repository.full_name}/pull-requests/{one.id}"
    record: dict[str, Any] = {
        "type": "pullrequest",
        "id": one.id,
        "title": one.title,
        "state": "OPEN",
        "source": _end(repository, one.branch, base),
        "destination": _end(repository, "main", base),
        "reviewers": [shapes.person(people[name], base) for name in one.reviewers if name in people],
        "created_on": shapes.moment(one.created_at),
        "updated_on": shapes.moment(one.created_at),
        "links": {"html": {"href": address}},
    }
    return record | ({"author": shapes.person(people[one.author], base)} if one.author in people else {})
