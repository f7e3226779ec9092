"""From what is known to the differences that follow: findings open, go on, close and come back by themselves."""

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone

from accounts.actors import SYSTEM
from tokens.inventory.baseline import baseline
from tokens.inventory.rules import RULES, Outlook
from tokens.inventory.seating import seating
from tokens.models import Finding, FindingKind
from tokens.operations.bulk_findings import apply_verdicts, one_evaluation_at_a_time
from tokens.operations.change import Change
from tokens.operations.findings import close_findings


def evaluate_findings(now: datetime | None = None) -> dict[str, int]:
    """Let every finding of the kinds that follow from the inventory be what the inventory says now.

    One transaction, a few queries for each kind, whatever the number of credentials. What is accepted until a day stays
    open and keeps that.

    Args:
        now: the moment that counts; the present by default.

    Returns: how many ``opened`` (or came back), how many ``closed``, and how many are ``open`` of every kind.
    """
    return _evaluate(now or timezone.now(), None)


def evaluate_credentials(ids: Collection[int], now: datetime | None = None) -> dict[str, int]:
    """The same for some credentials alone: what a small read touched."""
    if not ids:
        return {"opened": 0, "closed": 0, "open": 0}
    return _evaluate(now or timezone.now(), ids)


def _evaluate(now: datetime, only: Collection[int] | None) -> dict[str, int]:
    opened = closed = 0
    with Change(SYSTEM) as change:
        one_evaluation_at_a_time()
        look = Outlook(now, baseline(), seating(), only)
        for rule in RULES:
            outcome = apply_verdicts(rule(look), change, only=only)
            opened, closed = opened + outcome.opened, closed + outcome.closed
        closed += _close_gone(now, change, only)
        count = Finding.objects.filter(closed_at=None)
        still_open = (count if only is None else count.filter(credential__in=list(only))).count()
    return {"opened": opened, "closed": closed, "open": still_open}


def _close_gone(now: datetime, change: Change, only: Collection[int] | None) -> int:
    """Nobody needs to look at what is gone once its approved time is over."""
    over = Finding.objects.filter(
        kind=FindingKind.GONE, closed_at=None, credential__request__approved_until__lt=now.date()
    )
    if only is not None:
        over = over.filter(credential__in=list(only))
    rows = list(over.select_related("credential").order_by("credential", "pk"))
    for row in rows:
        close_findings(row.credential, change, because="its approved time is over", kinds=(FindingKind.GONE,))
    return len(rows)
