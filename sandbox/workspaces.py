"""A workspace: its seats, groups, projects, repositories, and the rights that follow from what was granted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.automation import Automation
from sandbox.deploy_keys import DeployKeys
from sandbox.effective import effective_rights
from sandbox.explicit import AS_REPOSITORY_RIGHT, ExplicitGrants, Level
from sandbox.model import RANK, Group, Project, Repository


@dataclass
class Workspace:
    """A workspace with its seats (account id to owner, create-project or member) and explicit grants.

    Effective rights are derived: an owner administers everything, nobody without a seat reaches anything, everybody
    else has the strongest of their own and their groups' grants on the repository and on its project.
    """

    slug: str
    name: str
    uuid: str
    created_at: datetime
    seats: dict[str, str] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    grants: ExplicitGrants = field(default_factory=ExplicitGrants)
    deploy_keys: DeployKeys = field(default_factory=DeployKeys)
    automation: Automation = field(default_factory=Automation)
    _repositories: dict[str, Repository] = field(default_factory=dict)
    _by_slug: dict[str, Repository] = field(default_factory=dict)
    _projects: dict[str, Project] = field(default_factory=dict)
    _derived: tuple[int, dict[str, dict[str, str]], dict[str, str]] = (-1, {}, {})

    @property
    def repositories(self) -> list[Repository]:
        """The repositories in their order."""
        return list(self._repositories.values())

    @property
    def projects(self) -> list[Project]:
        """The projects in their order."""
        return list(self._projects.values())

    def repository(self, name: str) -> Repository | None:
        """Find a repository by slug or uuid."""
        return self._by_slug.get(name) or self._repositories.get(name)

    def project(self, name: str) -> Project | None:
        """Find a project by key or uuid."""
        return self._projects.get(name) or next((one for one in self._projects.values() if one.uuid == name), None)

    def put_repository(self, repository: Repository) -> None:
        """Add a repository, or replace the one with the same uuid (a rename); raises ValueError for a taken slug."""
        taken = self._by_slug.get(repository.slug)
        if taken is not None and taken.uuid != repository.uuid:
            raise ValueError(f"there is a repository {repository.slug} already")
        before = self._repositories.get(repository.uuid)
        if before is not None:
            del self._by_slug[before.slug]
        self._repositories[repository.uuid] = self._by_slug[repository.slug] = repository
        self.touch()

    def drop_repository(self, repository: Repository) -> None:
        """Delete a repository with everything granted on it and every key it holds."""
        self._repositories.pop(repository.uuid, None)
        self._by_slug.pop(repository.slug, None)
        self.deploy_keys.drop_place(repository.uuid)
        self.grants.drop_place(repository.uuid)

    def put_project(self, project: Project) -> None:
        """Add a project, or replace the one with the same uuid; its repositories follow a new key."""
        before = next((one for one in self._projects.values() if one.uuid == project.uuid), None)
        if project.key in self._projects and (before is None or before.key != project.key):
            raise ValueError(f"there is a project {project.key} already")
        if before is not None:
            self._projects = {one.key: one for one in (project if it is before else it for it in self.projects)}
            for one in [one for one in self.repositories if one.project_key == before.key]:
                self.put_repository(one.moved(project.key))
        self._projects[project.key] = project
        self.touch()

    def drop_project(self, project: Project) -> None:
        """Delete a project; raises ValueError while repositories are in it."""
        if any(one.project_key == project.key for one in self._repositories.values()):
            raise ValueError(f"project {project.key} still holds repositories")
        self._projects.pop(project.key, None)
        self.deploy_keys.drop_place(project.uuid)
        self.grants.drop_place(project.uuid)

    def replace_places(self, projects: list[Project], repositories: list[Repository]) -> None:
        """Forget all projects and repositories and take these instead."""
        self._projects = {one.key: one for one in projects}
        self._repositories = {one.uuid: one for one in repositories}
        self._by_slug = {one.slug: one for one in repositories}
        self.touch()

    def place(self, level: Level, name: str) -> Repository | Project | None:
        """Find a repository or a project."""
        return self.repository(name) if level == "repository" else self.project(name)

    def groups_of(self, account_id: str) -> list[str]:
        """List the slugs of a person's groups."""
        return [group.slug for group in list(self.groups.values()) if account_id in group.members]

    def touch(self) -> None:
        """Say that groups, repositories or projects changed, so that rights are derived anew."""
        self.grants.version += 1

    def rights_of(self, account_id: str) -> Mapping[str, str]:
        """Give the effective right per repository uuid, in the repositories' order; no seat means none at all."""
        seat = self.seats.get(account_id)
        if seat is None:
            return {}
        _, rights, owners = self._current()
        return owners if seat == "owner" else rights.get(account_id, {})

    def permission(self, account_id: str, repository: Repository) -> str:
        """Give one person's effective right on one repository: none, read, write or admin."""
        seat = self.seats.get(account_id)
        if seat in (None, "owner") or repository.uuid not in self._repositories:
            return "admin" if seat == "owner" else "none"
        project = self._projects[repository.project_key]
        found = [
            *self._given("repository", repository.uuid, account_id),
            *self._given("project", project.uuid, account_id),
        ]
        return max((AS_REPOSITORY_RIGHT.get(one, one) for one in found), key=RANK.__getitem__, default="none")

    def administers(self, account_id: str, project: Project) -> bool:
        """Tell whether a person administers a project."""
        seat = self.seats.get(account_id)
        return seat == "owner" or (seat is not None and "admin" in self._given("project", project.uuid, account_id))

    def has_project_grant(self, account_id: str, project: Project) -> bool:
        """Tell whether a person holds any grant on a project, directly or through a group."""
        return bool(self._given("project", project.uuid, account_id))

    def _given(self, level: Level, place: str, account_id: str) -> list[str]:
        own = self.grants.on(level, "users", place).get(account_id)
        groups = list(self.grants.on(level, "groups", place).items())
        mine = self.groups_of(account_id) if groups else []
        through = [right for slug, right in groups if slug in mine]
        return through if own is None else [own, *through]

    def _current(self) -> tuple[int, dict[str, dict[str, str]], dict[str, str]]:
        with self.grants.lock:
            if self._derived[0] != self.grants.version:
                rights = effective_rights(self.grants, self.groups, self.repositories, self._projects)
                owners = dict.fromkeys(self._repositories, "admin")
                self._derived = (self.grants.version, rights, owners)
            return self._derived
