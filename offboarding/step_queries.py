"""Questions about the steps of one plan. None of them grows with the number of steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, IntegerField, Min, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from accounts.models import Person
from accounts.people import PersonQuerySet, role_settings
from accounts.queries import matching_people
from offboarding.models import Countersign, Plan, Step, Verdict
from offboarding.operations.countersigning import open_questions
from offboarding.operations.rows import HELD
from offboarding.plan_queries import IS_TROUBLE
from offboarding.states import STUCK, Phase, StepKind
from workqueue.models import JobState

SHOWN_OF_A_KIND = 10
PAGE_SIZE = 100
CANDIDATES_SHOWN = 10
STEP_FILTERS = {"all": "All", "needs-a-person": "Needs a person", "open": "Open", "closed": "Closed"}


@dataclass(frozen=True)
class KindCount:
    """How many steps of one kind a plan has, by where they stand; what was called off is not closed."""

    kind: StepKind
    phase: Phase
    total: int
    closed: int
    forced: int
    stuck: int
    busy: int


def counts_by_kind(plan: Plan) -> dict[StepKind, KindCount]:
    """Count the steps. One query."""
    rows = (
        Step.objects.filter(plan=plan)
        .order_by()
        .values("kind", "phase")
        .annotate(
            total=Count("pk"),
            closed=Count("pk", filter=Q(closed_at__isnull=False)),
            forced=Count("pk", filter=Q(verdict=Verdict.FORCED)),
            stuck=Count("pk", filter=Q(job__state__in=STUCK)),
            busy=Count("pk", filter=Q(job__state__in=(JobState.QUEUED, JobState.RUNNING))),
        )
    )
    found = [
        KindCount(
            kind=StepKind(row["kind"]),
            phase=Phase(row["phase"]),
            total=row["total"],
            closed=row["closed"],
            forced=row["forced"],
            stuck=row["stuck"],
            busy=row["busy"],
        )
        for row in rows
    ]
    return {one.kind: one for one in found}


def _urgency() -> Case:
    """What a person has to look at first, then what moves, what is next, what waits, what is over."""
    return Case(
        When(job__state__in=STUCK, then=Value(0)),
        When(job__state=JobState.RUNNING, then=Value(1)),
        When(job__state=JobState.QUEUED, then=Value(2)),
        When(job__state=JobState.WAITING, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )


def first_steps(plan: Plan, each: int = SHOWN_OF_A_KIND) -> list[Step]:
    """A few steps of each kind, the most urgent first, in the plan's order. One query.

    Args:
        plan: whose they are.
        each: how many of a kind at most.
    """
    steps = plan.steps.annotate(
        rank=Window(RowNumber(), partition_by=F("kind"), order_by=[_urgency(), F("position"), F("pk")])
    )
    few = steps.filter(rank__lte=each).select_related("job", "assignee", "attested_by", "workspace")
    return list(few.order_by("position", "pk"))


@dataclass(frozen=True)
class Waiting:
    """Steps that wait for the same thing."""

    kind: StepKind
    reason: str
    number: int
    until: datetime


def what_waits(plan: Plan, most: int = 8) -> list[Waiting]:
    """What waits, for what, and until when; not what only has to have its turn. One query."""
    rows = (
        plan.steps.filter(job__state=JobState.WAITING, closed_at=None)
        .exclude(job__reason=HELD)
        .exclude(phase=Phase.PROOF)
        .order_by()
        .values("kind", "job__reason")
        .annotate(number=Count("pk"), until=Min("job__next_attempt_at"))
        .order_by("until", "kind")[:most]
    )
    return [Waiting(StepKind(row["kind"]), row["job__reason"], row["number"], row["until"]) for row in rows]


def open_countersigns(plan: Plan) -> list[Countersign]:
    """What waits for a second person's word. One query."""
    return list(open_questions(plan).select_related("asked_by", "step"))


def page_of_steps(plan: Plan, kind: str, show: str, *, after: int = 0) -> tuple[Sequence[Step], int | None]:
    """A page of a plan's steps, in the plan's order, and where the next one starts.

    Args:
        plan: whose they are.
        kind: of this kind only; empty for all.
        show: a key of `STEP_FILTERS`.
        after: how many come before. Plans are small enough to count rows, and a plan's order never changes.
    """
    steps: QuerySet[Step] = plan.steps.select_related("job", "assignee", "attested_by", "workspace")
    if kind:
        steps = steps.filter(kind=kind)
    if show == "needs-a-person":
        steps = steps.filter(IS_TROUBLE, closed_at=None)
    elif show in ("open", "closed"):
        steps = steps.filter(closed_at__isnull=show == "open")
    found = list(steps.order_by("position", "pk")[after : after + PAGE_SIZE + 1])
    return found[:PAGE_SIZE], after + PAGE_SIZE if len(found) > PAGE_SIZE else None


def assignable_people(text: str, *, leaver: Person) -> PersonQuerySet:
    """The first of those who may be given a task: they can sign in here, and are not the leaver."""
    may_sign_in = Q(has_seat=True) | Q(account_id__in=role_settings().admins)
    return matching_people(text).live().filter(may_sign_in).exclude(pk=leaver.pk)[:CANDIDATES_SHOWN]
