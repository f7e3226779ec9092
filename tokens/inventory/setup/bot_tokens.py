"""The one row about both bots' tokens. Two processes know half of it each, so it is changed under a lock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tokens.capabilities import observe
from tokens.inventory.setup.alarms import tell_refused
from tokens.inventory.setup.keys import Role
from tokens.inventory.setup.seen import Level, Name
from tokens.models import Capability, Circuit

ROLES: tuple[Role, ...] = ("audit", "revoke")
_KINDS = ("words", "level", "account", "may", "refused", "told")
Facts = dict[str, Any]


@dataclass(frozen=True)
class BotNews:
    """What was seen of one bot's token.

    Args:
        role: which bot.
        level: whether its end is known.
        words: a sentence; never a secret.
        end: when it ends.
        account_id: whose it is, None where that is not told.
        may: its scopes: has, lacks, type; None keeps what was known.
        is_refused: whether Bitbucket does not take it.
    """

    role: Role
    level: Level
    words: str
    end: datetime | None = None
    account_id: str | None = None
    may: dict[str, Any] | None = None
    is_refused: bool = False


def note_bot(news: BotNews) -> None:
    """Write down what was seen of one bot, beside what is known of the other; a refusal is told to the admins, once."""

    def change(facts: Facts) -> None:
        was_refused = news.role in facts.get("refused", {})
        _put(facts, "words", news.role, news.words)
        _put(facts, "level", news.role, str(news.level))
        _put(facts, "refused", news.role, timezone.now().isoformat() if news.is_refused else None)
        if news.may is not None:
            _put(facts, "may", news.role, news.may)
        if news.account_id:
            _put(facts, "account", news.role, news.account_id)
        if not news.is_refused:  # what a refused token's end was stays known
            facts[news.role] = news.end.isoformat() if news.end else None
        if news.is_refused and not was_refused and not _a_sync_told(news.role):
            tell_refused(news.role, news.words)

    _change_facts(change)


def _a_sync_told(role: Role) -> bool:
    """A sync that is refused stops its calls and tells the admins itself."""
    principal = {"audit": settings.AUDIT_BOT_EMAIL, "revoke": settings.REVOKE_BOT_EMAIL}[role]
    return Circuit.objects.filter(principal=principal, operation="", closed_at=None).exists()


def forget_bot(role: Role) -> None:
    """A bot is not set up any more: nothing that was known of it counts."""

    def change(facts: Facts) -> None:
        facts.pop(role, None)
        for kind in _KINDS:
            facts.get(kind, {}).pop(role, None)

    _change_facts(change)


def _put(facts: Facts, kind: str, role: Role, value: object) -> None:
    told = facts.setdefault(kind, {})
    if value is None:
        told.pop(role, None)
    else:
        told[role] = value


def _change_facts(change: Callable[[Facts], None]) -> None:
    with transaction.atomic():
        Capability.objects.get_or_create(name=Name.BOT_TOKENS, workspace=None, defaults={"observed_at": timezone.now()})
        row = Capability.objects.select_for_update().get(name=Name.BOT_TOKENS, workspace=None)
        facts: Facts = row.facts
        change(facts)
        # The inventory never takes these accounts' tokens for somebody's.
        facts["accounts"] = sorted(set(facts.get("account", {}).values()))
        observe(Name.BOT_TOKENS, _level(facts), _reason(facts), facts=facts)


def _level(facts: Facts) -> Level:
    levels = [Level(level) for level in facts.get("level", {}).values()]
    worst_first = (Level.MANUAL, Level.UNKNOWN, Level.AUTOMATIC)
    return next((level for level in worst_first if level in levels), Level.MANUAL)


def _reason(facts: Facts) -> str:
    words = facts.get("words", {})
    return " ".join(words[role] for role in ROLES if role in words) or "No bot is set up, so no token of one can end."
