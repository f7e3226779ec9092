"""People's API tokens: of the whole organisation, and one person's."""

from collections.abc import Iterator

from bitbucket.admin.speaker import Speaker, cursor_of_link, is_bare_cursor, managed_path
from bitbucket.errors import BadAnswer
from bitbucket.fields import Fields
from bitbucket.pages import FirstPage, successful, walk
from bitbucket.protocol import Answer, Request, expect_no_content, json_from_answer, next_request, path, query
from bitbucket.resources import OrganisationToken, UserToken

LARGEST_PAGE = 1000
_NEWEST_FIRST = "-createdAt"


class TokenCalls(Speaker):
    """Lists API tokens, and ends one."""

    def organisation_tokens(
        self, org_id: str, *, q: str = "", sort: str = "", page_size: int = LARGEST_PAGE
    ) -> list[OrganisationToken]:
        """The API tokens of the organisation's managed accounts, all pages of them.

        Args:
            org_id: the organisation.
            q: fuzzy search in label, name and e-mail; it may return more than was meant.
            sort: e.g. `createdAt`, `-lastActiveAt`.
            page_size: 1 to 1000.
        """
        found = self.organisation_token_pages(org_id, q=q, sort=sort, page_size=page_size)
        return [token for page in found for token in page]

    def organisation_token_pages(
        self, org_id: str, *, q: str = "", sort: str = "", page_size: int = LARGEST_PAGE
    ) -> Iterator[tuple[OrganisationToken, ...]]:
        """The same listing page by page, so that never more than one page is held; a page may be empty.

        It raises in the middle when a later page fails: only a finished walk is a whole listing. Tokens are made and
        used while it lasts, so ask for an order that this does not change: `createdAt`.

        Args:
            org_id: the organisation.
            q: fuzzy search in label, name and e-mail; it may return more than was meant.
            sort: e.g. `createdAt`, `-lastActiveAt`.
            page_size: 1 to 1000.
        """
        for page, _ in self._listing("admin.organisation_tokens", org_id, q=q, sort=sort, pageSize=page_size):
            yield _parsed(page)

    def newest_organisation_tokens(self, org_id: str, *, page_size: int = LARGEST_PAGE) -> FirstPage[OrganisationToken]:
        """The newest API tokens of the organisation, newest first: exactly one request, however many there are.

        Args:
            org_id: the organisation.
            page_size: 1 to 1000.
        """
        listing = self._listing("admin.newest_organisation_tokens", org_id, sort=_NEWEST_FIRST, pageSize=page_size)
        page, has_more = next(listing)
        return FirstPage(_parsed(page), has_more)

    def user_tokens(self, account_id: str) -> list[UserToken]:
        """The API tokens of one managed account."""
        answer = self._get("admin.user_tokens", managed_path(account_id, "api-tokens"))
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
        where = managed_path(account_id, "api-tokens", token_id)
        expect_no_content(successful(self._transport, self._request("admin.delete_user_token", "DELETE", where)))

    def _listing(self, operation: str, org_id: str, **repeated: str | int) -> Iterator[tuple[Fields, bool]]:
        where = path("admin", "api-access", "v1", "orgs", org_id, "api-tokens")
        first = Request(operation, "GET", where, query(**repeated), self._key)

        def following(base_url: str, answer: Answer, page: Fields) -> Request | None:
            return _after(base_url, answer, page, first, repeated)

        return walk(self._transport, first, following)


def _parsed(page: Fields) -> tuple[OrganisationToken, ...]:
    return tuple(OrganisationToken.parsed(item) for item in page.objects("data"))


def _after(
    base_url: str, answer: Answer, page: Fields, first: Request, repeated: dict[str, str | int]
) -> Request | None:
    """The next page of the organisation's listing, from a link or a bare cursor.

    The vendor wants every other parameter repeated beside the cursor, so only the cursor is taken from the
    link. `links` itself is required: without it nobody can tell the last page from a cut one.
    """
    link = page.inner("links").anything("next")
    cursor = str(link) if is_bare_cursor(link) else cursor_of_link(base_url, answer, link)
    if not cursor:
        return next_request(base_url, answer, link)
    return Request(first.operation, first.method, first.path, query(**repeated, cursor=cursor), first.credential)
