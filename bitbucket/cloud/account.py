"""What a credential may ask about its own account."""

from collections.abc import Iterator

from bitbucket.cloud.reader import Reader
from bitbucket.pages import FirstPage
from bitbucket.protocol import path
from bitbucket.resources import CurrentUser, EmailAddress, RepositoryPermission, WorkspaceAccess


class AccountCalls(Reader):
    """The caller: who it is, where it may enter, what it may do there."""

    def current_user(self) -> CurrentUser:
        """The caller's account."""
        return CurrentUser.parsed(self._one("cloud.current_user", path("user")))

    def emails(self) -> list[EmailAddress]:
        """The caller's addresses, confirmed and not."""
        return [EmailAddress.parsed(item) for item in self._all("cloud.emails", path("user", "emails"))]

    def my_workspaces(self) -> list[WorkspaceAccess]:
        """The workspaces the caller can enter."""
        found = self._all("cloud.my_workspaces", path("user", "workspaces"))
        return [WorkspaceAccess.parsed(item) for item in found]

    def my_role(self, workspace: str) -> str:
        """The caller's role in a workspace (uuid or slug): owner, create-project or member."""
        where = path("user", "workspaces", workspace, "permission")
        return self._one("cloud.my_role", where).text("permission")

    def my_repository_permissions(self, workspace: str) -> Iterator[RepositoryPermission]:
        """What the caller may do in each repository of a workspace."""
        where = path("user", "workspaces", workspace, "permissions", "repositories")
        return map(RepositoryPermission.parsed, self._all("cloud.my_repository_permissions", where))

    def first_workspaces(self) -> FirstPage[WorkspaceAccess]:
        """The first page of the workspaces the caller can enter: one request, however many there are."""
        return self._first("cloud.first_workspaces", path("user", "workspaces"), WorkspaceAccess.parsed)

    def first_repository_permissions(self, workspace: str) -> FirstPage[RepositoryPermission]:
        """The first page of what the caller may do in a workspace's repositories: one request."""
        where = path("user", "workspaces", workspace, "permissions", "repositories")
        return self._first("cloud.first_repository_permissions", where, RepositoryPermission.parsed)
