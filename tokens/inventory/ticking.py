"""What the inventory does as time passes. Each part is idempotent: two beats, or none for a while, do no harm."""

from datetime import datetime
from typing import Final

from tokens.capabilities import listing_is_connected
from tokens.operations.acceptances import end_passed_acceptances
from tokens.operations.circuits import close_abandoned_circuits
from tokens.operations.enforcing import revoke_undeclared
from tokens.operations.telling_holders import remind_holders, tell_of_baseline, tell_of_new
from workqueue.claims import enqueue

RADAR_SECONDS: Final = 300
EVALUATION_SECONDS: Final = 3600


def inventory_tick(now: datetime) -> None:
    """Look at the newest tokens every five minutes and at all findings every hour; tell, remind, and enforce."""
    if listing_is_connected():
        look_at_newest(now, every_seconds=RADAR_SECONDS)
    enqueue("evaluate_findings", key=_slot("evaluate", now, EVALUATION_SECONDS), payload={})
    close_abandoned_circuits()
    end_passed_acceptances(now.date())
    tell_of_new(now)
    tell_of_baseline(now)
    remind_holders(now)
    revoke_undeclared(now)


def look_at_newest(now: datetime, *, every_seconds: int) -> None:
    """Ask for one look of the radar, unless somebody did in the same slice of time."""
    enqueue("radar", key=_slot(f"radar:{every_seconds}", now, every_seconds), payload={})


def _slot(name: str, now: datetime, seconds: int) -> str:
    return f"{name}:{int(now.timestamp()) // seconds}"
