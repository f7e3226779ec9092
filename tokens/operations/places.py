"""Projects and repositories as a complete list of a workspace shows them. Call these inside the read's transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import F, QuerySet

from accounts.models import Workspace
from bitbucket import resources
from tokens.inventory.labels import clean_label
from tokens.models import Credential, Grant, Project, Repository

Place = TypeVar("Place", Project, Repository)
_AT_ONCE = 500
_NAME = 255


def write_projects(workspace: Workspace, listed: Sequence[resources.Project], *, at: datetime) -> None:
    """Let the projects of a workspace be those of a complete list: new, renamed, gone, back again.

    Args:
        listed: all of them.
        at: when the read began.
    """
    columns = {one.uuid: {"key": one.key[:100], "name": clean_label(one.name, length=_NAME)} for one in listed}
    _write(Project.objects.filter(workspace=workspace), workspace, columns, at)


def write_repositories(workspace: Workspace, listed: Sequence[resources.Repository], *, at: datetime) -> None:
    """Let the repositories of a workspace be those of a complete list: new, renamed, moved, gone, back again.

    A project that only a repository names so far is made; its own list tells the name, or that it is gone.

    Args:
        listed: all of them.
        at: when the read began.
    """
    projects = dict(Project.objects.filter(workspace=workspace).values_list("uuid", "pk"))
    named = {
        one.project_uuid: one.project_key for one in listed if one.project_uuid and one.project_uuid not in projects
    }
    if named:
        Project.objects.bulk_create(
            [
                Project(workspace=workspace, uuid=uuid, key=named[uuid][:100], first_seen_at=at, observed_at=at)
                for uuid in sorted(named)
            ],
            ignore_conflicts=True,
        )
        projects = dict(Project.objects.filter(workspace=workspace).values_list("uuid", "pk"))
    columns = {one.uuid: _columns(one, projects) for one in listed}
    _write(Repository.objects.filter(workspace=workspace), workspace, columns, at)


def _columns(one: resources.Repository, projects: dict[str, int]) -> dict[str, Any]:
    return {
        "slug": one.slug[:_NAME],
        "full_name": one.full_name[:512],
        "name": clean_label(one.name, length=_NAME),
        "is_private": one.is_private,
        "project_id": projects.get(one.project_uuid),
    }


def _write(rows: QuerySet[Place], workspace: Workspace, listed: dict[str, dict[str, Any]], at: datetime) -> None:
    known = {row.uuid: row for row in rows}
    model = rows.model
    model._default_manager.bulk_create(
        [
            model(workspace=workspace, uuid=uuid, first_seen_at=at, observed_at=at, **columns)
            for uuid, columns in listed.items()
            if uuid not in known
        ],
        batch_size=_AT_ONCE,
        ignore_conflicts=True,
    )
    changed = [row for uuid, row in known.items() if uuid in listed and _apply(row, listed[uuid])]
    if changed:
        names = [*next(iter(listed.values())), "gone_at"]
        model._default_manager.bulk_update(changed, names, batch_size=_AT_ONCE)
        if model is Repository:
            # What keys are searched by holds its name, and the database works that out when their own row is written.
            Credential.objects.filter(repository__in=changed).update(name=F("name"))
    rows.filter(uuid__in=listed.keys() & known.keys()).update(observed_at=at)
    _end([row for row in known.values() if row.uuid not in listed and row.gone_at is None], model, at)


def _apply(row: Project | Repository, columns: dict[str, Any]) -> bool:
    """Set what differs; a place that is back is not gone any more."""
    differs = row.gone_at is not None or any(getattr(row, name) != value for name, value in columns.items())
    if differs:
        row.gone_at = None
        for name, value in columns.items():
            setattr(row, name, value)
    return differs


def _end(missing: Iterable[Project | Repository], model: type[Project] | type[Repository], at: datetime) -> None:
    """What a complete list lacks is gone, and what was granted on it with it."""
    numbers = [row.pk for row in missing]
    if not numbers:
        return
    model._default_manager.filter(pk__in=numbers).update(gone_at=at)
    on_them = {"repository__in" if model is Repository else "project__in": numbers}
    Grant.objects.filter(gone_at=None, **on_them).update(gone_at=at)


def missing_places(part_rows: QuerySet[Place], listed: Iterable[str]) -> list[Place]:
    """The living places that a complete list lacks.

    Args:
        part_rows: the places of the workspace.
        listed: the uuids that the list names.
    """
    return list(part_rows.filter(gone_at=None).exclude(uuid__in=list(listed)))
