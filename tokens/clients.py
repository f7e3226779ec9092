"""Clients with the settings' addresses and this process's keys. None where a key is not here."""

from django.conf import settings

from bitbucket.admin import AdminClient
from bitbucket.cloud import CloudClient
from bitbucket.credentials import Basic, Bearer
from bitbucket.transport import Transport
from tokens.catalogue.operations.addresses import API_HOSTS
from workqueue import budgets

# Deletions keep this share of a bot's hourly requests for themselves; everything else stops before it.
REVOCATION_RESERVE = 200
# Listings are read in an order that does not change while they are read; the vendor's own, by last use, does.
STEADY_ORDER = "createdAt"


def api_hosts() -> frozenset[str]:
    """The hosts whose addresses are Bitbucket's API: the vendor's, and the one that the settings name."""
    configured = settings.BITBUCKET_API_URL.partition("://")[2].partition("/")[0]
    return API_HOSTS | {configured}


def verification_transport() -> Transport:
    """For reading back a pasted credential: the request spends the employee's own hourly budget, not ours."""
    return _transport(settings.BITBUCKET_API_URL)


def audit_admin() -> AdminClient | None:
    """The organisation's API with the audit key, which only reads; None where no organisation is connected."""
    if not (settings.ATLASSIAN_ORG_ID and settings.ATLASSIAN_AUDIT_KEY):
        return None
    return AdminClient(_transport(settings.ATLASSIAN_API_URL), Bearer(settings.ATLASSIAN_AUDIT_KEY))


def revoke_admin() -> AdminClient | None:
    """The organisation's API with the revoke key; only worker-revoke holds that."""
    if not (settings.ATLASSIAN_ORG_ID and settings.ATLASSIAN_REVOKE_KEY):
        return None
    return AdminClient(_transport(settings.ATLASSIAN_API_URL), Bearer(settings.ATLASSIAN_REVOKE_KEY))


def audit_bot() -> CloudClient | None:
    """Bitbucket as the audit bot; None where there is none."""
    if not (settings.AUDIT_BOT_EMAIL and settings.AUDIT_BOT_TOKEN):
        return None
    credential = Basic(settings.AUDIT_BOT_EMAIL, settings.AUDIT_BOT_TOKEN)
    transport = Transport(
        settings.BITBUCKET_API_URL,
        proxy=settings.OUTBOUND_PROXY,
        ca_bundle=settings.CA_BUNDLE,
        budget=budgets,
        principal=settings.AUDIT_BOT_EMAIL,
        reserve=REVOCATION_RESERVE,
    )
    return CloudClient(transport, credential)


def _transport(base_url: str) -> Transport:
    return Transport(base_url, proxy=settings.OUTBOUND_PROXY, ca_bundle=settings.CA_BUNDLE)
