"""Where a leaver was given something by name: known from the inventory, or to be asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Person, Workspace
from bitbucket.person_reading import PersonReading
from offboarding.models import Plan
from offboarding.operations.rows import NewStep, add_steps
from offboarding.states import StepKind
from tokens.inventory.freshness import fresh_since
from tokens.models import Grant, Part, PartKind, Project, Repository

REPOSITORY, PROJECT = "repository", "project"
# Steps stand in this order: projects first, each gives rights to many repositories.
_FIRST_PROJECT, _FIRST_REPOSITORY = 1_000, 2_000


@dataclass(frozen=True)
class Where:
    """One place. ``address`` is how a call names it: a repository's uuid, because slugs change, or a project's key."""

    where: str
    address: str
    name: str

    def users_path(self, workspace: str) -> str:
        """Where the grants of users are listed, and taken away one by one.

        Args:
            workspace: its uuid.
        """
        place = "repositories/{}" if self.where == REPOSITORY else "workspaces/{}/projects"
        return f"/2.0/{place.format(workspace)}/{self.address}/permissions-config/users"

    def as_list(self) -> list[str]:
        """For a step's target."""
        return [self.where, self.address, self.name]


def place_of(project: Project | None, repository: Repository | None) -> Where:
    """The place of a row of the inventory."""
    if repository is not None:
        return Where(REPOSITORY, repository.uuid, repository.full_name)
    assert project is not None
    return Where(PROJECT, project.key, project.key)


def places_with_grants(person: Person, workspace: Workspace) -> list[Where]:
    """Where the inventory knows a grant by name of this person."""
    here = Q(repository__workspace=workspace) | Q(project__workspace=workspace)
    grants = Grant.objects.filter(here, person=person, gone_at=None).select_related("repository", "project")
    return [place_of(grant.project, grant.repository) for grant in grants.order_by("pk")]


def places_to_ask(workspace: Workspace, reading: PersonReading | None, live_projects: Sequence[str]) -> list[Where]:
    """Where a grant by name may be that the inventory did not read lately.

    Every project is asked, also one that holds nothing the person reaches: a right to create repositories shows
    nowhere else.

    Args:
        workspace: where.
        reading: what the person reaches, and so may have been given; None where that could not be narrowed to one
            person: then every place of the workspace may hold something.
        live_projects: keys of projects as Bitbucket lists them now; empty where the inventory's list is fresh.
    """
    repositories = Repository.objects.filter(workspace=workspace, gone_at=None)
    unknown: list[Where] = []
    if reading is not None:
        reached = {one.uuid or one.full_name: one.full_name for one in reading.repositories}
        repositories = repositories.filter(Q(uuid__in=reached) | Q(full_name__in=reached))
        known = {key for row in repositories.values_list("uuid", "full_name") for key in row}
        unknown = [Where(REPOSITORY, key, name) for key, name in reached.items() if key not in known]
    asked = [place_of(None, one) for one in repositories.exclude(pk__in=_fresh("repository")).order_by("pk")]
    return [*_projects_to_ask(workspace, live_projects), *asked, *unknown]


def _projects_to_ask(workspace: Workspace, live: Sequence[str]) -> list[Where]:
    projects = Project.objects.filter(workspace=workspace, gone_at=None)
    stale = set(projects.exclude(pk__in=_fresh("project")).values_list("key", flat=True))
    new = set(live) - set(projects.values_list("key", flat=True))
    return [Where(PROJECT, key, key) for key in sorted(stale | new)]


def is_project_list_fresh(workspace: Workspace) -> bool:
    """Whether the inventory read the workspace's projects to their end lately."""
    return _fresh_parts(PartKind.PROJECTS).filter(workspace=workspace).exists()


def _fresh(place: str) -> "QuerySet[Part, Any]":
    """The repositories, or projects, whose grants were read to their end lately."""
    found: QuerySet[Part, Any] = _fresh_parts(PartKind.USER_GRANTS).filter(**{f"{place}__isnull": False}).values(place)
    return found


def _fresh_parts(kind: PartKind) -> "QuerySet[Part]":
    return Part.objects.filter(kind=kind, retired_at=None, problem="", observed_at__gte=fresh_since(timezone.now()))


def add_grants(plan: Plan, workspace: Workspace, places: Sequence[Where], *, round_number: int = 1) -> int:
    """One step for each grant to remove; a place that has its step in this round already gets no second one."""
    news = [_step(plan, workspace, where, number, round_number) for number, where in enumerate(places)]
    return add_steps(plan, StepKind.REMOVE_GRANT, news)


def _step(plan: Plan, workspace: Workspace, where: Where, number: int, round_number: int) -> NewStep:
    first = _FIRST_PROJECT if where.where == PROJECT else _FIRST_REPOSITORY
    target: dict[str, Any] = {"where": where.where, "address": where.address, "name": where.name}
    return NewStep(
        StepKind.REMOVE_GRANT,
        key=f"grant:{workspace.pk}:{where.where}:{where.address}:{round_number}"[:200],
        title=f"Remove {plan.person}'s grant at {where.where} {where.name}",
        position=first + number,
        target=target,
        workspace=workspace,
    )
