"""A workspace: its people, its projects, its repositories, and who may do what."""

from collections.abc import Iterator

from bitbucket.cloud.reader import Reader, quoted
from bitbucket.errors import BadAnswer
from bitbucket.fields import Fields
from bitbucket.pages import FirstPage, successful
from bitbucket.protocol import json_from_answer, path
from bitbucket.resources import Member, Project, Repository, RepositoryPermission, Workspace, WorkspacePermission


class WorkspaceCalls(Reader):
    """What stands in a workspace."""

    def workspace(self, workspace: str) -> Workspace:
        """A workspace by uuid or slug."""
        return Workspace.parsed(self._one("cloud.workspace", path("workspaces", workspace)))

    def member(self, workspace: str, account: str) -> Member:
        """A member of a workspace by account_id or uuid.

        Raises:
            NotFound: no member, no such account, no such workspace, or the caller lost the right to see it.
            BadAnswer: the answer is about someone else.
        """
        answer = successful(self._transport, self._get("cloud.member", _members(workspace) + path(account)))
        found = Member.parsed(Fields(answer, json_from_answer(answer)))
        if account not in {found.account_id, found.uuid}:
            raise BadAnswer(answer.operation, answer.status, "it is about another account")
        return found

    def members(self, workspace: str) -> Iterator[Member]:
        """Everyone in a workspace."""
        return map(Member.parsed, self._all("cloud.members", _members(workspace)))

    def workspace_permissions(self, workspace: str) -> Iterator[WorkspacePermission]:
        """Everyone in a workspace with their role."""
        return map(WorkspacePermission.parsed, self._all("cloud.workspace_permissions", _seats(workspace)))

    def first_workspace_permissions(self, workspace: str) -> FirstPage[WorkspacePermission]:
        """The first page of a workspace's members with their role: one request, however many there are."""
        return self._first("cloud.first_workspace_permissions", _seats(workspace), WorkspacePermission.parsed)

    def projects(self, workspace: str) -> Iterator[Project]:
        """The projects of a workspace that the caller can read."""
        return map(Project.parsed, self._all("cloud.projects", path("workspaces", workspace, "projects")))

    def repositories(self, workspace: str, *, role: str = "") -> Iterator[Repository]:
        """The repositories of a workspace that the caller can read.

        Args:
            workspace: uuid or slug.
            role: only those where the caller is `member`, `contributor` (may write) or `admin`.
        """
        found = self._all("cloud.repositories", path("repositories", workspace), role=role)
        return map(Repository.parsed, found)

    def repository_permissions(self, workspace: str, *, user_uuid: str = "") -> Iterator[RepositoryPermission]:
        """Who may do what in which repository; the caller must administer the workspace.

        Args:
            workspace: uuid or slug.
            user_uuid: ask for one person. No source confirms the filter: check what comes back.
        """
        narrowed = f"user.uuid={quoted(user_uuid)}" if user_uuid else ""
        where = path("workspaces", workspace, "permissions", "repositories")
        return map(RepositoryPermission.parsed, self._all("cloud.repository_permissions", where, q=narrowed))

    def permissions_of_repository(self, workspace: str, repository: str) -> Iterator[RepositoryPermission]:
        """Who may do what in one repository, own grants and groups mixed; the caller must administer it."""
        where = path("workspaces", workspace, "permissions", "repositories", repository)
        return map(RepositoryPermission.parsed, self._all("cloud.permissions_of_repository", where))


def _members(workspace: str) -> str:
    return path("workspaces", workspace, "members")


def _seats(workspace: str) -> str:
    return path("workspaces", workspace, "permissions")
