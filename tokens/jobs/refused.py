"""Is a token that we refused still alive? Only its absence from the complete listing closes the finding."""

from django.conf import settings

from accounts.actors import SYSTEM
from bitbucket.errors import RemoteError
from tokens.clients import STEADY_ORDER, audit_admin
from tokens.jobs.remote import outcome_from_error
from tokens.jobs.searching import search_words
from tokens.models import Credential, Finding
from tokens.operations.change import Change
from tokens.operations.credentials import lock_credential
from tokens.operations.endings import end_as_gone
from tokens.states import CredentialState
from workqueue.claims import Claim, finish


def check_refused(claim: Claim) -> None:
    """Read the listing for one refused and bound credential."""
    credential = Credential.objects.get(pk=claim.payload["credential"])
    client = audit_admin()
    if client is None or credential.listing_id is None or credential.state != CredentialState.REFUSED:
        return
    try:
        listed = client.organisation_tokens(settings.ATLASSIAN_ORG_ID, q=search_words(credential), sort=STEADY_ORDER)
    except RemoteError as error:
        raise outcome_from_error(error, attempt=claim.attempt) from error
    still_there = any(token.id == credential.listing_id for token in listed)
    with Change(SYSTEM) as change:
        locked = lock_credential(credential.pk)
        finish(claim)
        if still_there:
            Finding.objects.filter(credential=locked, closed_at=None).update(checked_at=change.at)
        elif locked.state == CredentialState.REFUSED:
            end_as_gone(locked, change, because="it is no longer in the organisation's listing")
