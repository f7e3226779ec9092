"""Bitbucket Cloud's REST API, as one credential sees it.

Source of every path and field: https://developer.atlassian.com/cloud/bitbucket/rest/ . Listings are read
with the largest page. Endpoints that Bitbucket has removed have no method here.
"""

from collections.abc import Callable, Iterator

from bitbucket.credentials import Credential
from bitbucket.errors import BadAnswer
from bitbucket.fields import Fields
from bitbucket.pages import FirstPage, Item, next_by_link, pages, successful
from bitbucket.protocol import Request, json_from_answer, path, query
from bitbucket.resources import (
    CurrentUser,
    EmailAddress,
    Member,
    Repository,
    RepositoryPermission,
    Workspace,
    WorkspaceAccess,
    WorkspacePermission,
)
from bitbucket.transport import Transport

PAGE_LENGTH = 100


class CloudClient:
    """Reads Bitbucket Cloud as one account.

    Every method raises a `RemoteError` when it has no complete, well-formed answer. Iterators raise in the
    middle when a later page fails: only a finished one is a whole listing.

    Args:
        transport: below the API's base URL, `/2.0` included.
        credential: who asks.
    """

    def __init__(self, transport: Transport, credential: Credential) -> None:
        self._transport = transport
        self._credential = credential

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
        where = path("workspaces", workspace, "permissions")
        return map(WorkspacePermission.parsed, self._all("cloud.workspace_permissions", where))

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
        narrowed = 'user.uuid="{}"'.format(user_uuid.replace("\\", "").replace('"', "")) if user_uuid else ""
        where = path("workspaces", workspace, "permissions", "repositories")
        return map(RepositoryPermission.parsed, self._all("cloud.repository_permissions", where, q=narrowed))

    def _get(self, operation: str, where: str, **parameters: str | int) -> Request:
        return Request(operation, "GET", where, query(**parameters), self._credential)

    def _one(self, operation: str, where: str) -> Fields:
        answer = successful(self._transport, self._get(operation, where))
        return Fields(answer, json_from_answer(answer))

    def _first(self, operation: str, where: str, parsed: Callable[[Fields], Item]) -> FirstPage[Item]:
        answer = successful(self._transport, self._get(operation, where, pagelen=PAGE_LENGTH))
        page = Fields(answer, json_from_answer(answer))
        following = next_by_link(self._transport.base_url, answer, page)
        return FirstPage(tuple(parsed(item) for item in page.objects("values")), following is not None)

    def _all(self, operation: str, where: str, **parameters: str) -> Iterator[Fields]:
        first = self._get(operation, where, pagelen=PAGE_LENGTH, **parameters)
        for page in pages(self._transport, first, next_by_link):
            yield from page.objects("values")


def _members(workspace: str) -> str:
    return path("workspaces", workspace, "members")
