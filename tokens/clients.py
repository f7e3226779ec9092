"""Clients with the settings' addresses and this process's keys. None where a key is not here."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from bitbucket.admin import AdminClient
from bitbucket.cloud import CloudClient
from bitbucket.credentials import Basic, Bearer
from bitbucket.transport import Transport
from tokens.catalogue.operations.addresses import API_HOSTS
from workqueue import budgets

# Deletions keep this share of a bot's hourly requests for themselves; everything else stops before it.
REVOCATION_RESERVE = 200
# The same for the organisation's requests.
ORGANISATION_RESERVE = 500
# Listings are read in an order that does not change while they are read; the vendor's own, by last use, does.
STEADY_ORDER = "createdAt"
# The principal of the workspace access token, which belongs to no account.
WORKSPACE_TOKEN = "workspace-access-token"  # noqa: S105 - the name of whose limit it is
# What people call the credentials. The circuits of plans carry such a name; those of the inventory name the account.
AUDIT_BOT, REVOKE_KEY, REVOKE_BOT = CREDENTIAL_NAMES = ("audit bot", "revoke key", "revoke bot")
# Processes make a client for each row of work; the connections behind them are kept.
_CONNECTIONS_KEPT = 16


@dataclass(frozen=True)
class Allowance:
    """How many requests a principal may send to a host in a rolling hour, and how many this user leaves to others."""

    base_url: str
    principal: str
    limit_per_hour: int
    reserve: int = 0

    def left(self) -> int:
        """How many requests may be sent now."""
        host = urlsplit(self.base_url).hostname or ""
        return max(0, self.limit_per_hour - self.reserve - budgets.spent(host, self.principal))


def api_hosts() -> frozenset[str]:
    """The hosts whose addresses are Bitbucket's API: the vendor's, and the one that the settings name."""
    configured = settings.BITBUCKET_API_URL.partition("://")[2].partition("/")[0]
    return API_HOSTS | {configured}


def verification_transport() -> Transport:
    """For reading back a pasted credential: the request spends the employee's own hourly budget, not ours."""
    return Transport(settings.BITBUCKET_API_URL, proxy=settings.OUTBOUND_PROXY, ca_bundle=settings.CA_BUNDLE)


def audit_admin() -> AdminClient | None:
    """The organisation's API with the audit key, which only reads; None where no organisation is connected."""
    if not (settings.ATLASSIAN_ORG_ID and settings.ATLASSIAN_AUDIT_KEY):
        return None
    return AdminClient(_transport(organisation_allowance()), Bearer(settings.ATLASSIAN_AUDIT_KEY))


def revoke_admin() -> AdminClient | None:
    """The organisation's API with the revoke key; only worker-revoke holds that."""
    if not (settings.ATLASSIAN_ORG_ID and settings.ATLASSIAN_REVOKE_KEY):
        return None
    return AdminClient(_transport(organisation_allowance(reserve=0)), Bearer(settings.ATLASSIAN_REVOKE_KEY))


def audit_bot() -> CloudClient | None:
    """Bitbucket as the audit bot; None where there is none."""
    if not (settings.AUDIT_BOT_EMAIL and settings.AUDIT_BOT_TOKEN):
        return None
    return CloudClient(_transport(bot_allowance()), Basic(settings.AUDIT_BOT_EMAIL, settings.AUDIT_BOT_TOKEN))


def revoke_bot() -> CloudClient | None:
    """Bitbucket as the revoke bot, which may spend its whole hour; only worker-revoke holds its token."""
    if not (settings.REVOKE_BOT_EMAIL and settings.REVOKE_BOT_TOKEN):
        return None
    allowance = Allowance(settings.BITBUCKET_API_URL, settings.REVOKE_BOT_EMAIL, settings.BITBUCKET_REQUESTS_PER_HOUR)
    return CloudClient(_transport(allowance), Basic(settings.REVOKE_BOT_EMAIL, settings.REVOKE_BOT_TOKEN))


def audit_workspace_token(limit_per_hour: int = 0) -> CloudClient | None:
    """Bitbucket with the workspace access token, under a limit of its own; None where there is none.

    Args:
        limit_per_hour: what Bitbucket last told; 0 for an account's limit.
    """
    if not settings.AUDIT_WORKSPACE_TOKEN:
        return None
    return CloudClient(_transport(token_allowance(limit_per_hour)), Bearer(settings.AUDIT_WORKSPACE_TOKEN))


def bot_allowance() -> Allowance:
    """What the audit bot may spend."""
    return Allowance(
        settings.BITBUCKET_API_URL,
        settings.AUDIT_BOT_EMAIL,
        settings.BITBUCKET_REQUESTS_PER_HOUR,
        REVOCATION_RESERVE,
    )


def token_allowance(limit_per_hour: int = 0) -> Allowance:
    """What the workspace access token may spend; nothing else uses it, so nothing is reserved."""
    limit = limit_per_hour or settings.BITBUCKET_REQUESTS_PER_HOUR
    return Allowance(settings.BITBUCKET_API_URL, WORKSPACE_TOKEN, limit)


def organisation_allowance(reserve: int = ORGANISATION_RESERVE) -> Allowance:
    """What this portal may ask the organisation's APIs."""
    limit = settings.ORGANISATION_REQUESTS_PER_HOUR
    return Allowance(settings.ATLASSIAN_API_URL, settings.ATLASSIAN_ORG_ID, limit, reserve)


def _transport(allowance: Allowance) -> Transport:
    return _kept_transport(allowance, settings.OUTBOUND_PROXY, settings.CA_BUNDLE)


@lru_cache(maxsize=_CONNECTIONS_KEPT)
def _kept_transport(allowance: Allowance, proxy: str, ca_bundle: str) -> Transport:
    return Transport(
        allowance.base_url,
        proxy=proxy,
        ca_bundle=ca_bundle,
        budget=budgets,
        principal=allowance.principal,
        limit_per_hour=allowance.limit_per_hour,
        reserve=allowance.reserve,
    )
