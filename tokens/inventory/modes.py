"""How far the inventory goes on its own: look only, tell people, or end what nobody declared."""

from typing import Final

from django.conf import settings

OBSERVE: Final = "observe"
ADVISE: Final = "advise"
ENFORCE: Final = "enforce"


def may_tell_holders() -> bool:
    """Whether holders may be written to; a new installation only looks."""
    return settings.INVENTORY_MODE != OBSERVE


def mails_alarms() -> bool:
    """Whether the inventory's alarms are mailed to the admins; who only observes mails nobody, and shows them."""
    return settings.INVENTORY_MODE != OBSERVE


def enforces() -> bool:
    """Whether what nobody declared in time is revoked by the portal itself."""
    return bool(settings.INVENTORY_MODE == ENFORCE)
