"""Which accounts are the portal's own: the bots that it reads and revokes with."""

from dataclasses import dataclass

from django.conf import settings

from tokens.models import Capability


@dataclass(frozen=True)
class OwnAccounts:
    """The bots' accounts, by address in lower case and by account id."""

    emails: frozenset[str]
    account_ids: frozenset[str] = frozenset()

    def holds(self, account_id: str, email: str) -> bool:
        """Whether this account is one of the bots'."""
        return account_id in self.account_ids or (bool(email) and email.lower() in self.emails)


def own_accounts() -> OwnAccounts:
    """The bots as this process knows them.

    Addresses can be missing here or be spelled otherwise in the listing; what a worker found out about either bot
    stands in the capability's facts: ``{"accounts": [account ids]}``.
    """
    emails = frozenset(email.lower() for email in (settings.AUDIT_BOT_EMAIL, settings.REVOKE_BOT_EMAIL) if email)
    facts = Capability.objects.filter(name=Capability.Name.BOT_TOKENS).values_list("facts", flat=True)
    told = (one for fact in facts for one in fact.get("accounts", []))
    return OwnAccounts(emails, frozenset(one for one in told if isinstance(one, str)))
