"""Reading everything that carries one request's code, to register its token without a paste."""

from django.conf import settings

from bitbucket.errors import RemoteError
from tokens.clients import STEADY_ORDER, audit_admin
from tokens.jobs.remote import outcome_from_error
from tokens.models import Request
from tokens.operations.listing_registration import register_from_listing
from tokens.states import RequestState
from workqueue.claims import Claim


def register_listed(claim: Claim) -> None:
    """Read the listing for the code of one request, all pages of it, and let the operation decide."""
    request = Request.objects.get(pk=claim.payload["request"])
    client = audit_admin()
    if client is None or request.state != RequestState.APPROVED:
        return
    try:
        entries = client.organisation_tokens(settings.ATLASSIAN_ORG_ID, q=request.code, sort=STEADY_ORDER)
    except RemoteError as error:
        raise outcome_from_error(error, attempt=claim.attempt) from error
    # Running twice does no harm: the second finds the request issued, or its token bound.
    register_from_listing(request, entries)
