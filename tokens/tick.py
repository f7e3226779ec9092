"""What follows from time passing. Each part is idempotent: two beats, or none for a while, do no harm."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from tokens.capabilities import listing_is_connected
from tokens.inventory.planning import plan_inventory
from tokens.inventory.setup.ticking import tick_setup
from tokens.inventory.ticking import inventory_tick
from tokens.models import Capability, Credential, PasteAttempt
from tokens.models.credential import BindingState
from tokens.operations.credentials import look_again
from tokens.operations.endings import expire_credential
from tokens.operations.key_ends import end_due_key, remind_of_key_ends
from tokens.operations.key_rotations import watch_rotations
from tokens.operations.makers import ask_where_nobody_asked
from tokens.operations.requests import lapse_requests
from tokens.policy import KEY_KIND
from tokens.states import REGISTERED, CredentialState
from workqueue.claims import enqueue

AT_MOST = 500
PROBE_AGAIN_AFTER = timedelta(hours=1)


def tick() -> None:
    """Expire, end keys, remind, lapse, ask for makers, look at refused tokens, probe, read the inventory."""
    now = timezone.now()
    _expire(now)
    remind_of_key_ends(now, at_most=AT_MOST)
    watch_rotations(now, at_most=AT_MOST)
    lapse_requests()
    ask_where_nobody_asked()
    PasteAttempt.objects.filter(attempted_at__lt=now - timedelta(minutes=settings.PASTE_WINDOW_MINUTES)).delete()
    _look_at_refused(now)
    _look_where_connected_now()
    _probe(now)
    tick_setup(now)
    inventory_tick(now)
    plan_inventory(now)


def _look_where_connected_now() -> None:
    if not listing_is_connected():
        return
    waiting = Credential.objects.filter(binding=BindingState.NOT_CONNECTED, ended_at=None)
    for pk in waiting.values_list("pk", flat=True)[:AT_MOST]:
        look_again(pk)


def _expire(now: datetime) -> None:
    over = Credential.objects.filter(state__in=REGISTERED, expires_at__lte=now).order_by("expires_at", "pk")
    for pk, kind in over.values_list("pk", "kind")[:AT_MOST]:
        # Bitbucket ends tokens by itself, and keys never.
        if kind == KEY_KIND:
            end_due_key(pk)
        else:
            expire_credential(pk)


def _look_at_refused(now: datetime) -> None:
    slot = int(now.timestamp()) // 60
    refused = Credential.objects.filter(state=CredentialState.REFUSED, listing_id__isnull=False)
    for pk in refused.order_by("registered_at").values_list("pk", flat=True)[:AT_MOST]:
        enqueue("check_refused", key=f"refused:{pk}:{slot}", payload={"credential": pk})


def _probe(now: datetime) -> None:
    """Every minute until it works, every hour afterwards."""
    probes = {
        Capability.Name.LIST_TOKENS: "probe_listing",
        Capability.Name.DELETE_TOKENS: "probe_deletion",
    }
    fresh = Capability.objects.filter(
        level=Capability.Level.AUTOMATIC, observed_at__gt=now - PROBE_AGAIN_AFTER
    ).values_list("name", flat=True)
    slot = int(now.timestamp()) // 60
    for name, kind in probes.items():
        if name not in fresh:
            enqueue(kind, key=f"{kind}:{slot}", payload={"slot": slot})
