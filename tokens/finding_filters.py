"""Which findings are wanted: what the address of the list says, as a query."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.queries import matching_people
from tokens.models import Credential, Finding, FindingKind

STATUSES: Final = {
    "open": "Open",
    "due": "Overdue",
    "waiting": "Waiting for a second person",
    "accepted": "Accepted for now",
    "closed": "Closed",
}
ORDERS: Final = {"oldest": "Oldest first", "riskiest": "Riskiest first"}
AGES: Final = {7: "A week", 30: "A month", 90: "Three months"}


@dataclass(frozen=True)
class Wanted:
    """Which findings are wanted; an empty field asks for all.

    Attributes:
        q: a part of the credential's name, holder, code or repository.
        person: a name, an e-mail address or an account id, or a part of one.
        older_than: days since it was opened.
        status: one of `STATUSES`.
    """

    q: str = ""
    kind: str = ""
    risk: str = ""
    action: str = ""
    person: str = ""
    older_than: int = 0
    status: str = "open"
    order: str = "oldest"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order differs from what the page shows by itself."""
        return replace(self, order="oldest") != Wanted()


def findings_matching(wanted: Wanted) -> QuerySet[Finding]:
    """The findings that a filter lets through, in no order."""
    now = timezone.now()
    rows = _of_status(wanted.status, now)
    if wanted.q:
        named = Credential.objects.filter(search_text__contains=wanted.q.lower())
        rows = rows.filter(credential__in=named.order_by().values("pk"))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.risk:
        rows = rows.filter(risk=wanted.risk)
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.older_than:
        rows = rows.filter(opened_at__lt=now - timedelta(days=wanted.older_than))
    if wanted.person:
        rows = rows.filter(person__in=matching_people(wanted.person).order_by().values("pk"))
    return rows.order_by()


def _of_status(status: str, now: datetime) -> QuerySet[Finding]:
    if status == "closed":
        return Finding.objects.filter(closed_at__isnull=False)
    accepted = Q(accepted_until__gte=now.date())
    rows = Finding.objects.filter(closed_at=None)
    if status == "accepted":
        return rows.filter(accepted)
    # Not "exclude": its negation of a nullable column keeps the index out.
    rows = rows.filter(Q(accepted_until=None) | Q(accepted_until__lt=now.date()))
    if status == "due":
        return rows.filter(due_at__lt=now)
    if status == "waiting":
        return rows.filter(
            acceptances__ended_at=None, acceptances__needs_second=True, acceptances__confirmed_at=None,
            acceptances__until__gte=now.date(),
        )  # fmt: skip
    return rows


def open_by_kind() -> dict[str, int]:
    """How many findings of each kind are open and not accepted, in the order of the kinds."""
    counted = _of_status("open", timezone.now()).order_by().values("kind").annotate(number=Count("pk"))
    numbers = {row["kind"]: row["number"] for row in counted}
    return {kind: numbers[kind] for kind in FindingKind.values if kind in numbers}
