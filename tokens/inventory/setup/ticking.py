"""When the probes run by themselves: at the start, then daily; and the warnings about the bots' tokens."""

from datetime import datetime, timedelta

from django.conf import settings

from tokens.inventory.setup.alarms import warn_of_ends
from tokens.inventory.setup.seen import Name
from tokens.models import Capability, Circuit
from workqueue.claims import enqueue

PROBE_AGAIN_AFTER = timedelta(days=1)
# One capability that each job writes down whatever it sees: as old as it is, so old is the whole group.
MARKERS = {"probe_setup": Name.LIST_ACCESS_TOKENS, "probe_setup_revoke": Name.SUSPEND_ACCOUNTS}


def tick_setup(now: datetime) -> None:
    """Ask for the probes that are older than a day, and warn of tokens of ours that end.

    Args:
        now: the moment to count from.
    """
    fresh = Capability.objects.filter(name__in=MARKERS.values(), observed_at__gt=now - PROBE_AGAIN_AFTER)
    seen = set(fresh.values_list("name", flat=True))
    for kind, marker in MARKERS.items():
        if marker not in seen:
            _ask_for(kind, int(now.timestamp()) // 3600)
    _ask_where_refused()
    warn_of_ends(now)


def _ask_where_refused() -> None:
    """A sync that was refused as a whole found it out before the day is over: the sheet follows at once."""
    refused = Circuit.objects.filter(principal=settings.AUDIT_BOT_EMAIL, operation="", closed_at=None)
    for pk in refused.values_list("pk", flat=True):
        enqueue("probe_setup", key=f"probe_setup:circuit:{pk}", payload={"circuit": pk})


def ask_for_probes(now: datetime) -> None:
    """Ask for both probes now; asking twice within a minute asks once.

    Args:
        now: the moment of asking.
    """
    for kind in MARKERS:
        _ask_for(kind, int(now.timestamp()) // 60)


def _ask_for(kind: str, slot: int) -> None:
    enqueue(kind, key=f"{kind}:{slot}", payload={"slot": slot})
