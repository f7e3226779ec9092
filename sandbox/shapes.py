"""How people, workspaces and repositories look in Bitbucket's JSON."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sandbox.model import Account, GpgKey, Group, Project, Repository, SshKey
from sandbox.workspaces import Workspace


def moment(value: datetime) -> str:
    """Write a time as Bitbucket does, in UTC with microseconds."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")


def person(account: Account, base: str) -> dict[str, Any]:
    """Give an account as it stands inside other answers."""
    return {
        "type": "user",
        "uuid": account.uuid,
        "account_id": account.account_id,
        "display_name": account.display_name,
        "nickname": account.nickname,
        "links": {
            "self": {"href": f"{base}/2.0/users/{account.uuid}"},
            "avatar": {"href": f"{base}/avatars/{account.key}"},
            "html": {"href": f"{base}/{account.uuid}/"},
        },
    }


def current_user(account: Account, base: str) -> dict[str, Any]:
    """Give the account to the person it belongs to."""
    return person(account, base) | {
        "created_on": moment(account.created_at),
        "account_status": "active" if account.is_on else "inactive",
        "has_2fa_enabled": None,
        "is_staff": False,
    }


def workspace_base(workspace: Workspace, base: str) -> dict[str, Any]:
    """Give a workspace by its ids only."""
    return {
        "type": "workspace_base",
        "uuid": workspace.uuid,
        "slug": workspace.slug,
        "links": {
            "self": {"href": f"{base}/2.0/workspaces/{workspace.slug}"},
            "avatar": {"href": f"{base}/workspaces/{workspace.slug}/avatar/"},
        },
    }


@lru_cache(maxsize=64)
def _workspace(uuid: str, slug: str, name: str, created_at: datetime, base: str) -> dict[str, Any]:
    """Make it once: it stands in every repository and every seat of a page, and is never changed afterwards."""
    return {
        "type": "workspace",
        "uuid": uuid,
        "slug": slug,
        "name": name,
        "is_private": True,
        "is_privacy_enforced": True,
        "forking_mode": "internal_only",
        "created_on": moment(created_at),
        "links": {
            "self": {"href": f"{base}/2.0/workspaces/{slug}"},
            "html": {"href": f"{base}/{slug}/"},
            "members": {"href": f"{base}/2.0/workspaces/{slug}/members"},
            "repositories": {"href": f"{base}/2.0/repositories/{slug}"},
        },
    }


def workspace(workspace: Workspace, base: str) -> dict[str, Any]:
    """Give a workspace with its name."""
    return _workspace(workspace.uuid, workspace.slug, workspace.name, workspace.created_at, base)


def membership(account: Account, owner: Workspace, base: str) -> dict[str, Any]:
    """Give a seat without its level."""
    href = f"{base}/2.0/workspaces/{owner.slug}/members/{account.uuid}"
    return {
        "type": "workspace_membership",
        "user": person(account, base),
        "workspace": workspace(owner, base),
        "links": {"self": {"href": href}},
    }


def repository_reference(repository: Repository, base: str) -> dict[str, Any]:
    """Give a repository as it stands inside other answers."""
    return {
        "type": "repository",
        "uuid": repository.uuid,
        "name": repository.name,
        "full_name": repository.full_name,
        "links": {
            "self": {"href": f"{base}/2.0/repositories/{repository.full_name}"},
            "html": {"href": f"{base}/{repository.full_name}"},
        },
    }


def project_reference(project: Project) -> dict[str, Any]:
    """Give a project as it stands inside other answers."""
    return {"type": "project", "uuid": project.uuid, "key": project.key, "name": project.name}


def project(one: Project, owner: Workspace, base: str) -> dict[str, Any]:
    """Give a project in full."""
    return project_reference(one) | {
        "description": "",
        "is_private": True,
        "has_publicly_visible_repos": False,
        "created_on": moment(owner.created_at),
        "updated_on": moment(owner.created_at),
        "workspace": workspace_base(owner, base),
        "links": {
            "self": {"href": f"{base}/2.0/workspaces/{owner.slug}/projects/{one.key}"},
            "html": {"href": f"{base}/{owner.slug}/workspace/projects/{one.key}"},
        },
    }


def group(one: Group, owner: Workspace) -> dict[str, Any]:
    """Give a group; who is in it is told nowhere."""
    return {
        "type": "group",
        "name": one.name,
        "slug": one.slug,
        "full_slug": f"{owner.slug}:{one.slug}",
        "workspace": {"type": "workspace", "uuid": owner.uuid, "slug": owner.slug, "name": owner.name},
    }


def repository(one: Repository, owner: Workspace, base: str) -> dict[str, Any]:
    """Give a repository in full."""
    project = owner.project(one.project_key)
    assert project is not None
    reference = repository_reference(one, base)
    clone = [{"name": "https", "href": f"{base}/{one.full_name}.git"}]
    return reference | {
        "slug": one.slug,
        "description": "",
        "is_private": True,
        "scm": "git",
        "has_issues": False,
        "has_wiki": False,
        "size": 4096 + one.index,
        "language": "",
        "fork_policy": "no_public_forks",
        "created_on": moment(one.created_at),
        "updated_on": moment(one.created_at),
        "parent": None,
        "mainbranch": {"type": "branch", "name": "main"},
        "project": project_reference(project),
        "workspace": workspace(owner, base),
        "links": reference["links"]
        | {"clone": clone, "source": {"href": f"{base}/2.0/repositories/{one.full_name}/src"}},
    }


def gpg_key(key: GpgKey, owner: Account, base: str) -> dict[str, Any]:
    """Give a GPG key of a person without its text, which a listing tells only when it is asked for."""
    return {
        "type": "GPG_account_key",
        "name": key.name,
        "key_id": key.fingerprint[-16:],
        "fingerprint": key.fingerprint,
        "created_on": moment(key.created_at),
        "added_on": moment(key.created_at),
        "last_used": None,
        "expires_on": None,
        "owner": person(owner, base),
    }


def ssh_key(key: SshKey, owner: Account, base: str) -> dict[str, Any]:
    """Give an SSH key of a person: its public half."""
    return {
        "type": "ssh_key",
        "uuid": key.uuid,
        "label": key.label,
        "comment": "",
        "key": key.key,
        "fingerprint": key.fingerprint,
        "created_on": moment(key.created_at),
        "last_used": None,
        "expires_on": None,
        "owner": person(owner, base),
    }
