"""What must be said before any number is read: what was refused, what could not be read, whose token ends."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from tokens.clients import WORKSPACE_TOKEN
from tokens.inventory.freshness import NEVER_TRIED, Freshness
from tokens.models import Capability, Circuit, PartKind

# A bot's token that ends within this is worth a warning: making a new one needs somebody who may sign in as the bot.
SOON = timedelta(days=30)
_BOTS = ("audit", "revoke")
_REASONS_SHOWN = 5
_UNTIL_THEN = "One read at a time is tried again by itself; until one succeeds, the others stay unread."


@dataclass(frozen=True)
class Alarm:
    """One warning: what is wrong, why, and what follows from it."""

    title: str
    body: str
    items: tuple[str, ...] = ()
    tone: str = "danger"


def alarms(found: Sequence[Freshness], now: datetime | None = None) -> list[Alarm]:
    """Every warning, the worst first. Two queries.

    Args:
        found: what is known of each kind of part (`freshness()`).
        now: the present where None is given.
    """
    return [*stopped_calls(), *_bots_tokens(now or timezone.now()), *_unread_parts(found)]


def stopped_calls() -> list[Alarm]:
    """Calls that were refused and are not tried any more. One query."""
    stopped = Circuit.objects.filter(closed_at=None).order_by("opened_at", "pk")
    return [Alarm(_stopped_title(circuit), f"{_sentence(circuit.reason)} {_UNTIL_THEN}") for circuit in stopped]


def _stopped_title(circuit: Circuit) -> str:
    who = _who(circuit.principal)
    if circuit.operation not in PartKind.values:
        return f"Reading has stopped: {who} is refused"
    return f"Reading has stopped: {PartKind(circuit.operation).label.lower()}, for {who}"


def _who(principal: str) -> str:
    words = {
        settings.AUDIT_BOT_EMAIL: "the audit bot",
        WORKSPACE_TOKEN: "the workspace access token",
        settings.ATLASSIAN_ORG_ID: "the organisation's audit key",
    }
    return words.get(principal, principal)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def _bots_tokens(now: datetime) -> list[Alarm]:
    """The bots' own tokens: without them nothing is read and nothing is revoked."""
    row = Capability.objects.filter(name=Capability.Name.BOT_TOKENS, workspace=None).first()
    found = [] if row is None else [_bots_token(role, row.facts, now) for role in _BOTS]
    return [alarm for alarm in found if alarm is not None]


def _bots_token(role: str, facts: Mapping[str, Any], now: datetime) -> Alarm | None:
    words = facts.get("words", {}).get(role, "")
    if role in facts.get("refused", {}):
        return Alarm(f"The {role} bot's token is refused", words)
    end = datetime.fromisoformat(facts[role]) if facts.get(role) else None
    if end is None or end - now > SOON:
        return None
    verb = "ended" if end <= now else "ends"
    return Alarm(f"The {role} bot's token {verb} on {end:%-d %B %Y}", words, tone="danger" if end <= now else "caution")


def _unread_parts(found: Sequence[Freshness]) -> list[Alarm]:
    failed: Counter[str] = Counter()
    for one in found:
        failed.update({reason: many for reason, many in one.reasons if reason != NEVER_TRIED})
    total = failed.total()
    if not total:
        return []
    return [
        Alarm(
            title=f"{total:,} part{'' if total == 1 else 's'} could not be read",
            body="Whatever stands there is missing from the numbers below. They are tried again.",
            items=tuple(f"{many:,}: {reason}" for reason, many in failed.most_common(_REASONS_SHOWN)),
            tone="caution",
        )
    ]
