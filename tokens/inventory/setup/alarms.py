"""The admins hear of the bots' own tokens: before they end, and at once when one is refused.

A bot that dies unseen makes the inventory blind. Where the portal only observes, the portal shows it and mails nobody.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from tokens.inventory.setup.seen import Name
from tokens.models import Capability
from tokens.operations.alarming import alarm_admins

DAYS_BEFORE = (30, 14, 7, 3, 1)
_ROLES = ("audit", "revoke")
_WHAT_STOPS = {
    "audit": "Then the inventory sees no grants and no deploy keys any more.",
    "revoke": "Then grants and deploy keys have to be removed by hand.",
}


def tell_refused(role: str, words: str) -> None:
    """Bitbucket refuses a bot's token. Call it in the transaction that writes that down.

    Args:
        role: audit or revoke.
        words: what was seen and what to do.
    """
    _tell(f"The {role} bot's token is refused", f"{words}\n\n{_WHAT_STOPS[role]}")


def warn_of_ends(now: datetime) -> int:
    """Tell the admins of a bot's token that ends soon: once at each of 30, 14, 7, 3 and 1 days before.

    What was told stands in the row that says when the token ends, so neither a restart nor a second beat tells twice.

    Args:
        now: the moment to count from.

    Returns:
        How many warnings went out.
    """
    with transaction.atomic():
        row = Capability.objects.select_for_update().filter(name=Name.BOT_TOKENS, workspace=None).first()
        due = [(role, step) for role in _ROLES if row is not None and (step := _step(row.facts, role, now))]
        if row is None or not due:
            return 0
        for role, step in due:
            row.facts.setdefault("told", {})[role] = [row.facts[role], step]
            _warn(role, datetime.fromisoformat(row.facts[role]), now)
        row.save(update_fields=["facts"])
    return len(due)


def _step(facts: dict[str, Any], role: str, now: datetime) -> int | None:
    """Which of the steps has come and was not told yet; the last one where several came at once."""
    if not facts.get(role):
        return None
    left = datetime.fromisoformat(facts[role]) - now
    step = next((days for days in reversed(DAYS_BEFORE) if left <= timedelta(days=days)), None)
    end, told = facts.get("told", {}).get(role, ("", None))
    is_new = end != facts[role] or told is None or (step is not None and step < told)
    return step if is_new else None


def _warn(role: str, end: datetime, now: datetime) -> None:
    days = max(0, (end - now).days)
    when = "today" if days < 1 else "in 1 day" if days == 1 else f"in {days} days"
    setting = f"{role.upper()}_BOT_TOKEN"
    _tell(
        f"The {role} bot's token ends {when}",
        f"It ends on {end:%d %B %Y, %H:%M} UTC. {_WHAT_STOPS[role]}\n\nSign in to Atlassian as the bot, make a new API"
        f" token with the same scopes (the set-up page lists them), and set {setting}.",
    )


def _tell(subject: str, body: str) -> None:
    alarm_admins(subject=subject, body=body, path=reverse("inventory_setup"))
