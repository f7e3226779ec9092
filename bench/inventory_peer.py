"""The peer: a straightforward audit script on atlassian-python-api, one call after the other.

It does what somebody would write in an afternoon, with the library's own paging and the largest pages. It keeps no
state, so it starts from the beginning every time; it has no budget and no second look.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from atlassian.bitbucket.cloud import Cloud

PAGE: dict[str, Any] = {"pagelen": 100}


class PeerAudit(NamedTuple):
    """How much the script found."""

    members: int
    projects: int
    repositories: int
    user_grants: int
    group_grants: int
    deploy_keys: int


class Peer:
    """The script, for one workspace.

    Args:
        url: the API's host, without `/2.0`.
        email: the bot's address.
        token: the bot's API token.
        workspace: uuid or slug.
    """

    def __init__(self, url: str, email: str, token: str, workspace: str) -> None:
        self._cloud: Any = Cloud(url=url, username=email, password=token, cloud=True)  # type: ignore[no-untyped-call]
        self._workspace = workspace

    def everything(self) -> PeerAudit:
        """Members, projects, repositories, and the grants and deploy keys of each."""
        members = sum(1 for _ in self._all(f"workspaces/{self._workspace}/members"))
        projects = [one["key"] for one in self._all(f"workspaces/{self._workspace}/projects")]
        repositories = [one["slug"] for one in self._all(f"repositories/{self._workspace}")]
        places = [f"repositories/{self._workspace}/{slug}" for slug in repositories]
        places += [f"workspaces/{self._workspace}/projects/{key}" for key in projects]
        users, groups, keys = (
            sum(self._count(f"{place}/{what}") for place in places)
            for what in ("permissions-config/users", "permissions-config/groups", "deploy-keys")
        )
        return PeerAudit(members, len(projects), len(repositories), users, groups, keys)

    def person(self, user_uuid: str) -> int:
        """One person's explicit grants, found by looking into every repository and project.

        Returns:
            How many there are.
        """
        repositories = [one["slug"] for one in self._all(f"repositories/{self._workspace}")]
        projects = [one["key"] for one in self._all(f"workspaces/{self._workspace}/projects")]
        places = [f"repositories/{self._workspace}/{slug}" for slug in repositories]
        places += [f"workspaces/{self._workspace}/projects/{key}" for key in projects]
        return sum(
            one["user"]["uuid"] == user_uuid
            for place in places
            for one in self._all(f"{place}/permissions-config/users")
        )

    def _count(self, path: str) -> int:
        return sum(1 for _ in self._all(path))

    def _all(self, path: str) -> Iterator[dict[str, Any]]:
        found: Iterator[dict[str, Any]] = self._cloud._get_paged(path, params=dict(PAGE))
        return found
