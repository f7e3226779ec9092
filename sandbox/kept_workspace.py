"""A workspace as the kept state writes it, and back."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sandbox.deploy_keys import DeployKey
from sandbox.explicit import Grant
from sandbox.model import Group, Project, Repository
from sandbox.right_levers import set_right
from sandbox.workspaces import Workspace

Mark = tuple[int, int]


def mark_of(workspace: Workspace) -> Mark:
    """Give a mark that differs once anything but the seats was changed."""
    return workspace.grants.version, workspace.deploy_keys.version


def kept_from_workspace(workspace: Workspace, seeded: Mark) -> dict[str, Any]:
    """Write the seats, and the rest where it is not as it was seeded."""
    kept: dict[str, Any] = {"seats": dict(workspace.seats)}
    if mark_of(workspace) == seeded:
        return kept
    groups = [{"slug": one.slug, "name": one.name, "members": sorted(one.members)} for one in workspace.groups.values()]
    return kept | {
        "groups": groups,
        "projects": [asdict(one) for one in workspace.projects],
        "repositories": [asdict(one) for one in workspace.repositories],
        "grants": list(workspace.grants),
        "deploy_keys": [asdict(one) for one in workspace.deploy_keys.everything()],
        "last_key_id": workspace.deploy_keys.last_id,
    }


def apply_to_workspace(workspace: Workspace, kept: dict[str, Any]) -> None:
    """Put kept changes into a freshly seeded workspace."""
    workspace.seats = kept["seats"]
    if "grants" in kept:
        _apply_everything(workspace, kept)
    # The first form of the state knew rights of one person on one repository and no grants.
    for one in kept.get("overrides", ()):
        repository = workspace.repository(one["slug"])
        if repository is not None:
            set_right(workspace, repository, one["account"], one["permission"])


def _apply_everything(workspace: Workspace, kept: dict[str, Any]) -> None:
    workspace.groups = {one["slug"]: Group(one["slug"], one["name"], set(one["members"])) for one in kept["groups"]}
    workspace.replace_places(
        [Project(**one) for one in kept["projects"]],
        [
            Repository(**(one | {"created_at": datetime.fromisoformat(one["created_at"])}))
            for one in kept["repositories"]
        ],
    )
    workspace.grants.replace_all([Grant(*row) for row in kept["grants"]])
    workspace.deploy_keys.replace_all([_key(one) for one in kept["deploy_keys"]], kept["last_key_id"])


def _key(values: dict[str, Any]) -> DeployKey:
    used = values["last_used"]
    moments = {
        "added_at": datetime.fromisoformat(values["added_at"]),
        "last_used": datetime.fromisoformat(used) if used else None,
    }
    return DeployKey(**(values | moments))
