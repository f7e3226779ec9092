"""Calls that are not tried for every row of work alike: once a credential or an operation was refused, the others wait
for a person, too. A person who tries again, or a quarter of an hour, lets one call through."""

from datetime import timedelta

from django.db.models.functions import Now

from accounts.actors import SYSTEM
from audit.tags import Tag
from audit.trail import Subject
from bitbucket.errors import AuthMethodRefused, Gone, MissingScope, Permanent, Unauthorized
from tokens.clients import CREDENTIAL_NAMES
from tokens.models import Circuit
from tokens.operations.change import Change

EVERYTHING = ""
PROBE_AFTER = timedelta(minutes=15)
_OF_THE_OPERATION = (MissingScope, AuthMethodRefused, Gone)


def why_not(principal: str, operation: str) -> str:
    """Why a call is not tried now; empty where it is.

    Args:
        principal: whose credential would ask.
        operation: the kind of work.
    """
    shut = Circuit.objects.filter(
        principal=principal,
        operation__in=(EVERYTHING, operation),
        closed_at=None,
        opened_at__gt=Now() - PROBE_AFTER,
    )
    return shut.order_by("operation").values_list("reason", flat=True).first() or ""


def learn(principal: str, operation: str, error: Permanent) -> None:
    """Open a circuit where the refusal would meet every other row of work: of the credential, or of this operation."""
    if isinstance(error, Unauthorized):
        _open(principal, EVERYTHING, str(error))
    elif isinstance(error, _OF_THE_OPERATION):
        _open(principal, operation, str(error))


def _open(principal: str, operation: str, reason: str) -> None:
    with Change(SYSTEM) as change:
        circuit, made = Circuit.objects.update_or_create(
            principal=principal,
            operation=operation,
            closed_at=None,
            defaults={"reason": reason[:300], "opened_at": change.at},
        )
        if made:
            change.event(Tag.CIRCUIT_OPENED, Subject("circuit", str(circuit.pk), str(circuit)), reason=reason[:300])


def close(principal: str, operation: str) -> None:
    """A call succeeded, or a person wants it tried: go on."""
    shut = Circuit.objects.filter(principal=principal, operation__in=(EVERYTHING, operation), closed_at=None)
    if not shut.exists():
        return
    with Change(SYSTEM) as change:
        for circuit in shut.select_for_update(no_key=True).order_by("pk"):
            circuit.closed_at = change.at
            circuit.save(update_fields=["closed_at"])
            change.event(Tag.CIRCUIT_CLOSED, Subject("circuit", str(circuit.pk), str(circuit)), reason=circuit.reason)


def close_for_retry(operation: str) -> None:
    """A person wants it tried: whatever keeps this kind of work from being tried does so no more."""
    Circuit.objects.filter(
        principal__in=CREDENTIAL_NAMES, operation__in=(EVERYTHING, operation), closed_at=None
    ).update(closed_at=Now())
