"""What the revoke key may do with accounts, seen on a sample of at most ten; nothing is switched or deleted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings

from accounts.models import Seat
from bitbucket.admin import AdminClient
from bitbucket.cloud import CloudClient
from bitbucket.errors import MissingScope, Permanent, Unauthorized
from bitbucket.resources import ManagedAccount
from tokens.inventory.setup.seen import Level, Name, Seen, said, same_for_all

SAMPLE = 10
NO_REVOKE_KEY = (
    "No revoke key is set: ATLASSIAN_REVOKE_KEY (an organisation API key without scopes) belongs into worker-revoke"
    " alone. Until then a person does this."
)
_NAMES = (Name.DELETE_TOKENS, Name.CLAIM_DOMAIN, Name.SWITCH_ACCOUNTS_OFF)
_SCOPED = (
    "The revoke key has scopes, and the user-management API takes only a key without any"
    " (https://jira.atlassian.com/browse/ID-9051). Make a new organisation API key without scopes."
)
_CLAIM = "Claim the domain in admin.atlassian.com"


@dataclass
class Sample:
    """The accounts that were asked about.

    Args:
        asked: how many.
        managed: what may be done with those the organisation manages.
        refusal: the last account's refusal, for its words.
    """

    asked: int = 0
    managed: list[ManagedAccount] = field(default_factory=list)
    refusal: Permanent | None = None


def accounts(client: AdminClient | None, bot: CloudClient | None) -> list[Seen]:
    """Deleting tokens, the share of managed accounts, and switching accounts off: at most twelve requests.

    Args:
        client: with the revoke key; None where it is not set.
        bot: names members where it is set; otherwise those who are known already are asked about.
    """
    if client is None:
        return same_for_all(_NAMES, Level.MANUAL, NO_REVOKE_KEY)
    try:
        sample = _sampled(client, _spread(_members(bot)))
    except MissingScope:
        return same_for_all(_NAMES, Level.MANUAL, _SCOPED)
    except Unauthorized:
        words = "The organisation refuses the revoke key. Make a new one without scopes; it lives at most a year."
        return same_for_all(_NAMES, Level.MANUAL, words)
    if not sample.asked:
        words = "No account is known yet to try it on. Let people sign in, or set up the revoke bot, and probe again."
        return same_for_all(_NAMES, Level.UNKNOWN, words)
    if not sample.managed:
        return _nobody_managed(sample)
    return [_deletion(client, sample), _claimed(sample), _switching(sample)]


def suspending() -> list[Seen]:
    """Whether accounts can be suspended; only doing it would prove that."""
    if not (settings.ATLASSIAN_DIRECTORY_ID and settings.ATLASSIAN_REVOKE_KEY):
        words = "Set ATLASSIAN_DIRECTORY_ID and ATLASSIAN_REVOKE_KEY, or suspend people in admin.atlassian.com by hand."
        return [Seen(Name.SUSPEND_ACCOUNTS, Level.MANUAL, words, facts={})]
    words = (
        "Directory and key are set; not tried. The path is not in Atlassian's own reference, and organisations on the"
        " older user management do not have it: the first real use will show."
    )
    return [Seen(Name.SUSPEND_ACCOUNTS, Level.UNKNOWN, words, facts={})]


def _members(bot: CloudClient | None) -> list[str]:
    seats = Seat.objects.filter(workspace__uuid__in=settings.BITBUCKET_WORKSPACES)
    known = list(seats.order_by("person_id").values_list("person__account_id", flat=True).distinct())
    if known or bot is None:
        return known
    return [account_id for uuid in settings.BITBUCKET_WORKSPACES for account_id in _first_members(bot, uuid)]


def _first_members(bot: CloudClient, uuid: str) -> Iterator[str]:
    try:
        for number, member in enumerate(bot.members(uuid)):
            if number >= SAMPLE * SAMPLE:
                return
            if member.account_id:
                yield member.account_id
    except Permanent:
        return  # the workspace's own probes say why


def _spread(account_ids: list[str]) -> list[str]:
    """A sample from all over the list, not its beginning, which may be the oldest accounts alone."""
    step = max(1, len(account_ids) / SAMPLE)
    return [account_ids[int(number * step)] for number in range(min(SAMPLE, len(account_ids)))]


def _sampled(client: AdminClient, account_ids: list[str]) -> Sample:
    sample = Sample()
    for account_id in account_ids:
        sample.asked += 1
        try:
            sample.managed.append(client.managed_account(account_id))
        except (MissingScope, Unauthorized):
            raise
        except Permanent as refusal:
            sample.refusal = refusal
    return sample


def _nobody_managed(sample: Sample) -> list[Seen]:
    assert sample.refusal is not None
    words = (
        f"None of {sample.asked} accounts is managed by the organisation ({said(sample.refusal)}). {_CLAIM}: only then"
        " can their tokens be listed and deleted, and the accounts be switched off."
    )
    return [Seen(name, Level.MANUAL, words, facts={"asked": sample.asked, "managed": 0}) for name in _NAMES]


def _deletion(client: AdminClient, sample: Sample) -> Seen:
    first = sample.managed[0]
    allowed = all(rule is None or rule.allowed for rule in (first.token_listing, first.token_deletion))
    try:
        client.user_tokens(first.account_id)
    except Permanent as refusal:
        words = (
            f"The revoke key cannot read one person's tokens ({said(refusal)}). Delete tokens in admin.atlassian.com."
        )
        return Seen(Name.DELETE_TOKENS, Level.MANUAL, words, facts={})
    if not allowed:
        words = "The organisation may not read or delete API tokens of this account. Ask Atlassian why."
        return Seen(Name.DELETE_TOKENS, Level.MANUAL, words, facts={})
    words = "The revoke key reads a person's token list; deleting was not tried."
    return Seen(Name.DELETE_TOKENS, Level.AUTOMATIC, words, facts={"key": "unscoped"})


def _claimed(sample: Sample) -> Seen:
    facts = {"asked": sample.asked, "managed": len(sample.managed)}
    share = f"{len(sample.managed)} of {sample.asked} accounts that were asked about are managed by the organisation."
    if len(sample.managed) == sample.asked:
        return Seen(Name.CLAIM_DOMAIN, Level.AUTOMATIC, share, facts=facts)
    words = f"{share} {_CLAIM} of the others, or end their tokens by asking them."
    return Seen(Name.CLAIM_DOMAIN, Level.MANUAL, words, facts=facts)


def _switching(sample: Sample) -> Seen:
    barred = [one for one in sample.managed if not one.enablement_allowed]
    reasons = Counter(one.enablement.reason if one.enablement else "not said" for one in barred)
    allowed = len(sample.managed) - len(barred)
    facts = {"managed": len(sample.managed), "allowed": allowed, "reasons": dict(reasons)}
    share = f"{allowed} of {len(sample.managed)} managed accounts may be switched off from here."
    if not barred:
        return Seen(Name.SWITCH_ACCOUNTS_OFF, Level.AUTOMATIC, f"{share} Not tried.", facts=facts)
    why = reasons.most_common(1)[0][0]
    words = f"{share} The others ({why}): switch them off at the identity provider."
    return Seen(Name.SWITCH_ACCOUNTS_OFF, Level.MANUAL, words, facts=facts)
