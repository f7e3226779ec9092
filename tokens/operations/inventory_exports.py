"""Writing down that somebody takes the inventory with them."""

from collections.abc import Mapping

from accounts.access import authorise
from accounts.models import User
from audit.tags import Tag
from audit.trail import Subject
from tokens.operations.change import Change

_INVENTORY = Subject("inventory", "credentials", "Credentials")


def record_export(asked: Mapping[str, str], *, rows: int, format_name: str, acting_user: User) -> None:
    """Put an export into the trail, before its first row leaves.

    Args:
        asked: the filter and the order, as the address says them.
        rows: how many rows the file holds.
        format_name: ``csv`` or ``jsonl``.

    Raises:
        PermissionDenied: the person may not see the inventory (any more).
    """
    authorise(acting_user, "tokens.view_inventory")
    with Change(acting_user) as change:
        change.event(Tag.INVENTORY_EXPORTED, _INVENTORY, filter=dict(asked), rows=rows, format=format_name)
