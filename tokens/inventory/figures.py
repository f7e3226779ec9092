"""The overview's numbers about credentials and findings. Each is counted from the rows when somebody looks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.utils import timezone

from tokens.inventory.buckets import width_bucket
from tokens.models import COUNTED, Credential, Finding, FindingKind, Standing
from tokens.models.verification import Outcome
from tokens.states import LIVE, CredentialState

Key = TypeVar("Key")
# A credential that was read back and can do no more than what was approved.
VERIFIED = (Outcome.EXACT, Outcome.MISSING)
WEEK = timedelta(weeks=1)
WEEKS_AHEAD = 13
# The ages of findings: up to a day, a week, a month; what is older comes last.
AGES = (timedelta(days=1), timedelta(days=7), timedelta(days=30))


@dataclass(frozen=True)
class Headline:
    """How much of what opens Bitbucket was approved here and read back.

    Attributes:
        approved: live ones with an approved request that can do no more than that.
        counted: live ones for Bitbucket, approved or merely found; the portal's own are not among them.
        share: percent of the counted ones, to one decimal, rounded down; None where there is nothing to count.
        unknown_product: live ones that may be for Bitbucket or not, so that they are not counted.
        other_product: live ones for something else.
    """

    approved: int
    counted: int
    share: float | None
    unknown_product: int
    other_product: int


@dataclass(frozen=True)
class Share:
    """Some of one sort, and how many of them are approved and verified."""

    name: str
    approved: int
    counted: int


@dataclass(frozen=True)
class Totals:
    """Everything that is counted of live credentials.

    Attributes:
        kinds: by kind, counted ones only, the most first.
        standings: live ones by `Standing`, in its order; with those outside the headline.
        verifications: counted ones by outcome; "" is what was never read back.
        needs_human: live ones that the machine could not end.
        weeks: how many counted ones end in each of the next 13 weeks, this one first.
        past_end: counted ones that live past their end.
        later: counted ones that end later than that.
        endless: counted ones without a known end.
    """

    headline: Headline
    kinds: tuple[Share, ...]
    standings: dict[str, int]
    verifications: dict[str, int]
    needs_human: int
    weeks: tuple[int, ...]
    past_end: int
    later: int
    endless: int


@dataclass(frozen=True)
class FindingAges:
    """Open findings of one kind.

    Attributes:
        ages: how many are up to a day, a week, a month old, and older.
        accepted: how many of the open ones somebody took on until a date; they are in no age.
    """

    kind: str
    ages: tuple[int, int, int, int]
    accepted: int

    @property
    def total(self) -> int:
        """How many wait for somebody."""
        return sum(self.ages)


@dataclass(frozen=True)
class _Group:
    standing: str
    kind: str
    outcome: str
    state: str
    week: int | None
    many: int

    @property
    def is_counted(self) -> bool:
        return self.standing in COUNTED

    @property
    def is_approved(self) -> bool:
        return self.standing == Standing.APPROVED and self.outcome in VERIFIED


def is_approved_and_verified() -> Q:
    """The condition of the headline on a credential's row, whatever its state."""
    return Q(standing=Standing.APPROVED, request__isnull=False, verification_outcome__in=VERIFIED)


def headline() -> Headline:
    """The figure that stands everywhere. One query."""
    rows = _live().values("standing").annotate(many=Count("pk"), good=Count("pk", filter=is_approved_and_verified()))
    found = {row["standing"]: row for row in rows}
    many = {standing: row["many"] for standing, row in found.items()}
    return _headline(sum(row["good"] for row in found.values()), many)


def totals(now: datetime | None = None) -> Totals:
    """Everything counted of live credentials, in one query.

    Args:
        now: when the weeks begin; the present where None is given.
    """
    now = now or timezone.now()
    groups = _groups([now + WEEK * number for number in range(WEEKS_AHEAD + 1)])
    counted = [group for group in groups if group.is_counted]
    standings = _added((group.standing, group.many) for group in groups)
    weeks = _added((group.week, group.many) for group in counted)
    return Totals(
        headline=_headline(sum(group.many for group in counted if group.is_approved), standings),
        kinds=_by_kind(counted),
        standings={standing: standings[standing] for standing in Standing.values},
        verifications=dict(_added((group.outcome, group.many) for group in counted)),
        needs_human=sum(group.many for group in groups if group.state == CredentialState.NEEDS_HUMAN),
        weeks=tuple(weeks[number] for number in range(1, WEEKS_AHEAD + 1)),
        past_end=weeks[0],
        later=weeks[WEEKS_AHEAD + 1],
        endless=weeks[None],
    )


def findings_by_age(now: datetime | None = None) -> tuple[FindingAges, ...]:
    """Open findings by kind and age, in one query; kinds without any are left out, the most come first."""
    now = now or timezone.now()
    rows = (
        Finding.objects.filter(closed_at=None)
        .order_by()
        .values("kind")
        .annotate(
            reached=width_bucket("opened_at", [now - age for age in reversed(AGES)]),
            accepted=Case(When(accepted_until__gte=timezone.localdate(now), then=Value(True)), default=Value(False)),
            many=Count("pk"),
        )
    )
    waiting: Counter[tuple[str, int]] = Counter()
    accepted: Counter[str] = Counter()
    for row in rows:
        if row["accepted"]:
            accepted[row["kind"]] += row["many"]
        else:
            waiting[row["kind"], len(AGES) - row["reached"]] += row["many"]
    found = [
        FindingAges(kind, (waiting[kind, 0], waiting[kind, 1], waiting[kind, 2], waiting[kind, 3]), accepted[kind])
        for kind in FindingKind.values
    ]
    return tuple(sorted((one for one in found if one.total or one.accepted), key=lambda one: -one.total))


def _live() -> QuerySet[Credential]:
    return Credential.objects.filter(state__in=LIVE).order_by()


def _groups(boundaries: list[datetime]) -> list[_Group]:
    rows = (
        _live()
        .values("standing", "kind", "verification_outcome", "state")
        .annotate(week=width_bucket("expires_at", boundaries), many=Count("pk"))
        .values_list("standing", "kind", "verification_outcome", "state", "week", "many")
    )
    return [_Group(*row) for row in rows]


def _headline(approved: int, standings: dict[str, int]) -> Headline:
    counted = sum(standings.get(standing, 0) for standing in COUNTED)
    return Headline(
        approved=approved,
        counted=counted,
        # Rounded down: "100 %" is said when it is all of them.
        share=(approved * 1000 // counted) / 10 if counted else None,
        unknown_product=standings.get(Standing.UNKNOWN_PRODUCT, 0),
        other_product=standings.get(Standing.OTHER_PRODUCT, 0),
    )


def _by_kind(counted: list[_Group]) -> tuple[Share, ...]:
    many = _added((group.kind, group.many) for group in counted)
    good = _added((group.kind, group.many) for group in counted if group.is_approved)
    return tuple(Share(kind, good[kind], number) for kind, number in many.most_common())


def _added(pairs: Iterable[tuple[Key, int]]) -> Counter[Key]:
    total: Counter[Key] = Counter()
    for key, many in pairs:
        total[key] += many
    return total
