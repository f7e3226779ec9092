"""The bots themselves: what their tokens may do, and when they end. Their own tokens are credentials too."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from bitbucket.admin import AdminClient
from bitbucket.errors import MissingScope, Permanent
from bitbucket.resources import ADMINISTRATOR_ROLE
from tokens.inventory.setup.alarms import DAYS_BEFORE
from tokens.inventory.setup.bot_tokens import BotNews, forget_bot, note_bot
from tokens.inventory.setup.keys import Bot, Role
from tokens.inventory.setup.scopes import CHANGES, lacking
from tokens.inventory.setup.seen import Level, Name, Seen, said, same_for_all

_UNSET = {
    "audit": (
        "No audit bot is set: AUDIT_BOT_EMAIL and AUDIT_BOT_TOKEN of a licensed account that administers the workspace."
        " Without it only API tokens are seen, no grants and no deploy keys."
    ),
    "revoke": (
        "No revoke bot is set: REVOKE_BOT_EMAIL and REVOKE_BOT_TOKEN belong into worker-revoke alone. Until then a"
        " person removes grants and keys by hand."
    ),
}
NEEDS_AUDIT_BOT = (
    Name.READ_MEMBERS,
    Name.READ_PROJECTS,
    Name.READ_REPOSITORIES,
    Name.READ_USER_GRANTS,
    Name.READ_GROUP_GRANTS,
    Name.READ_DEPLOY_KEYS,
    Name.FILTER_BY_PERSON,
)


def absent(role: Role) -> list[Seen]:
    """What cannot be done because a bot is not set."""
    forget_bot(role)
    return same_for_all(NEEDS_AUDIT_BOT if role == "audit" else CHANGES, Level.MANUAL, _UNSET[role])


def refused(bot: Bot) -> list[Seen]:
    """What cannot be done because Bitbucket does not take a bot's token; the admins hear of it at once."""
    words = (
        f"Bitbucket refuses the {bot.words}'s token (HTTP 401): it ended, was deleted, or is not {bot.email}'s. Make a"
        f" new one and set {bot.role.upper()}_BOT_TOKEN."
    )
    note_bot(BotNews(bot.role, Level.MANUAL, words, is_refused=True))
    return same_for_all(NEEDS_AUDIT_BOT if bot.role == "audit" else CHANGES, Level.MANUAL, words)


def changes(bot: Bot) -> list[Seen]:
    """What the revoke bot may take away: by its scopes and its role in each workspace, never tried."""
    roles = {uuid: _role(bot, uuid) for uuid in settings.BITBUCKET_WORKSPACES}
    return [_change(bot, name, work, roles) for name, work in CHANGES.items()]


def _role(bot: Bot, uuid: str) -> str:
    try:
        return bot.client.my_role(uuid)
    except Permanent as refusal:
        return said(refusal)


def _change(bot: Bot, name: Name, work: str, roles: dict[str, str]) -> Seen:
    has = bot.reading.scopes
    if has is None:
        words = "Bitbucket does not tell the scopes of the revoke bot's token, so nobody can say; not tried."
        return Seen(name, Level.UNKNOWN, words, facts={})
    lacks = lacking({work: bot.work[work]}, has).get(work, [])
    if lacks:
        words = f"The revoke bot's token cannot {work}: it lacks {', '.join(lacks)}. Make it a new token with that."
        return Seen(name, Level.MANUAL, words, facts={"lacks": lacks})
    powerless = {uuid: role for uuid, role in roles.items() if role != ADMINISTRATOR_ROLE}
    if powerless:
        uuid, role = next(iter(powerless.items()))
        words = f"The revoke bot has the scopes to {work} but is no administrator of {uuid} (it is: {role}); not tried."
        return Seen(name, Level.MANUAL, words, facts={"roles": roles})
    words = f"The revoke bot has the scopes and the role to {work}; not tried."
    return Seen(name, Level.AUTOMATIC, words, facts={})


def audit_token(bot: Bot, client: AdminClient | None) -> list[Seen]:
    """The audit bot's own entry: when it ends, and whether the listing tells its scopes as its header does.

    Args:
        bot: the audit bot.
        client: with the audit key; None where no organisation is connected.
    """
    if client is None:
        _note(bot, None, "no organisation is connected, whose listing would tell")
        return []
    if not bot.reading.account_id:
        _note(bot, None, "its token lacks read:user:bitbucket, so nobody knows whose it is")
        return [_scopes_unknown("The audit bot's own entry cannot be found: its token lacks read:user:bitbucket.")]
    try:
        found = client.organisation_tokens(settings.ATLASSIAN_ORG_ID, q=bot.email)
    except Permanent as refusal:
        _note(bot, None, f"the listing cannot be read ({said(refusal)})")
        return [_scopes_unknown("The organisation's listing cannot be read.")]
    mine = [token for token in found if token.user_id == bot.reading.account_id and _lives(token.expires_at)]
    _note(bot, [token.expires_at for token in mine], "the organisation does not manage its account, or hides it")
    return [compared([token.scopes for token in mine], bot.reading.scopes)]


def revoke_token(bot: Bot, client: AdminClient | None) -> list[Seen]:
    """When the revoke bot's token ends, from its account's own list.

    Args:
        bot: the revoke bot.
        client: with the revoke key; None where it is not set.
    """
    if client is None or not bot.reading.account_id:
        _note(bot, None, "its account or the revoke key, which would tell, is not known")
        return []
    try:
        found = client.user_tokens(bot.reading.account_id)
    except MissingScope:
        _note(bot, None, "the revoke key has scopes, and its account's list takes a key without any")
    except Permanent as refusal:
        _note(bot, None, f"the organisation does not manage its account ({said(refusal)})")
    else:
        _note(bot, [token.expires_at for token in found if _lives(token.expires_at)], "its account lists no token")
    return []


def _lives(end: datetime | None) -> bool:
    return end is None or end > timezone.now()


def _note(bot: Bot, ends: Iterable[datetime | None] | None, otherwise: str) -> None:
    """Write down a bot's scopes and its token's end; of several tokens the earliest end counts."""
    listed = list(ends or ())
    known = sorted(end for end in listed if end is not None)
    end = known[0] if known else None
    if end is None:
        level, words = Level.UNKNOWN, f"When the {bot.words}'s token ends is not known: {otherwise}."
    else:
        several = f" Its account has {len(listed)} tokens: the earliest end counts." if len(listed) > 1 else ""
        words = f"The {bot.words}'s token ends {end:%d %b %Y}.{several}"
        is_near = end - timezone.now() <= timedelta(days=max(DAYS_BEFORE))
        level = Level.MANUAL if is_near else Level.AUTOMATIC
        words += f" Make a new one and set {bot.role.upper()}_BOT_TOKEN." if is_near else ""
    has = bot.reading.scopes
    may = {
        "has": None if has is None else sorted(has),
        "lacks": {} if has is None else lacking(bot.work, has),
        "type": bot.reading.credential_type,
    }
    note_bot(BotNews(bot.role, level, words, end=end, account_id=bot.reading.account_id, may=may))


def _scopes_unknown(words: str) -> Seen:
    return Seen(Name.LISTING_SCOPES, Level.UNKNOWN, words, facts={})


def compared(told: list[frozenset[str] | None], header: frozenset[str] | None) -> Seen:
    """Compare the bot's own entry with its own header: only where both say the same is the listing to be believed.

    Args:
        told: the scopes of each entry of the bot's account; None where the listing tells none.
        header: what Bitbucket told of the bot's token; None where it told nothing.
    """
    if not told:
        return _scopes_unknown("The audit bot's own token is not in the listing, so there is nothing to compare.")
    if header is None:
        return _scopes_unknown("Bitbucket does not tell the scopes of the audit bot's token: nothing to compare with.")
    if all(scopes is None for scopes in told):
        words = "The listing tells no scopes here. Pasting a token stays the proof of what it may do."
        return Seen(Name.LISTING_SCOPES, Level.MANUAL, words, facts={"listing": "not told"})
    if header in told:
        words = "The listing tells the scopes: the audit bot's own entry says what its own header says."
        return Seen(Name.LISTING_SCOPES, Level.AUTOMATIC, words, facts={"listing": "as the header"})
    words = "The listing's scopes are not those that the token's own header tells. Pasting a token stays the proof."
    return Seen(Name.LISTING_SCOPES, Level.MANUAL, words, facts={"listing": "not as the header"})
