"""Explicit grants: what somebody, or a group, was given at one repository or project, and nothing inherited.

These listings know neither `q` nor `sort`
(https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/, "does not support BBQL features").
"""

from collections.abc import Iterator

from bitbucket.cloud.reader import Reader, project_path, repository_path
from bitbucket.errors import BadAnswer
from bitbucket.fields import Fields
from bitbucket.pages import successful
from bitbucket.protocol import json_from_answer
from bitbucket.resources import GroupGrant, UserGrant

_USERS = ("permissions-config", "users")
_GROUPS = ("permissions-config", "groups")


class GrantCalls(Reader):
    """Reads explicit grants and takes them away; the caller must administer the repository or project."""

    def repository_user_grants(self, workspace: str, repository: str) -> Iterator[UserGrant]:
        """The people who were given something at a repository."""
        where = repository_path(workspace, repository, *_USERS)
        return map(UserGrant.parsed, self._all("cloud.repository_user_grants", where))

    def repository_group_grants(self, workspace: str, repository: str) -> Iterator[GroupGrant]:
        """The groups that were given something at a repository."""
        where = repository_path(workspace, repository, *_GROUPS)
        return map(GroupGrant.parsed, self._all("cloud.repository_group_grants", where))

    def project_user_grants(self, workspace: str, key: str) -> Iterator[UserGrant]:
        """The people who were given something at a project (by its key)."""
        where = project_path(workspace, key, *_USERS)
        return map(UserGrant.parsed, self._all("cloud.project_user_grants", where))

    def project_group_grants(self, workspace: str, key: str) -> Iterator[GroupGrant]:
        """The groups that were given something at a project (by its key)."""
        where = project_path(workspace, key, *_GROUPS)
        return map(GroupGrant.parsed, self._all("cloud.project_group_grants", where))

    def repository_user_grant(self, workspace: str, repository: str, account: str) -> UserGrant:
        """What one account was given at a repository; `none` says that it was given nothing.

        Raises:
            NotFound: no such repository or account, nothing was given, or the caller may not see it.
            BadAnswer: the answer is about someone else.
        """
        where = repository_path(workspace, repository, *_USERS, account)
        return self._grant_of("cloud.repository_user_grant", where, account)

    def project_user_grant(self, workspace: str, key: str, account: str) -> UserGrant:
        """What one account was given at a project (by its key); `none` says that it was given nothing.

        Raises:
            NotFound: no such project or account, nothing was given, or the caller may not see it.
            BadAnswer: the answer is about someone else.
        """
        return self._grant_of("cloud.project_user_grant", project_path(workspace, key, *_USERS, account), account)

    def delete_repository_user_grant(self, workspace: str, repository: str, account: str) -> None:
        """Take an account's grant at a repository away. Accepted is not proven: read the grants again.

        Raises:
            NotFound: nothing was given, or the caller may not see it; proves nothing.
            Transient: it may have happened or not.
        """
        where = repository_path(workspace, repository, *_USERS, account)
        self._delete("cloud.delete_repository_user_grant", where)

    def delete_repository_group_grant(self, workspace: str, repository: str, group: str) -> None:
        """Take a group's grant (by its slug) at a repository away. Accepted is not proven: read the grants again.

        Raises:
            NotFound: nothing was given, or the caller may not see it; proves nothing.
            Transient: it may have happened or not.
        """
        where = repository_path(workspace, repository, *_GROUPS, group)
        self._delete("cloud.delete_repository_group_grant", where)

    def delete_project_user_grant(self, workspace: str, key: str, account: str) -> None:
        """Take an account's grant at a project away. Accepted is not proven: read the grants again.

        Raises:
            NotFound: nothing was given, or the caller may not see it; proves nothing.
            Transient: it may have happened or not.
        """
        self._delete("cloud.delete_project_user_grant", project_path(workspace, key, *_USERS, account))

    def delete_project_group_grant(self, workspace: str, key: str, group: str) -> None:
        """Take a group's grant (by its slug) at a project away. Accepted is not proven: read the grants again.

        Raises:
            NotFound: nothing was given, or the caller may not see it; proves nothing.
            Transient: it may have happened or not.
        """
        self._delete("cloud.delete_project_group_grant", project_path(workspace, key, *_GROUPS, group))

    def _grant_of(self, operation: str, where: str, account: str) -> UserGrant:
        answer = successful(self._transport, self._get(operation, where))
        grant = UserGrant.parsed(Fields(answer, json_from_answer(answer)))
        told = grant.user_uuid if account.startswith("{") else grant.account_id
        if told not in {"", account}:
            raise BadAnswer(answer.operation, answer.status, "it is about another account")
        return grant
