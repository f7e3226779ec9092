"""Atlassian's organisation APIs, as far as they touch people's API tokens and accounts.

Sources: https://developer.atlassian.com/cloud/admin/api-access/rest/ and
https://developer.atlassian.com/cloud/admin/user-management/rest/ . The latter takes only a key without scopes
(https://jira.atlassian.com/browse/ID-9051). The call that ends every token of the organisation has no method
here.
"""

from urllib.parse import parse_qs, urlsplit

from bitbucket.credentials import Bearer
from bitbucket.errors import BadAnswer
from bitbucket.fields import Fields
from bitbucket.pages import pages, successful
from bitbucket.protocol import Answer, Request, expect_no_content, json_from_answer, next_request, path, query
from bitbucket.resources import AccountProfile, ManagedAccount, OrganisationToken, UserToken
from bitbucket.transport import Transport


class AdminClient:
    """Speaks for an organisation.

    Every method raises a `RemoteError` when it has no complete, well-formed answer.

    Args:
        transport: below `https://api.atlassian.com`.
        key: the organisation's API key.
    """

    def __init__(self, transport: Transport, key: Bearer) -> None:
        self._transport = transport
        self._key = key

    def organisation_tokens(
        self, org_id: str, *, q: str = "", sort: str = "", page_size: int = 1000
    ) -> list[OrganisationToken]:
        """The API tokens of the organisation's managed accounts, all pages of them.

        Args:
            org_id: the organisation.
            q: fuzzy search in label, name and e-mail; it may return more than was meant.
            sort: e.g. `createdAt`, `-lastActiveAt`.
            page_size: 1 to 1000.
        """
        where = path("admin", "api-access", "v1", "orgs", org_id, "api-tokens")
        repeated: dict[str, str | int] = {"q": q, "sort": sort, "pageSize": page_size}
        first = Request("admin.organisation_tokens", "GET", where, query(**repeated), self._key)

        def following(base_url: str, answer: Answer, page: Fields) -> Request | None:
            return _after(base_url, answer, page, first, repeated)

        found = pages(self._transport, first, following)
        return [OrganisationToken.parsed(item) for page in found for item in page.objects("data")]

    def user_tokens(self, account_id: str) -> list[UserToken]:
        """The API tokens of one managed account."""
        answer = successful(self._transport, self._request("admin.user_tokens", "GET", _tokens(account_id)))
        listed = json_from_answer(answer)
        if not isinstance(listed, list):
            raise BadAnswer(answer.operation, answer.status, "it is no list")
        return [UserToken.parsed(Fields(answer, item, "a token")) for item in listed]

    def delete_user_token(self, account_id: str, token_id: str) -> None:
        """End one API token. Accepted is not proven: read the listing again.

        Raises:
            NotFound: no such token or account, or no right to see it; proves nothing.
            Transient: it may have happened or not.
        """
        where = _tokens(account_id) + path(token_id)
        expect_no_content(successful(self._transport, self._request("admin.delete_user_token", "DELETE", where)))

    def managed_account(self, account_id: str) -> ManagedAccount:
        """What the organisation may do with an account."""
        answer = successful(self._transport, self._request("admin.managed_account", "GET", _manage(account_id)))
        return ManagedAccount.parsed(account_id, Fields(answer, json_from_answer(answer)))

    def account_profile(self, account_id: str) -> AccountProfile:
        """An account's name and whether it is active."""
        where = _manage(account_id) + path("profile")
        answer = successful(self._transport, self._request("admin.account_profile", "GET", where))
        return AccountProfile.parsed(Fields(answer, json_from_answer(answer)))

    def disable_account(self, account_id: str, *, message: str = "") -> None:
        """Switch an account off. Its tokens stop answering but still exist, and come back with it."""
        payload = {"message": message} if message else {}
        self._lifecycle("admin.disable_account", account_id, "disable", payload)

    def enable_account(self, account_id: str) -> None:
        """Switch an account on again, and with it every token that was not deleted."""
        self._lifecycle("admin.enable_account", account_id, "enable", {})

    def _lifecycle(self, operation: str, account_id: str, verb: str, payload: dict[str, str]) -> None:
        where = _manage(account_id) + path("lifecycle", verb)
        request = Request(operation, "POST", where, credential=self._key, payload=payload)
        expect_no_content(successful(self._transport, request))

    def _request(self, operation: str, method: str, where: str) -> Request:
        return Request(operation, method, where, credential=self._key)


def _manage(account_id: str) -> str:
    return path("users", account_id, "manage")


def _tokens(account_id: str) -> str:
    return _manage(account_id) + path("api-tokens")


def _after(
    base_url: str, answer: Answer, page: Fields, first: Request, repeated: dict[str, str | int]
) -> Request | None:
    """The next page of the organisation's listing, from a link or a bare cursor.

    The vendor wants every other parameter repeated beside the cursor, so only the cursor is taken from the
    link. `links` itself is required: without it nobody can tell the last page from a cut one.
    """
    link = page.inner("links").anything("next")
    if isinstance(link, str) and link and not link.startswith(("http:", "https:", "/", "?")):
        return _with_cursor(first, link, repeated)
    checked = next_request(base_url, answer, link)
    cursors = parse_qs(urlsplit("?" + checked.query).query).get("cursor", []) if checked else []
    return _with_cursor(first, cursors[0], repeated) if cursors else checked


def _with_cursor(first: Request, cursor: str, repeated: dict[str, str | int]) -> Request:
    return Request(first.operation, first.method, first.path, query(**repeated, cursor=cursor), first.credential)
