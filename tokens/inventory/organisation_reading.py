"""Reading the organisation's tokens page by page: never more than a page of them is held at once."""

from datetime import datetime

from django.conf import settings

from bitbucket.admin import AdminClient
from tokens.clients import STEADY_ORDER
from tokens.models import Source
from tokens.operations.observing import end_missing_tokens, observe_tokens

READ_BY = "organisation listing"


def read_organisation_tokens(client: AdminClient, *, began: datetime) -> int:
    """Read the whole listing, writing each page down, and end what a complete one lacks.

    Args:
        client: the audit key's.
        began: when the read began, by the database's clock.

    Returns:
        How many tokens were listed.

    Raises:
        RemoteError: it could not be read to its end; then nothing is ended.
    """
    pages = listed = 0
    only_page: frozenset[str] = frozenset()
    for page in client.organisation_token_pages(settings.ATLASSIAN_ORG_ID, sort=STEADY_ORDER):
        pages, listed = pages + 1, listed + len(page)
        if page:
            observe_tokens(page, read_by=READ_BY, source=Source.SYNC, at=began)
        if pages == 1:
            only_page = frozenset(token.id for token in page)

    def confirmed() -> frozenset[str]:
        # One page is one moment; only several can lose what was there all the time.
        return only_page if pages <= 1 else _all_ids(client)

    end_missing_tokens(read_began_at=began, confirmed=confirmed, read_by=READ_BY)
    return listed


def _all_ids(client: AdminClient) -> frozenset[str]:
    pages = client.organisation_token_pages(settings.ATLASSIAN_ORG_ID, sort=STEADY_ORDER)
    return frozenset(token.id for page in pages for token in page)
