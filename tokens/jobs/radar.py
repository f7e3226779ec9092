"""The radar: the newest page of the organisation's tokens, one request for the whole company.

It spends nothing of Bitbucket's hourly limit, and sees a token minutes after it was made.
"""

from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.utils import timezone

from bitbucket.admin import AdminClient
from bitbucket.errors import RemoteError
from bitbucket.pages import FirstPage
from bitbucket.resources import OrganisationToken
from tokens.clients import audit_admin
from tokens.inventory.circuits import tripped
from tokens.inventory.evaluation import evaluate_credentials
from tokens.inventory.lanes import Lane
from tokens.inventory.moments import database_now
from tokens.models import PartKind, Source
from tokens.operations.observing import observe_page
from tokens.operations.telling_holders import tell_of_new
from tokens.operations.wishes import forget_unlisted
from workqueue.claims import Claim, ExpectedFailure

READ_BY = "radar"
# More than this many tokens at once are the next inventory run's.
MOST_PAGES = 5
_NEWEST_FIRST = "-createdAt"


def radar(claim: Claim) -> None:
    """Write the newest tokens down, look at what follows for them alone, and tell holders where that is wanted.

    A failed look is not repeated: the next one comes by itself.
    """
    client = audit_admin()
    if client is None:
        return
    _refuse_where_refused()
    try:
        touched = _look(client)
    except RemoteError as error:
        raise ExpectedFailure(str(error)) from error
    evaluate_credentials(touched)
    tell_of_new(timezone.now(), only=touched)


def _refuse_where_refused() -> None:
    """The other side refused this key, or this call: nothing is sent until the inventory's probe succeeds."""
    open_ones = tripped(Lane.ORGANISATION)
    reason = open_ones.everything or open_ones.operations.get(PartKind.ORGANISATION_TOKENS, "")
    if reason:
        raise ExpectedFailure(reason)


def _look(client: AdminClient) -> list[int]:
    """Read pages until one holds something known. Gives the rows that they touched."""
    touched: list[int] = []
    began = database_now()
    first = client.newest_organisation_tokens(settings.ATLASSIAN_ORG_ID)
    forget_unlisted(first.items, has_more=first.has_more, now=timezone.now())
    for entries in _pages(client, first):
        page = observe_page(entries, read_by=READ_BY, source=Source.RADAR, at=began)
        touched.extend(page.touched)
        if page.counts.refreshed:
            break
    return touched


def _pages(client: AdminClient, first: FirstPage[OrganisationToken]) -> Iterator[tuple[OrganisationToken, ...]]:
    yield first.items
    if first.has_more:
        pages = client.organisation_token_pages(settings.ATLASSIAN_ORG_ID, sort=_NEWEST_FIRST)
        yield from islice(pages, 1, MOST_PAGES)
