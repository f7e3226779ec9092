"""Starting and stopping inventory runs, and their end."""

from django.db import IntegrityError, connection, transaction

from accounts.access import authorise
from accounts.actors import SYSTEM, Acting
from accounts.models import User
from audit.content import JsonValue
from audit.tags import Tag
from audit.trail import Subject
from tokens.inventory.moments import database_now
from tokens.models import Part, Sync
from tokens.operations.change import Change
from workqueue.claims import enqueue

PERMISSION = "tokens.run_sync"


def sync_subject(sync: Sync) -> Subject:
    """A run as the trail names it."""
    return Subject("sync", str(sync.pk), str(sync))


def start_sync(mode: Sync.Mode, *, acting_user: Acting) -> Sync:
    """Start an inventory run; where one of this mode runs already, that is the answer.

    Args:
        mode: everything, or only the four lists.
        acting_user: who asks; the portal itself at night.

    Raises:
        PermissionDenied: the actor may not.
    """
    authorise(acting_user, PERMISSION)
    try:
        with Change(acting_user) as change:
            return _running(mode) or _start(mode, acting_user, change)
    except IntegrityError:
        # Somebody else started it at this very moment.
        running = _running(mode)
        if running is None:
            raise
        return running


def _running(mode: Sync.Mode) -> Sync | None:
    return Sync.objects.filter(mode=mode, finished_at=None).first()


def _start(mode: Sync.Mode, acting_user: Acting, change: Change) -> Sync:
    asked_by = acting_user.person if isinstance(acting_user, User) else None
    sync = Sync.objects.create(mode=mode, asked_by=asked_by, started_at=database_now())
    enqueue("plan_reads", key=f"sync:{sync.pk}", payload={"sync": sync.pk})
    change.event(Tag.SYNC_STARTED, sync_subject(sync), mode=mode.value)
    return sync


def stop_sync(sync: Sync, *, acting_user: Acting) -> None:
    """Stop a run: what was read stays, what waits is not read for it. One that has ended stays as it is.

    Raises:
        PermissionDenied: the actor may not.
    """
    authorise(acting_user, PERMISSION)
    with Change(acting_user) as change:
        running = Sync.objects.select_for_update(no_key=True).filter(pk=sync.pk, finished_at=None).first()
        if running is None:
            return
        Part.objects.filter(sync=running, asked_at__isnull=False).update(asked_at=None)
        running.finished_at, running.result = database_now(), {"complete": False, "stopped": True}
        running.save(update_fields=["finished_at", "result"])
        change.event(Tag.SYNC_STOPPED, sync_subject(running), mode=running.mode)


def end_sync(sync: Sync, result: dict[str, JsonValue]) -> None:
    """Write down what a run found. Call it inside the transaction that ends its job; the trail is told last.

    Args:
        sync: a run; one that has ended stays as it is.
        result: counts by name.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A run ends in the transaction of its last job.")
    with Change(SYSTEM) as change:
        running = Sync.objects.select_for_update(no_key=True).filter(pk=sync.pk, finished_at=None).first()
        if running is None:
            return
        running.finished_at, running.result = database_now(), result
        running.save(update_fields=["finished_at", "result"])
        change.event(Tag.SYNC_FINISHED, sync_subject(running), **_for_trail(running, result))


def _for_trail(sync: Sync, result: dict[str, JsonValue]) -> dict[str, JsonValue]:
    kept = ("complete", "counts", "credentials", "seats", "findings", "parts", "unread", "requests")
    return {"mode": sync.mode} | {name: result[name] for name in kept if name in result}
