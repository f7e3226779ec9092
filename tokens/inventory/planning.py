"""What is read next: never more than the hour allows, the oldest first, and what a run wants."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from accounts.actors import SYSTEM
from tokens.clients import audit_admin, audit_bot
from tokens.inventory.circuits import Tripped, covered_parts, leave_unread, may_probe, tripped
from tokens.inventory.lanes import Lane, TokenReads, allowance_of, parts_in, token_reads
from tokens.inventory.moments import database_now
from tokens.inventory.parts import ensure_parts, left_of, open_parts
from tokens.models import LIST_KINDS, ROLLING_KINDS, Part, Sync
from tokens.operations.syncs import start_sync
from workqueue.bulk import enqueue_many, is_parked
from workqueue.claims import Payload, enqueue

JOB_KIND = "read_part"
NIGHTLY_AT_HOUR = 3
# Rows of work handed out at once; when they are done, the next ones are.
AT_MOST = 5_000
# Items on a page of Bitbucket's: what a read of that many costs.
ITEMS_PER_REQUEST = 100
# What failed is tried again after this; what has failed for long, only at its usual age.
FAILED_PAUSE = timedelta(hours=1)
FAILED_FOR_LONG = timedelta(hours=6)
# A row of work that answered neither way within this is lost.
LOST_AFTER = timedelta(hours=30)
_LOCK = "tokens.inventory.planning"


def requests_left() -> int:
    """How many requests to Bitbucket a run may still send within this hour, by all credentials that read."""
    left = allowance_of(Lane.BOT).left() if settings.AUDIT_BOT_EMAIL else 0
    return left + (allowance_of(Lane.TOKEN).left() if token_reads().kinds else 0)


def plan_inventory(now: datetime) -> None:
    """What follows for the inventory from time passing: the lists, at the start and every night, and the next reads.

    The lists are a few requests, and tell how many hours a full run takes. Grants and keys of places are not read
    before somebody has started one.
    """
    if not (audit_bot() or audit_admin()):
        return
    night = _last_night(now)
    if not Sync.objects.filter(started_at__gte=night).exists():
        start_sync(Sync.Mode.LISTS, acting_user=SYSTEM)
    top_up(now)


def _last_night(now: datetime) -> datetime:
    today = now.replace(hour=NIGHTLY_AT_HOUR, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def top_up(now: datetime | None = None) -> int:
    """Hand out as many reads as the hour has requests for, and end runs that have none left.

    Args:
        now: the present where None is given.

    Returns:
        How many reads were handed out.
    """
    now = now or database_now()
    if not Sync.objects.exists():
        return 0
    with transaction.atomic():
        _one_at_a_time()
        ensure_parts()
        Part.objects.filter(asked_at__lt=now - LOST_AFTER).update(asked_at=None)
        running = list(Sync.objects.filter(finished_at=None).order_by("started_at"))
        _mark(running)
        token = token_reads()
        asked = sum(_hand_out(lane, token, running, now) for lane in Lane)
        _end_finished(running)
    return asked


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])


def _mark(running: Sequence[Sync]) -> None:
    for sync in running:
        open_parts(sync).exclude(sync=sync).update(sync=sync)


def _hand_out(lane: Lane, token: TokenReads, running: Sequence[Sync], now: datetime) -> int:
    stopped = tripped(lane)
    probed = sum(
        _probe(lane, operation, reason, token, running, now) for operation, reason in stopped.covering().items()
    )
    return probed if stopped.everything else probed + _ask_affordable(lane, token, running, stopped, now)


def _probe(  # noqa: PLR0913, RUF100 - what is known of the lane, the circuit and the runs
    lane: Lane, operation: str, reason: str, token: TokenReads, running: Sequence[Sync], now: datetime
) -> int:
    """One read of a stopped lane or kind shows whether it may go on; the others stay unread, and no run waits."""
    covered = covered_parts(lane, operation, token)
    if covered.filter(asked_at__isnull=False).exists():
        return 0
    if may_probe(operation, covered, max((sync.started_at for sync in running), default=None), now):
        # Not the same one every time: its place alone may be closed to us.
        order = (F("tried_at").asc(nulls_first=True), "items", "pk")
        return _ask(lane, list(covered.order_by(*order).values_list("pk", flat=True)[:1]), probe=1)
    for sync in running:
        leave_unread(covered.filter(left_of(sync)), reason)
    return 0


def _ask_affordable(lane: Lane, token: TokenReads, running: Sequence[Sync], stopped: Tripped, now: datetime) -> int:
    wanted = _wanted(lane, token, running, now).exclude(kind__in=stopped.operations)
    if not wanted.exists() or is_parked(JOB_KIND, f"{lane}:"):
        return 0
    free = min(allowance_of(lane).left() - _open_cost(lane, token), AT_MOST)
    chosen: list[int] = []
    for pk, items in wanted.values_list("pk", "items")[: max(0, free)]:
        free -= _cost(items)
        if free < 0 and chosen:
            break
        chosen.append(pk)
    return _ask(lane, chosen)


def _cost(items: int) -> int:
    return max(1, -(-items // ITEMS_PER_REQUEST))


def _open_cost(lane: Lane, token: TokenReads) -> int:
    waiting = Part.objects.filter(parts_in(lane, token), asked_at__isnull=False)
    return sum(_cost(items) for items in waiting.values_list("items", flat=True))


def _wanted(lane: Lane, token: TokenReads, running: Sequence[Sync], now: datetime) -> QuerySet[Part]:
    """The lists first, because they show what else there is; then the oldest."""
    due = _is_due(now)
    for sync in running:
        due |= left_of(sync)
    lists_first = Case(When(kind__in=LIST_KINDS, then=Value(0)), default=Value(1))
    parts = Part.objects.filter(parts_in(lane, token), due, retired_at=None, asked_at=None)
    if _lists_come_first(lane, token, running):
        parts = parts.filter(kind__in=LIST_KINDS)
    return parts.order_by(lists_first, F("observed_at").asc(nulls_first=True), "pk")


def _lists_come_first(lane: Lane, token: TokenReads, running: Sequence[Sync]) -> bool:
    """Until a run has tried every list, nobody knows which places are gone, and reading those is a waste."""
    untried = Q(pk__in=[])
    for sync in running:
        untried |= Q(tried_at=None) | Q(tried_at__lt=sync.started_at)
    lists = Part.objects.filter(parts_in(lane, token), kind__in=LIST_KINDS, retired_at=None)
    return bool(running) and lists.filter(untried).exists()


def _is_due(now: datetime) -> Q:
    """What is read without a run. When the place was last changed says nothing about its grants, so it is not asked."""
    too_old = now - timedelta(hours=settings.INVENTORY_MAX_AGE_HOURS)
    is_old = Q(observed_at=None) | Q(observed_at__lt=too_old)
    rolling = Q(kind__in=ROLLING_KINDS) if Sync.objects.filter(mode=Sync.Mode.FULL).exists() else Q(pk__in=[])
    fails_since_recently = Q(failing_since__gt=now - FAILED_FOR_LONG, tried_at__lt=now - FAILED_PAUSE)
    is_failing = ~Q(problem="") & (fails_since_recently | Q(tried_at__lt=too_old))
    return rolling & ((Q(problem="") & is_old) | is_failing) | Q(kind__in=LIST_KINDS) & is_failing


def _ask(lane: Lane, chosen: list[int], **payload: int) -> int:
    if not chosen:
        return 0
    at = database_now()
    Part.objects.filter(pk__in=chosen).update(asked_at=at, requests=0)
    stamp = at.isoformat()
    rows: list[tuple[str, Payload]] = [
        (f"{lane}:{pk}:{stamp}", {"part": pk, "lane": lane.value, "asked": stamp, **payload}) for pk in chosen
    ]
    return enqueue_many(JOB_KIND, rows)


def ask_now(parts: QuerySet[Part]) -> int:
    """Hand out reads out of turn, in the caller's transaction; what waits already is not asked twice.

    Returns:
        How many reads were handed out.
    """
    _one_at_a_time()
    token = token_reads()
    wanted = parts.filter(retired_at=None, asked_at=None)
    return sum(_ask(lane, list(wanted.filter(parts_in(lane, token)).values_list("pk", flat=True))) for lane in Lane)


def _end_finished(running: Sequence[Sync]) -> None:
    for sync in running:
        if not open_parts(sync).exists():
            enqueue("finish_sync", key=f"sync:{sync.pk}", payload={"sync": sync.pk})
