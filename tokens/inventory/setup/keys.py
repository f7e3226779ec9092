"""The keys of this process, and what they open."""

from dataclasses import dataclass
from typing import Literal

from django.conf import settings

from bitbucket.cloud import CloudClient
from bitbucket.credential_reading import CredentialReading, read_credential
from bitbucket.errors import ServerDown
from bitbucket.transport import Transport
from tokens import clients
from tokens.inventory.setup.scopes import AUDIT_WORK, REVOKE_WORK, Work
from workqueue import budgets

Role = Literal["audit", "revoke"]
# What tells something about a token; everything else is trouble on the way.
_TELLING = frozenset({200, 401, 403})


@dataclass(frozen=True)
class Bot:
    """A machine account as its own token shows it.

    Args:
        role: which of the two.
        client: Bitbucket as this bot.
        reading: what GET /user told about the token.
        email: the account's address.
    """

    role: Role
    client: CloudClient
    reading: CredentialReading
    email: str

    @property
    def words(self) -> str:
        """What people call it."""
        return f"{self.role} bot"

    @property
    def is_refused(self) -> bool:
        """Whether Bitbucket does not take its token any more."""
        return self.reading.status == 401  # noqa: PLR2004, RUF100 - HTTP's own number

    @property
    def work(self) -> Work:
        """What it is for."""
        return AUDIT_WORK if self.role == "audit" else REVOKE_WORK


def audit_bot() -> Bot | None:
    """The audit bot and one look at its token; None where it is not set."""
    client = clients.audit_bot()
    if client is None:
        return None
    return _looked_at("audit", client, settings.AUDIT_BOT_EMAIL, settings.AUDIT_BOT_TOKEN)


def revoke_bot() -> Bot | None:
    """The revoke bot and one look at its token; None where it is not set."""
    client = clients.revoke_bot()
    if client is None:
        return None
    return _looked_at("revoke", client, settings.REVOKE_BOT_EMAIL, settings.REVOKE_BOT_TOKEN)


def _looked_at(role: Role, client: CloudClient, email: str, token: str) -> Bot:
    with _bot_transport(email) as transport:
        reading = read_credential(transport, email=email, secret=token)
    if reading.status not in _TELLING:
        raise ServerDown("cloud.read_credential", reading.status, reading.failure)
    return Bot(role, client, reading, email)


def _bot_transport(email: str) -> Transport:
    """A connection to Bitbucket that spends the hour of the bot with this address."""
    return Transport(
        settings.BITBUCKET_API_URL,
        proxy=settings.OUTBOUND_PROXY,
        ca_bundle=settings.CA_BUNDLE,
        budget=budgets,
        principal=email,
        limit_per_hour=settings.BITBUCKET_REQUESTS_PER_HOUR,
    )
