"""What the audit key sees of the organisation: its listing, its events, and what kind of key it is."""

from django.conf import settings

from bitbucket.admin import AdminClient
from bitbucket.errors import MissingScope, NotFound, Permanent, Unauthorized
from tokens.inventory.setup.seen import Level, Name, Seen, said

NO_AUDIT_KEY = (
    "No organisation is connected: set ATLASSIAN_ORG_ID and ATLASSIAN_AUDIT_KEY (an organisation API key with the scope"
    " read:tokens:admin). Until then people look at their own tokens."
)
TOO_STRONG = (
    " The key has no scopes, so it could also delete: make one with read:tokens:admin (and read:events:admin) alone."
)
_ACTIONS_KEPT = 12


def listing(client: AdminClient, account_id: str) -> list[Seen]:
    """The organisation's listing: one page of it, and one question that a scoped key is refused.

    Args:
        client: with the audit key.
        account_id: any account; the second question is left out where it is empty.
    """
    try:
        client.newest_organisation_tokens(settings.ATLASSIAN_ORG_ID, page_size=1)
    except Unauthorized:
        words = "The organisation refuses the audit key (HTTP 401). Make a new one and set ATLASSIAN_AUDIT_KEY."
        return [Seen(Name.LIST_TOKENS, Level.MANUAL, words, facts={})]
    except Permanent as refusal:
        words = f"The audit key cannot read the listing ({said(refusal)}). It needs the scope read:tokens:admin."
        return [Seen(Name.LIST_TOKENS, Level.MANUAL, words, facts={})]
    kind = _kind_of_key(client, account_id)
    words = "The organisation's listing answers." + (TOO_STRONG if kind == "unscoped" else "")
    return [Seen(Name.LIST_TOKENS, Level.AUTOMATIC, words, facts={"key": kind})]


def _kind_of_key(client: AdminClient, account_id: str) -> str:
    """Only a key without scopes is let into the user-management API: https://jira.atlassian.com/browse/ID-9051 ."""
    if not account_id:
        return "not known"
    try:
        client.managed_account(account_id)
    except MissingScope:
        return "scoped"
    except NotFound:
        return "unscoped"
    except Permanent:
        return "not known"
    return "unscoped"


def events(client: AdminClient) -> list[Seen]:
    """One page of the audit log, for the names of its actions: nobody documents those of Bitbucket credentials."""
    try:
        page = client.events(settings.ATLASSIAN_ORG_ID)
    except Permanent as refusal:
        words = (
            f"The audit key cannot read the organisation's events ({said(refusal)}). They need the scope"
            " read:events:admin, a workspace linked to the organisation, and Guard."
        )
        return [Seen(Name.READ_EVENTS, Level.MANUAL, words, facts={})]
    actions = sorted({event.action for event in page.events})[:_ACTIONS_KEPT]
    words = "The organisation's events can be read. The inventory does not need them."
    return [Seen(Name.READ_EVENTS, Level.AUTOMATIC, words, facts={"actions": actions})]
