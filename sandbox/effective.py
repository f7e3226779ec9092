"""Effective rights, derived from explicit grants in one pass over the repositories."""

from collections import defaultdict
from collections.abc import Mapping

from sandbox.explicit import AS_REPOSITORY_RIGHT, ExplicitGrants, Level
from sandbox.model import RANK, Group, Project, Repository

Rights = dict[str, dict[str, str]]


def effective_rights(
    grants: ExplicitGrants,
    groups: Mapping[str, Group],
    repositories: list[Repository],
    projects: Mapping[str, Project],
) -> Rights:
    """Give, per account id, the right per repository uuid in the repositories' order; seats are not looked at."""
    by_project = {key: _people_of(grants, groups, "project", one.uuid) for key, one in projects.items()}
    rights: Rights = defaultdict(dict)
    for repository in repositories:
        here = dict(by_project[repository.project_key])
        for account_id, permission in _people_of(grants, groups, "repository", repository.uuid).items():
            _strengthen(here, account_id, permission)
        for account_id, permission in here.items():
            rights[account_id][repository.uuid] = permission
    return dict(rights)


def _people_of(grants: ExplicitGrants, groups: Mapping[str, Group], level: Level, place: str) -> dict[str, str]:
    people: dict[str, str] = {}
    for account_id, permission in grants.on(level, "users", place).items():
        _strengthen(people, account_id, AS_REPOSITORY_RIGHT.get(permission, permission))
    for slug, permission in grants.on(level, "groups", place).items():
        group = groups.get(slug)
        for account_id in group.members if group else ():
            _strengthen(people, account_id, AS_REPOSITORY_RIGHT.get(permission, permission))
    return people


def _strengthen(people: dict[str, str], account_id: str, permission: str) -> None:
    if RANK[permission] > RANK[people.get(account_id, "none")]:
        people[account_id] = permission
