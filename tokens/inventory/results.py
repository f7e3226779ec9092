"""What a run found when it ended: counts for people and for `sync_inventory --json`. Whole numbers and words only."""

import logging
from typing import Any

from django.db.models import Count, Q, Sum

from accounts.models import Seat
from audit.content import JsonValue
from tokens.inventory.evaluation import evaluate_findings
from tokens.inventory.lanes import Lane, allowance_of, parts_in, token_reads
from tokens.inventory.parts import parts_of, parts_read_by, parts_unread_by
from tokens.models import Credential, Grant, PartKind, Project, Repository, Sync
from tokens.states import LIVE
from workqueue.models import Job, JobState

logger = logging.getLogger(__name__)

NOT_READ_YET = "Not read yet"
# Kinds and reasons; a run has few of them, and a page shows no more.
REASONS_AT_MOST = 50


def result_of(sync: Sync) -> dict[str, JsonValue]:
    """What a run found. It evaluates the findings first, so call it outside a transaction.

    Args:
        sync: a run with nothing left to read.

    Returns:
        `complete` (nothing is unread), `counts`, `credentials` (new, ended), `seats` (given, taken), `findings`
        (opened, closed, open), `parts` (read, unread), `unread` (kind, reason, parts), `requests` by principal.
    """
    findings = _findings()
    read, unread = parts_read_by(sync).count(), parts_unread_by(sync).count()
    return {
        "complete": bool(read) and not unread and findings is not None,
        "counts": counts(),
        "credentials": _credentials_since(sync),
        "seats": _seats_since(sync),
        "findings": dict(findings) if findings is not None else None,
        "parts": {"read": read, "unread": unread},
        "unread": unread_reasons(sync),
        "requests": requests_of(sync),
    }


def _findings() -> dict[str, int] | None:
    """None where they could not be evaluated: what was read stays, and the run says that it is not complete."""
    try:
        return evaluate_findings()
    except Exception:
        logger.exception("The findings could not be evaluated.")
        return None


def counts() -> dict[str, JsonValue]:
    """How much there is, as far as it was read."""
    live = Q(state__in=LIVE)
    grants = Grant.objects.filter(gone_at=None).aggregate(
        people=Count("pk", filter=Q(person__isnull=False)), groups=Count("pk", filter=Q(person=None))
    )
    held = Credential.objects.aggregate(
        tokens=Count("pk", filter=live & Q(kind="api_token", listing_id__isnull=False)),
        keys=Count("pk", filter=live & Q(kind="deploy_key")),
    )
    return {
        "members": Seat.objects.values("person").distinct().count(),
        "projects": Project.objects.filter(gone_at=None).count(),
        "repositories": Repository.objects.filter(gone_at=None).count(),
        "tokens": held["tokens"],
        "user_grants": grants["people"],
        "group_grants": grants["groups"],
        "deploy_keys": held["keys"],
    }


def _credentials_since(sync: Sync) -> dict[str, JsonValue]:
    return {
        "new": Credential.objects.filter(registered_at__gte=sync.started_at, request=None).count(),
        "ended": Credential.objects.filter(ended_at__gte=sync.started_at).count(),
    }


def _seats_since(sync: Sync) -> dict[str, JsonValue]:
    lists = parts_of(sync).filter(kind=PartKind.MEMBERS).values_list("pk", flat=True)
    jobs = Job.objects.filter(
        kind="read_part", state=JobState.DONE, ended_at__gte=sync.started_at, payload__part__in=list(lists)
    )
    told: list[dict[str, Any]] = list(jobs.values_list("result", flat=True))
    return {name: sum(int(one.get(f"seats_{name}", 0)) for one in told) for name in ("given", "taken")}


def unread_reasons(sync: Sync) -> list[dict[str, JsonValue]]:
    """What a run could not read, by kind and reason, the most first."""
    rows = (
        parts_unread_by(sync)
        .order_by()
        .values("kind", "problem")
        .annotate(parts=Count("pk"))
        .order_by("-parts", "kind")
    )
    return [
        {"kind": row["kind"], "reason": row["problem"] or NOT_READ_YET, "parts": row["parts"]}
        for row in rows[:REASONS_AT_MOST]
    ]


def requests_of(sync: Sync) -> dict[str, JsonValue]:
    """What the run's reads cost, by principal, retries included."""
    token = token_reads()
    tried = parts_of(sync).filter(tried_at__gte=sync.started_at)
    spent = {lane: tried.filter(parts_in(lane, token)).aggregate(sent=Sum("requests"))["sent"] or 0 for lane in Lane}
    return {allowance_of(lane).principal: number for lane, number in spent.items() if number}
