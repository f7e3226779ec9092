"""Hourly request budgets, counted by the minute and shared by all processes."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import Now

from workqueue.models import Spending

# The oldest minute that may hold a request of the last hour began up to 61 minutes ago.
WINDOW = timedelta(minutes=61)
KEPT = timedelta(hours=3)

# Without the lock two processes could both see the last free request. Both statements go to the database together,
# which makes them one transaction with a snapshot each: every request waits for this.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%(host)s || ' ' || %(principal)s, 0));"
_SPEND = """
INSERT INTO workqueue_spending (host, principal, minute, used)
SELECT %(host)s, %(principal)s, date_trunc('minute', statement_timestamp()), 1
WHERE (
    SELECT COALESCE(SUM(used), 0) FROM workqueue_spending
    WHERE host = %(host)s AND principal = %(principal)s AND minute > statement_timestamp() - %(window)s
) < %(most)s
ON CONFLICT (host, principal, minute) DO UPDATE SET used = workqueue_spending.used + 1
"""


def spend(host: str, principal: str, limit_per_hour: int, reserve: int = 0) -> bool:
    """Take one request out of a principal's budget for the rolling hour, if there is one left.

    Args:
        host: whom the request goes to.
        principal: whose limit it counts against; an id, never a secret.
        limit_per_hour: how many requests the host allows in any 60 minutes.
        reserve: how many of them are kept for more important callers.

    Returns:
        Whether the request may be sent. It is counted, sent or not.
    """
    values: dict[str, Any] = {"host": host, "principal": principal, "window": WINDOW, "most": limit_per_hour - reserve}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK + _SPEND, values)
        while cursor.nextset():  # to the answer of the last statement
            pass
        return bool(cursor.rowcount)


def spent(host: str, principal: str) -> int:
    """How many requests the rolling hour holds, rounded up to whole minutes at its start."""
    recent = Spending.objects.filter(host=host, principal=principal, minute__gt=Now() - WINDOW)
    return recent.aggregate(total=Sum("used"))["total"] or 0


def forget_old_spending() -> int:
    """Delete what no budget looks at any more; returns how many rows went."""
    return Spending.objects.filter(minute__lt=Now() - KEPT).delete()[0]
