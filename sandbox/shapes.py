"""How people, workspaces and repositories look in Bitbucket's JSON."""

from datetime import datetime
from typing import Any

from sandbox.model import Account, Repository, SshKey, Workspace


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
        "account_status": "active" if account.active else "inactive",
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


def workspace(workspace: Workspace, base: str) -> dict[str, Any]:
    """Give a workspace with its name."""
    return {
        "type": "workspace",
        "uuid": workspace.uuid,
        "slug": workspace.slug,
        "name": workspace.name,
        "is_private": True,
        "is_privacy_enforced": True,
        "forking_mode": "internal_only",
        "created_on": moment(workspace.created_at),
        "links": {
            "self": {"href": f"{base}/2.0/workspaces/{workspace.slug}"},
            "html": {"href": f"{base}/{workspace.slug}/"},
            "members": {"href": f"{base}/2.0/workspaces/{workspace.slug}/members"},
            "repositories": {"href": f"{base}/2.0/repositories/{workspace.slug}"},
        },
    }


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


def repository(one: Repository, owner: Workspace, base: str) -> dict[str, Any]:
    """Give a repository in full."""
    project = next(project for project in owner.projects if project.key == one.project_key)
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
        "project": {"type": "project", "uuid": project.uuid, "key": project.key, "name": project.name},
        "workspace": workspace(owner, base),
        "links": reference["links"]
        | {"clone": clone, "source": {"href": f"{base}/2.0/repositories/{one.full_name}/src"}},
    }


def ssh_key(key: SshKey, owner: Account, base: str) -> dict[str, Any]:
    """Give an SSH key of a person, without the key's text."""
    return {
        "type": "ssh_key",
        "uuid": key.uuid,
        "label": key.label,
        "comment": "",
        "fingerprint": key.fingerprint,
        "created_on": moment(key.created_at),
        "last_used": None,
        "expires_on": None,
        "owner": person(owner, base),
    }
