"""Questions about findings: pages by key, what asking would do, one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db.models import Case, Count, F, FilteredRelation, IntegerField, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from accounts.models import User
from accounts.policy import ACTIVE
from tokens.catalogue.model import RISK_LEVELS
from tokens.finding_filters import Wanted, findings_matching
from tokens.models import Finding
from tokens.operations.asking_holders import ASK_AGAIN_AFTER

PAGE_SIZE: Final = 50
COUNTED_UP_TO: Final = 10_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LARGEST: Final = 2**63 - 1


@dataclass(frozen=True)
class Place:
    """Where a finding stands in either order."""

    rank: int
    opened_at: datetime
    pk: int

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{self.rank}-{(self.opened_at - _EPOCH) // _MICROSECOND}-{self.pk}"


def place_from_text(text: str) -> Place | None:
    """A place from an address; None where it names none."""
    parts = text.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):  # noqa: PLR2004, RUF100
        return None
    rank, moment, pk = map(int, parts)
    try:
        return Place(rank, _EPOCH + moment * _MICROSECOND, pk) if max(rank, pk) <= _LARGEST else None
    except OverflowError:
        return None


@dataclass(frozen=True)
class Page:
    """One page in its order, with the places from which the next ones start; None where there is none.

    `total`: how many match, counted up to `COUNTED_UP_TO` and one more.
    """

    rows: Sequence[Finding]
    total: int
    before: Place | None = None
    after: Place | None = None


def page_of_findings(
    wanted: Wanted, *, after: Place | None = None, before: Place | None = None, size: int = PAGE_SIZE
) -> Page:
    """One page of what a filter lets through.

    Args:
        after: begin after this place; neither for the first page.
        before: end before this place, for going back.
    """
    edge, backwards = (before, True) if before else (after, False)
    found = list(_rows(wanted, edge, backwards=backwards, size=size + 1))
    shown = found[:size][::-1] if backwards else found[:size]
    if not shown:
        return Page([], 0)
    has_more = len(found) > size
    return Page(
        shown,
        shown[0].total,
        before=_place(shown[0]) if (has_more if backwards else edge is not None) else None,
        after=_place(shown[-1]) if backwards or has_more else None,
    )


def _rows(wanted: Wanted, edge: Place | None, *, backwards: bool, size: int) -> QuerySet[Any]:
    """The rows of a page. Their keys are found first: sorting a hundred thousand whole rows would go to the disk."""
    matching, order = findings_matching(wanted), _order(wanted.order, backwards=backwards)
    keys = matching.annotate(rank=_rank())
    if edge is not None:
        keys = keys.filter(_beyond(edge, by_risk=wanted.order == "riskiest", backwards=backwards))
    rows = Finding.objects.filter(pk__in=keys.order_by(*order).values("pk")[:size])
    rows = rows.annotate(rank=_rank(), total=Number(matching.values("pk")[: COUNTED_UP_TO + 1]))
    return rows.select_related("person", "credential").order_by(*order)


class Number(Subquery):
    """How many rows a query has, beside each row of another one."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def _rank() -> Case:
    """0 for the worst, so that both orders go upwards."""
    levels = [When(risk=level, then=Value(rank)) for rank, level in enumerate(reversed(RISK_LEVELS))]
    return Case(*levels, default=Value(len(RISK_LEVELS)), output_field=IntegerField())


def _order(order: str, *, backwards: bool) -> list[Any]:
    keys = ["rank", "opened_at", "id"] if order == "riskiest" else ["opened_at", "id"]
    return [F(key).desc() if backwards else F(key).asc() for key in keys]


def _beyond(edge: Place, *, by_risk: bool, backwards: bool) -> Q:
    way = "lt" if backwards else "gt"
    later = Q(**{f"opened_at__{way}": edge.opened_at}) | Q(opened_at=edge.opened_at, **{f"id__{way}": edge.pk})
    # The bound that the index can use; the exact edge is decided by the line above.
    later &= Q(**{f"opened_at__{way}e": edge.opened_at})
    return Q(**{f"rank__{way}": edge.rank}) | Q(rank=edge.rank) & later if by_risk else later


def _place(finding: Any) -> Place:
    return Place(finding.rank, finding.opened_at, finding.pk)


@dataclass(frozen=True)
class Askable:
    """What asking about everything that a filter lets through would do.

    Attributes:
        matching: how many findings match.
        findings: about how many of them somebody can be asked now.
        people: how many people that are.
    """

    matching: int
    findings: int
    people: int


def findings_to_ask_about(wanted: Wanted) -> QuerySet[Finding]:
    """Those of them whose holder can be asked now, oldest first."""
    is_due = Q(told_at=None) | Q(told_at__lt=timezone.now() - ASK_AGAIN_AFTER)
    rows = findings_matching(wanted).filter(is_due, closed_at=None, person__account_status=ACTIVE)
    return rows.order_by("opened_at", "id")


def askable(wanted: Wanted) -> Askable:
    """Count what asking would do, in two queries."""
    counted = findings_to_ask_about(wanted).order_by().aggregate(
        findings=Count("pk"), people=Count("person", distinct=True)
    )  # fmt: skip
    return Askable(findings_matching(wanted).count(), counted["findings"], counted["people"])


def visible_finding(pk: int, user: User) -> Finding:
    """A finding that this user may see: about one's own credential, or any with the permission.

    It carries ``running``, the acceptance that is proposed or in effect, or None.

    Raises:
        Finding.DoesNotExist: none, or not for this user: the answer is the same.
    """
    running = Q(acceptances__ended_at=None, acceptances__until__gte=timezone.now().date())
    # django-stubs knows no filtered relations.
    rows: Any = Finding.objects.annotate(running=FilteredRelation("acceptances", condition=running))
    acceptance, credential = ("running__asked_by", "running__confirmed_by"), "credential__request__template_version"
    rows = rows.select_related("person", *acceptance, "credential__holder", f"{credential}__template")
    finding: Finding = rows.get(pk=pk)
    if finding.person_id == user.person_id or user.has_perm("tokens.view_inventory"):
        return finding
    raise Finding.DoesNotExist(pk)
