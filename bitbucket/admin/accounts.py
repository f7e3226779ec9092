"""Managed accounts: what the organisation may do with one, and switching it off and on."""

from bitbucket.admin.speaker import Speaker, managed_path
from bitbucket.errors import BadAnswer
from bitbucket.fields import Fields
from bitbucket.pages import successful
from bitbucket.protocol import Request, expect_no_content, json_from_answer, path
from bitbucket.resources import AccountProfile, DirectoryUser, ManagedAccount


class AccountCalls(Speaker):
    """Reads and switches one account at a time."""

    def managed_account(self, account_id: str) -> ManagedAccount:
        """What the organisation may do with an account."""
        return ManagedAccount.parsed(account_id, self._one("admin.managed_account", managed_path(account_id)))

    def account_profile(self, account_id: str) -> AccountProfile:
        """An account's name and whether it is active."""
        return AccountProfile.parsed(self._one("admin.account_profile", managed_path(account_id, "profile")))

    def disable_account(self, account_id: str, *, message: str = "") -> None:
        """Switch an account off. Its tokens stop answering but still exist, and come back with it.

        Accepted is not proven (https://developer.atlassian.com/cloud/admin/user-management/rest/api-group-lifecycle/).

        Raises:
            Forbidden: an identity provider owns the switch.
            NotFound: no such account, or no right to see it; proves nothing.
            Transient: it may have happened or not.
        """
        payload = {"message": message} if message else {}
        where = managed_path(account_id, "lifecycle", "disable")
        expect_no_content(successful(self._transport, self._change("admin.disable_account", where, payload)))

    def enable_account(self, account_id: str) -> None:
        """Switch an account on again, and with it every token that was not deleted. Accepted is not proven.

        Raises:
            NotFound: no such account, or no right to see it; proves nothing.
            Transient: it may have happened or not.
        """
        where = managed_path(account_id, "lifecycle", "enable")
        expect_no_content(successful(self._transport, self._change("admin.enable_account", where, {})))

    def suspend_account(self, org_id: str, directory_id: str, account_id: str) -> None:
        """Take an account's access to every app of a directory away; roles and groups are kept for its return.

        Accepted is not proven, and no source tells which success is promised, so any counts as accepted.
        Organisations on the older user management may not have this call
        (https://mrrefactoring.github.io/jira.js/api/functions/admin.suspendDirectoryUser).

        Raises:
            NotFound: no such account or directory, or no right to see it; proves nothing.
            Transient: it may have happened or not.
        """
        where = _directory_path(org_id, directory_id, account_id, "suspend")
        successful(self._transport, self._change("admin.suspend_account", where, None))

    def restore_account(self, org_id: str, directory_id: str, account_id: str) -> None:
        """Give a suspended account its access back, with the roles and groups it had. Accepted is not proven.

        Raises:
            NotFound: no such account or directory, or no right to see it; proves nothing.
            Transient: it may have happened or not.
        """
        where = _directory_path(org_id, directory_id, account_id, "restore")
        successful(self._transport, self._change("admin.restore_account", where, None))

    def directory_user(self, org_id: str, directory_id: str, account_id: str) -> DirectoryUser:
        """An account as a member of a directory: whether its access is suspended there, which its profile may not tell.

        The address is a client's that was made from Atlassian's document
        (https://mrrefactoring.github.io/jira.js/api/functions/admin.getDirectoryUserDetails). No scope is named for it.

        Raises:
            BadAnswer: it is about another account.
            NotFound: no such account or directory, or no right to see it, or the organisation is on the older user
                management; proves nothing.
        """
        answer = self._get("admin.directory_user", _directory_path(org_id, directory_id, account_id))
        found = DirectoryUser.parsed(Fields(answer, json_from_answer(answer)))
        if found.account_id != account_id:
            raise BadAnswer(answer.operation, answer.status, "it is about another account")
        return found

    def _change(self, operation: str, where: str, payload: dict[str, str] | None) -> Request:
        return Request(operation, "POST", where, credential=self._key, payload=payload)


def _directory_path(org_id: str, directory_id: str, account_id: str, *verb: str) -> str:
    return path("admin", "v2", "orgs", org_id, "directories", directory_id, "users", account_id, *verb)
