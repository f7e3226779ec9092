"""Opening and closing many findings at once: few statements, and the trail is told in bulk."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Func, JSONField, Value

from audit.tags import Tag
from audit.trail import Subject
from tokens.inventory.differences import Difference, Verdicts
from tokens.models import Credential, Finding, FindingKind, Standing
from tokens.operations.acceptances import end_weak_acceptance
from tokens.operations.change import Change
from tokens.operations.findings import end_acceptances_of, finding_subject, moment_of, reopen
from tokens.states import LIVE, CredentialState

# Up to so many of a kind are told one by one, so that each has a trail of its own.
SINGLY = 10
MOST_IDS = 50
_BATCH = 2000
_TOLD = ("title", "risk", "action", "due_at", "person_id", "detail")
_WRITTEN = ("title", "risk", "action", "due_at", "person", "detail")


@dataclass(frozen=True)
class Outcome:
    """How many were opened (or opened again), and closed."""

    opened: int
    closed: int


def one_evaluation_at_a_time() -> None:
    """Radar and sync may evaluate at once: the second one sees what the first one wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('tokens.evaluation', 0))")


def apply_verdicts(verdicts: Verdicts, change: Change, *, only: Collection[int] | None = None) -> Outcome:
    """Let the findings of one kind be what a rule says now.

    New rows come first and locks on old ones afterwards, in their order: whoever ends a credential holds that one and
    then wants its findings.

    Args:
        only: which credentials the rule looked at; None for all.
    """
    known = _known(verdicts.kind, only)
    wanted = {one.credential: one for one in verdicts.differences}
    new = [wanted[pk] for pk in sorted(wanted.keys() - known.keys())]
    opened = _insert(new, verdicts.kind, change)
    again = [pk for pk in wanted.keys() & known.keys() if known[pk]["closed_at"] is not None]
    moved = [
        pk
        for pk in wanted.keys() & known.keys()
        if known[pk]["closed_at"] is None and any(known[pk][field] != _value(wanted[pk], field) for field in _TOLD)
    ]
    left = [pk for pk, row in known.items() if row["closed_at"] is None and pk not in wanted]
    over = [pk for pk in left if pk not in verdicts.undecided]
    opened += _rewrite([known[pk]["pk"] for pk in (*again, *moved)], wanted, change)
    closed = _close([known[pk]["pk"] for pk in over], verdicts.kind, change)
    _mark_checked(verdicts.kind, change.at, only)
    return Outcome(opened, closed)


def _value(one: Difference, field: str) -> Any:
    return one.person if field == "person_id" else getattr(one, field)


def _known(kind: FindingKind, only: Collection[int] | None) -> dict[int, dict[str, Any]]:
    rows = Finding.objects.filter(kind=kind).order_by()
    if only is not None:
        rows = rows.filter(credential__in=list(only))
    return {row["credential_id"]: row for row in rows.values("pk", "credential_id", "closed_at", *_TOLD)}


def _insert(new: list[Difference], kind: FindingKind, change: Change) -> int:
    made: list[Finding] = []
    for start in range(0, len(new), _BATCH):
        rows = [_row(one, change.at) for one in new[start : start + _BATCH]]
        made.extend(Finding.objects.bulk_create(rows))
    _tell(Tag.FINDING_OPENED, kind, made, change, read_by=made[0].read_by if made else "")
    return len(made)


def _row(one: Difference, at: datetime) -> Finding:
    return Finding(
        kind=one.kind,
        person_id=one.person,
        credential_id=one.credential,
        title=one.title,
        detail=one.detail,
        risk=one.risk,
        action=one.action,
        read_by=one.read_by,
        opened_at=at,
        checked_at=at,
        due_at=one.due_at,
    )


def _rewrite(pks: Iterable[int], wanted: dict[int, Difference], change: Change) -> int:
    """Write what moved into findings; those that were closed are open again.

    Returns: how many opened again.
    """
    rows = list(Finding.objects.select_for_update().filter(pk__in=list(pks)).order_by("pk"))
    back: list[Finding] = []
    on: list[Finding] = []
    for row in rows:
        one = wanted[row.credential_id]
        for field in _TOLD:
            setattr(row, field, _value(one, field))
        if row.closed_at is not None:
            row.read_by = one.read_by
            reopen(row, change.at)
            back.append(row)
        else:
            on.append(row)
            if row.accepted_until is not None:
                end_weak_acceptance(row, change, because="its risk is high now, which takes two people")
    more = ("read_by", "opened_at", "checked_at", "closed_at", "closed_because", "told_at", "accepted_until", "history")
    Finding.objects.bulk_update(on, _WRITTEN, batch_size=500)
    Finding.objects.bulk_update(back, (*_WRITTEN, *more), batch_size=500)
    if back:
        _tell(Tag.FINDING_OPENED, FindingKind(back[0].kind), back, change, read_by=back[0].read_by)
    return len(back)


def _close(pks: list[int], kind: FindingKind, change: Change) -> int:
    rows = list(Finding.objects.select_for_update().filter(pk__in=pks, closed_at=None).order_by("pk"))
    about = {
        pk: (standing, state)
        for pk, standing, state in Credential.objects.filter(pk__in=[row.credential_id for row in rows]).values_list(
            "pk", "standing", "state"
        )
    }
    by_reason: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        row.closed_because = _why_closed(kind, *about[row.credential_id])
        by_reason[row.closed_because].append(row.pk)
    for because, some in by_reason.items():
        _write_closed(some, change.at, because)
    end_acceptances_of([row.pk for row in rows], change.at)
    _tell(Tag.FINDING_CLOSED, kind, rows, change)
    return len(rows)


def _write_closed(pks: list[int], at: datetime, because: str) -> None:
    """What `tokens.operations.findings.close` does, for locked rows in one statement."""
    moment = Value([moment_of(at, "closed", because)], output_field=JSONField())
    longer: Func = Func(F("history"), moment, template="%(expressions)s", arg_joiner=" || ", output_field=JSONField())
    Finding.objects.filter(pk__in=pks).update(closed_at=at, closed_because=because, accepted_until=None, history=longer)


_NO_DIFFERENCE = {
    FindingKind.UNDECLARED: "it is approved",
    FindingKind.EXCESS: "it can do no more than approved",
    FindingKind.OVERDUE: "its time is not over",
    FindingKind.IDLE: "it was used again",
    FindingKind.ORPHANED: "its holder is here",
    FindingKind.NO_DEPUTY: "somebody answers for it",
}


def _why_closed(kind: FindingKind, standing: str, state: str) -> str:
    if state == CredentialState.EXPIRED:
        return "its end has come"
    if state not in LIVE:
        return "it has ended"
    if standing in (Standing.OTHER_PRODUCT, Standing.UNKNOWN_PRODUCT):
        return "it is not known to be Bitbucket's"
    return "it is the portal's own" if standing == Standing.OWN else _NO_DIFFERENCE[kind]


def _mark_checked(kind: FindingKind, at: datetime, only: Collection[int] | None) -> None:
    """Rows that somebody else works on are left to them: nobody waits for a mere date."""
    rows = Finding.objects.filter(kind=kind, closed_at=None)
    if only is not None:
        rows = rows.filter(credential__in=list(only))
    free = rows.select_for_update(skip_locked=True).order_by("pk").values("pk")
    Finding.objects.filter(pk__in=free).update(checked_at=at)


def _tell(tag: Tag, kind: FindingKind, rows: list[Finding], change: Change, *, read_by: str = "") -> None:
    if len(rows) <= SINGLY:
        for row in rows:
            change.event(tag, finding_subject(row), kind=kind.value, because=row.closed_because, read_by=read_by)
        return
    change.event(
        tag,
        Subject("finding", "", f"{kind.label}: {len(rows)}"),
        kind=kind.value,
        count=len(rows),
        ids=[row.pk for row in rows[:MOST_IDS]],
        read_by=read_by,
    )
