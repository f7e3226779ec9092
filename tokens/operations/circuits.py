"""Opening a circuit when the other side refuses a credential or an operation, and closing it when a probe succeeds."""

from django.db.models import QuerySet
from django.urls import reverse

from accounts.actors import SYSTEM
from audit.tags import Tag
from audit.trail import Subject
from tokens.clients import CREDENTIAL_NAMES
from tokens.inventory.circuits import EVERYTHING, covered_parts, leave_unread
from tokens.inventory.lanes import Lane, allowance_of
from tokens.models import Circuit, Part, PartKind
from tokens.operations.alarming import alarm_admins
from tokens.operations.change import Change


def open_circuit(lane: str, operation: str, reason: str) -> bool:
    """Stop asking: nothing that this circuit covers is read until a probe succeeds. Admins are told once.

    Args:
        lane: whose credential was refused.
        operation: the kind of part that was refused; empty for everything.
        reason: what the other side said, in our words.

    Returns:
        Whether it was closed before.
    """
    principal = allowance_of(lane).principal
    with Change(SYSTEM) as change:
        circuit, made = Circuit.objects.get_or_create(
            principal=principal,
            operation=operation,
            closed_at=None,
            defaults={"reason": reason[:300], "opened_at": change.at},
        )
        leave_unread(covered_parts(lane, operation), reason)
        if made:
            _tell_admins(circuit)
            change.event(Tag.CIRCUIT_OPENED, _subject(circuit), reason=reason)
    return made


def close_circuits(lane: str, operation: str) -> int:
    """A read succeeded that a circuit covers: ask again. What it kept unread counts as not tried.

    Args:
        lane: whose read it was.
        operation: its kind of part; empty where only the credential was shown to be good.

    Returns:
        How many circuits were closed.
    """
    principal = allowance_of(lane).principal
    with Change(SYSTEM) as change:
        covering = Circuit.objects.select_for_update().filter(
            principal=principal, operation__in={EVERYTHING, operation}, closed_at=None
        )
        closed = list(covering)
        for circuit in closed:
            circuit.closed_at = change.at
            circuit.save(update_fields=["closed_at"])
            _forgive(covered_parts(lane, circuit.operation), circuit.reason)
        for circuit in closed:
            change.event(Tag.CIRCUIT_CLOSED, _subject(circuit), reason=circuit.reason)
    return len(closed)


def close_abandoned_circuits() -> int:
    """Close the circuits of credentials that nothing reads with any more, such as a bot that was replaced.

    No probe would ever close them. What they kept unread counts as not tried.

    Returns:
        How many were closed.
    """
    # Those that carry a credential's name are of plans, which close them themselves.
    used = {allowance_of(lane).principal for lane in Lane}.union(CREDENTIAL_NAMES)
    if not Circuit.objects.filter(closed_at=None).exclude(principal__in=used).exists():
        return 0
    with Change(SYSTEM) as change:
        left = Circuit.objects.select_for_update().filter(closed_at=None).exclude(principal__in=used)
        closed = list(left.order_by("pk"))
        for circuit in closed:
            circuit.closed_at = change.at
            circuit.save(update_fields=["closed_at"])
            _forgive(Part.objects.filter(retired_at=None), circuit.reason)
            change.event(Tag.CIRCUIT_CLOSED, _subject(circuit), reason=circuit.reason, because="not used any more")
    return len(closed)


def _forgive(parts: QuerySet[Part], reason: str) -> None:
    parts.filter(problem=reason).update(problem="", failing_since=None, tried_at=None)


def _subject(circuit: Circuit) -> Subject:
    return Subject("circuit", str(circuit.pk), str(circuit))


def _tell_admins(circuit: Circuit) -> None:
    what = f"reading {PartKind(circuit.operation).label.lower()}" if circuit.operation else "everything it reads"
    body = (
        f"{circuit.principal} was refused: {circuit.reason}\n\n"
        f"The portal stopped {what} with it, so this part of the inventory is not read any more. What was known"
        " stays and grows old. The portal tries again by itself; replace or repair the credential meanwhile."
    )
    alarm_admins(subject=f"Refused: {circuit.principal}", body=body, path=reverse("inventory"))
