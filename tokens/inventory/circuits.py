"""Circuits: which calls are not tried, because the other side refused the credential or the operation.

A refused credential is tried again every 15 minutes, a refused operation every hour, each with one single read.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce, Now

from tokens.inventory.lanes import TokenReads, allowance_of, parts_in
from tokens.models import Circuit, Part

EVERYTHING = ""
PROBE_CREDENTIAL_AFTER = timedelta(minutes=15)
PROBE_OPERATION_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Tripped:
    """What one lane must not be asked now, and why.

    Attributes:
        everything: why its credential was refused; empty where it was not.
        operations: kinds of parts that it may not read, with the reason.
    """

    everything: str
    operations: dict[str, str]

    def covering(self) -> dict[str, str]:
        """The circuits that count: where the credential is refused, the others say nothing more."""
        return {EVERYTHING: self.everything} if self.everything else self.operations


def tripped(lane: str) -> Tripped:
    """The open circuits of a lane's principal."""
    open_ones = Circuit.objects.filter(principal=allowance_of(lane).principal, closed_at=None)
    reasons = dict(open_ones.values_list("operation", "reason"))
    return Tripped(reasons.pop(EVERYTHING, ""), reasons)


def covered_parts(lane: str, operation: str, token: TokenReads | None = None) -> QuerySet[Part]:
    """The parts that a circuit of this lane and operation keeps unread."""
    parts = Part.objects.filter(parts_in(lane, token), retired_at=None)
    return parts.filter(kind=operation) if operation else parts


def may_probe(operation: str, covered: QuerySet[Part], asked_since: datetime | None, now: datetime) -> bool:
    """Whether it is time for one read that shows whether a circuit may close.

    Args:
        operation: a kind of part, or empty for all of the lane.
        covered: the parts of the circuit, none of which waits.
        asked_since: when somebody last started a run, who may have mended the credential; None where none runs.
        now: the present.
    """
    last: datetime | None = covered.aggregate(at=Max("tried_at"))["at"]
    pause = PROBE_OPERATION_AFTER if operation else PROBE_CREDENTIAL_AFTER
    return last is None or last <= now - pause or (asked_since is not None and last < asked_since)


def leave_unread(parts: QuerySet[Part], reason: str) -> None:
    """Say of parts that a circuit keeps them unread; a trouble of their own that they told of stays."""
    own_trouble = ~Q(problem="") & ~Q(problem=reason[:300])
    parts.filter(own_trouble).update(asked_at=None, tried_at=Now())
    parts.exclude(own_trouble).update(
        asked_at=None, tried_at=Now(), problem=reason[:300], failing_since=Coalesce("failing_since", Now())
    )
