"""Builds the workspaces: projects, repositories, seats; what is granted comes from `seed_grants`."""

from datetime import datetime, timedelta

from sandbox import cast, keys
from sandbox.model import Account, Project, Repository
from sandbox.options import Options
from sandbox.seed_automation import automate
from sandbox.seed_grants import Shares, grant_everything
from sandbox.seed_keys import add_deploy_keys
from sandbox.workspaces import Workspace


def _project(number: int, seed: int) -> Project:
    names = cast.PROJECT_NAMES
    name = names[number] if number < len(names) else f"Project {number + 1}"
    key = name[:4].upper() if number < len(names) else f"P{number + 1}"
    return Project(key, name, keys.braced(seed, "project", key))


def repository_slug(index: int) -> str:
    """Give the name of the repository at this place: names first, then numbered services."""
    names = cast.REPOSITORY_NAMES
    return names[index] if index < len(names) else f"service-{index + 1:03d}"


def workspace(options: Options, people: list[Account], epoch: datetime) -> Workspace:
    """Make the workspace everything happens in."""
    made = Workspace(cast.WORKSPACE, "Acme", keys.braced(options.seed, "workspace", cast.WORKSPACE), epoch)
    projects = [_project(number, options.seed) for number in range(max(1, options.projects))]
    for project in projects:
        made.put_project(project)
    shares = Shares.of(options)
    for index in range(options.repositories):
        project = projects[_place(index, len(projects), shares)]
        made.put_repository(_repository(made, index, project, options.seed, epoch))
    _seat_everybody(made, people)
    grant_everything(made, people, shares)
    add_deploy_keys(made, people, options.seed, epoch)
    automate(made, people, options.seed, epoch)
    return made


def _place(index: int, projects: int, shares: Shares) -> int:
    """Deal repositories out in turn; the last two projects hold only what Lee writes, and reads.

    So a grant on those projects reaches nothing that Lee would not reach anyway.
    """
    number = index % projects
    least = {projects - 1: shares.lee_writes, projects - 2: shares.lee_reads}
    if projects > 2 and index >= least.get(number, index + 1):
        return index % (projects - 2)
    return number


def _repository(owner: Workspace, index: int, project: Project, seed: int, epoch: datetime) -> Repository:
    slug = repository_slug(index)
    created = epoch - timedelta(days=700 - index % 600)
    return Repository(index, owner.slug, slug, slug, keys.braced(seed, "repo", owner.slug, slug), project.key, created)


def _seat_everybody(made: Workspace, people: list[Account]) -> None:
    roles = {role.key: role for role in cast.CAST}
    for person in people:
        role = roles.get(person.key)
        seat = ("owner" if person.key == "member-1" else "member") if role is None else role.seat
        if seat:
            made.seats[person.account_id] = seat


def other_workspace(options: Options, people: list[Account], epoch: datetime) -> Workspace:
    """Make a second, small workspace: Sam's own, with a seat for Emma, so that narrowing a token means something."""
    by_key = {person.key: person.account_id for person in people}
    uuid = keys.braced(options.seed, "workspace", cast.OTHER_WORKSPACE)
    made = Workspace(cast.OTHER_WORKSPACE, "Sidecar", uuid, epoch)
    made.put_project(Project("SIDE", "Side project", keys.braced(options.seed, "project", "SIDE")))
    for index, slug in enumerate(("notes", "garden")):
        repository_uuid = keys.braced(options.seed, "repo", made.slug, slug)
        made.put_repository(Repository(index, made.slug, slug, slug, repository_uuid, "SIDE", epoch))
    made.seats = {by_key["sam"]: "owner", by_key["emma"]: "member"}
    made.grants.set("repository", "users", made.repositories[0].uuid, by_key["emma"], "read")
    return made
