"""What works here? Each worker tries the calls that only it has the key for, without changing anything."""

from django.conf import settings

from accounts.models import Person
from bitbucket.admin import AdminClient
from bitbucket.errors import Forbidden, NotFound, Permanent, RemoteError
from tokens.capabilities import observe
from tokens.clients import audit_admin, revoke_admin
from tokens.codes import PREFIX
from tokens.jobs.remote import outcome_from_error
from tokens.models import Capability
from workqueue.claims import Claim

ACCOUNTS_TO_TRY = 3
NO_KEY = "no organisation is connected: ATLASSIAN_ORG_ID and the key are not set for this worker"


def probe_listing(claim: Claim) -> None:
    """Can the audit key read the organisation's tokens?"""
    client = audit_admin()
    if client is None:
        observe(Capability.Name.LIST_TOKENS, Capability.Level.MANUAL, NO_KEY)
        return
    try:
        client.organisation_tokens(settings.ATLASSIAN_ORG_ID, q=PREFIX)
    except RemoteError as error:
        _failed(claim, Capability.Name.LIST_TOKENS, error)
    else:
        observe(Capability.Name.LIST_TOKENS, Capability.Level.AUTOMATIC, "the organisation's listing answers")


def probe_deletion(claim: Claim) -> None:
    """Can the revoke key reach single tokens? It reads a list of the API that also deletes; nothing is deleted."""
    client = revoke_admin()
    if client is None:
        observe(Capability.Name.DELETE_TOKENS, Capability.Level.MANUAL, NO_KEY)
        return
    try:
        answered = _some_list_answers(client)
    except RemoteError as error:
        _failed(claim, Capability.Name.DELETE_TOKENS, error)
        return
    if answered:
        observe(
            Capability.Name.DELETE_TOKENS,
            Capability.Level.AUTOMATIC,
            "the revoke key reads a person's token list",
        )
    else:
        observe(
            Capability.Name.DELETE_TOKENS,
            Capability.Level.UNKNOWN,
            "no account was found that the organisation manages; tokens of unmanaged accounts cannot be deleted",
        )


def _some_list_answers(client: AdminClient) -> bool:
    recent = Person.objects.order_by("-last_signed_in_at").values_list("account_id", flat=True)[:ACCOUNTS_TO_TRY]
    for account_id in dict.fromkeys([*settings.PORTAL_ADMINS[:1], *recent]):
        try:
            client.user_tokens(account_id)
        except (Forbidden, NotFound):
            continue  # of an account that the organisation does not manage; the key itself was taken
        return True
    return False


def _failed(claim: Claim, name: Capability.Name, error: RemoteError) -> None:
    if not isinstance(error, Permanent):
        raise outcome_from_error(error, attempt=claim.attempt) from error
    observe(name, Capability.Level.MANUAL, str(error))
