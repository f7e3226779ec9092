"""Twelve repositories of a real sandbox, listed by the inventory but otherwise unread."""

import pytest

from accounts.models import User, Workspace
from bitbucket import resources
from tests.tokens.desk import Desk
from tests.tokens.places.known import Shelf
from tokens.inventory.moments import database_now
from tokens.inventory.parts import ensure_parts
from tokens.operations.places import write_projects, write_repositories


@pytest.fixture
def shelf(desk: Desk) -> Shelf:
    """What a run of the lists leaves, written without its requests."""
    acme = desk.world.workspaces["acme"]
    workspace, _ = Workspace.objects.get_or_create(uuid=acme.uuid, defaults={"slug": "acme", "name": "Acme"})
    projects = {one.key: one for one in acme.projects}
    write_projects(
        workspace, [resources.Project(one.uuid, one.key, one.name) for one in acme.projects], at=database_now()
    )
    listed = [
        resources.Repository(
            uuid=one.uuid,
            full_name=one.full_name,
            name=one.name,
            is_private=True,
            main_branch="",
            project_key=one.project_key,
            project_uuid=projects[one.project_key].uuid,
        )
        for one in acme.repositories
    ]
    write_repositories(workspace, listed, at=database_now())
    ensure_parts()
    desk.world.faults.clear()
    desk.world.counters.clear()
    return Shelf(desk, workspace)


@pytest.fixture
def member(desk: Desk) -> User:
    """One of the numbered members, who has grants by name."""
    return desk.user("member-2")
