"""The invented company's workspace, people, projects, repositories and grants."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.models import Person, Seat, Workspace
from tokens.inventory.scale.copying import copy_rows
from tokens.models import Grant, Project, Repository

ACCOUNT_PREFIX = "712020:scale-"
BATCH = 2_000
_FIRST = ("Ada", "Ben", "Chen", "Dora", "Elif", "Femi", "Gita", "Hugo", "Ines", "Jun", "Kofi", "Lena", "Mara", "Nils")
_LAST = ("Abel", "Berg", "Costa", "Diaz", "Eder", "Fuchs", "Grant", "Hahn", "Ito", "Kaya", "Lang", "Novak", "Rossi")
_AREAS = ["web", "api", "billing", "search", "mobile", "infra", "data", "auth", "docs", "build"]
_GROUPS = ("developers", "administrators", "contractors", "build-machines")
_PERMISSIONS = ("read", "write", "write", "admin")
_LEFT_SHARE = 0.03


def make_workspace() -> Workspace:
    """The one workspace: that which is there already, so that a demo's own people see its repositories."""
    known = Workspace.objects.order_by("pk").first()
    return known or Workspace.objects.create(uuid="{scale-workspace}", slug="scale", name="Scale")


def make_people(count: int, workspace: Workspace, dice: Random, now: datetime) -> list[Person]:
    """People with a seat; a few of them have left."""
    people = Person.objects.bulk_create([_person(number, dice) for number in range(count)], batch_size=BATCH)
    seats = [
        Seat(person=person, workspace=workspace, role="member", observed_at=now)
        for person in people
        if person.account_status == "active"
    ]
    Seat.objects.bulk_create(seats, batch_size=BATCH)
    return people


def _person(number: int, dice: Random) -> Person:
    first, last = _FIRST[number % len(_FIRST)], _LAST[number // len(_FIRST) % len(_LAST)]
    generation = number // (len(_FIRST) * len(_LAST))
    name = f"{first} {last}{f' {generation + 1}' if generation else ''}"
    email = f"{first}.{last}.{number}@scale.example".lower()
    return Person(
        account_id=f"{ACCOUNT_PREFIX}{number:06}",
        uuid=f"{{scale-person-{number:06}}}",
        display_name=name,
        nickname=f"{first}{number}".lower(),
        email=email,
        confirmed_emails=[email],
        account_status="inactive" if dice.random() < _LEFT_SHARE else "active",
    )


def make_projects(count: int, workspace: Workspace, now: datetime) -> list[Project]:
    """Projects, named after what they are about."""
    seen = _seen(now)
    rows = [
        Project(
            workspace=workspace, uuid=f"{{scale-project-{number:05}}}", key=f"P{number}", name=_area(number), **seen
        )
        for number in range(count)
    ]
    return Project.objects.bulk_create(rows, batch_size=BATCH)


def make_repositories(count: int, projects: list[Project], dice: Random, now: datetime) -> list[Repository]:
    """Repositories, spread over the projects."""
    rows = [_repository(number, projects[number % len(projects)], dice, now) for number in range(count)]
    return Repository.objects.bulk_create(rows, batch_size=BATCH)


def _repository(number: int, project: Project, dice: Random, now: datetime) -> Repository:
    slug = f"{_area(number)}-{number:05}".lower().replace(" ", "-")
    return Repository(
        workspace=project.workspace,
        project=project,
        uuid=f"{{scale-repository-{number:06}}}",
        slug=slug,
        full_name=f"{project.workspace.slug}/{slug}",
        name=slug,
        secrets={"variables": dice.randrange(6)} if dice.random() < 0.3 else {},
        secrets_observed_at=now,
        **_seen(now),
    )


def _area(number: int) -> str:
    return f"{_AREAS[number % len(_AREAS)]} {number // len(_AREAS)}".capitalize()


def _seen(now: datetime) -> dict[str, Any]:
    return {"first_seen_at": now - timedelta(days=200), "observed_at": now - timedelta(hours=5)}


def make_grants(repositories: list[Repository], people: list[Person], dice: Random, now: datetime) -> int:
    """Three people and a group on each repository; how many grants that are."""
    rows: list[Grant] = []
    for repository in repositories:
        holders = dice.sample(people, min(3, len(people)))
        rows.extend(_grant(repository, dice, now, person=person) for person in holders)
        group = dice.choice(_GROUPS)
        rows.append(_grant(repository, dice, now, group_slug=group, group_name=group.capitalize()))
    copy_rows(rows)
    return len(rows)


def _grant(repository: Repository, dice: Random, now: datetime, **whose: Any) -> Grant:
    return Grant(repository=repository, permission=dice.choice(_PERMISSIONS), **_seen(now), **whose)
