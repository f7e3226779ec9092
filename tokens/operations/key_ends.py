"""Ending a deploy key in the portal's own name: at its approved end, when it was replaced, when nobody wants it."""

from datetime import datetime, timedelta
from typing import Final

from accounts.actors import SYSTEM
from tokens.models import Credential, Revocation
from tokens.models.credential import BindingState
from tokens.operations.change import Change
from tokens.operations.credentials import lock_credential
from tokens.operations.revocations import portal_person, start
from tokens.policy import KEY_KIND
from tokens.states import REGISTERED
from workqueue.claims import enqueue

# Days before its end at which the holder and the deputy are told.
REMINDED_BEFORE: Final = (14, 7, 1)


def end_key(credential: Credential, change: Change, *, reason: str) -> Revocation:
    """Start ending a locked deploy key inside a running change; a running revocation is found again."""
    running = credential.revocations.filter(finished_at=None).first()
    return running or start(credential, reason, portal_person(), change, lost=False)


def end_due_key(pk: int) -> bool:
    """Start ending a deploy key whose approved time is over. Bitbucket lets such a key live for ever.

    Returns: whether that began just now.
    """
    with Change(SYSTEM) as change:
        credential = lock_credential(pk)
        is_due = credential.expires_at is not None and credential.expires_at <= change.at
        if credential.state not in REGISTERED or credential.binding != BindingState.BOUND or not is_due:
            return False
        end_key(credential, change, reason="Its approved time is over")
    return True


def remind_of_key_ends(now: datetime, *, at_most: int) -> None:
    """Ask for one reminder for each key and each of the days before its end; a second tick finds the first one's row.

    Who was not told in time, because nothing ran for a while, is told once, with the days that are left.
    """
    latest = now + timedelta(days=REMINDED_BEFORE[0])
    keys = Credential.objects.filter(kind=KEY_KIND, state__in=REGISTERED)
    soon = keys.filter(expires_at__gt=now, expires_at__lte=latest).order_by("expires_at", "pk")
    for pk, ends in soon.values_list("pk", "expires_at")[:at_most]:
        assert ends is not None
        days = min(days for days in REMINDED_BEFORE if ends - now <= timedelta(days=days))
        # The day of the end is in the key: a key that was approved for longer is told about again.
        enqueue("remind_key_end", key=f"key-end:{pk}:{ends:%Y%m%d}:{days}", payload={"credential": pk})
