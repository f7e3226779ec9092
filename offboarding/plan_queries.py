"""Questions about plans: the list by key, how many there are of each sort, what needs a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Person
from offboarding.models import Origin, Plan, Step
from offboarding.states import CLOSED, OPEN_PLAN, STARTED_PLAN, STUCK, TASK_KINDS, Phase, PlanState, StepKind
from workqueue.models import JobState

PAGE_SIZE = 25
# A completed plan is still looked at: what a later look finds is trouble, too.
_MATTERS = Q(plan__state__in=STARTED_PLAN) | Q(plan__state=PlanState.COMPLETED, phase=Phase.PROOF)
# A machine should do it and cannot go on; a task is somebody's work, and no trouble.
IS_TROUBLE = Q(job__state__in=STUCK) & ~Q(kind__in=TASK_KINDS)


def steps_needing_a_person(at: datetime) -> QuerySet[Step]:
    """What the machine cannot go on with, what an admin has to decide, and what is overdue; the oldest first.

    Args:
        at: the moment that due dates are compared with.
    """
    left = Step.objects.filter(_MATTERS, IS_TROUBLE | Q(due_at__lt=at), closed_at=None)
    return left.exclude(job__state__in=CLOSED).annotate(waits_since=_waits_since(at))


def stuck_steps() -> QuerySet[Step]:
    """What the machine cannot go on with, the oldest first; a key that waits for a decision is no trouble."""
    stuck = Step.objects.filter(_MATTERS, IS_TROUBLE, closed_at=None)
    return stuck.exclude(kind=StepKind.DEPLOY_KEY, decision="").order_by("job__ended_at", "pk")


def _waits_since(at: datetime) -> Coalesce:
    """A stuck step waits since its job ended, one that is late since it was due."""
    return Coalesce(F("job__ended_at"), F("due_at"), at)


def _needs_a_person(at: datetime) -> Q:
    theirs = steps_needing_a_person(at).filter(plan=OuterRef("pk"))
    return Q(Exists(theirs)) | (Q(state=PlanState.DRAFT) & ~Q(waits_for_second_because=""))


def _conditions(at: datetime) -> Mapping[str, Q]:
    is_draft = Q(state=PlanState.DRAFT)
    return {
        "open": Q(state__in=OPEN_PLAN),
        "needs-a-person": _needs_a_person(at),
        "left-without-us": is_draft & Q(origin=Origin.RADAR),
        "drafts": is_draft & ~Q(origin=Origin.RADAR) & Q(starts_at=None),
        "scheduled": is_draft & Q(starts_at__isnull=False),
        "running": Q(state=PlanState.RUNNING),
        "waiting": Q(state=PlanState.WAITING),
        "completed": Q(state=PlanState.COMPLETED),
        "cancelled": Q(state=PlanState.CANCELLED),
    }


def plan_counts() -> dict[str, int]:
    """How many plans there are of each sort. One query."""
    sorts = _conditions(timezone.now())
    names = {name.replace("-", "_"): name for name in sorts}
    counted = Plan.objects.order_by().aggregate(**{key: Count("pk", filter=sorts[name]) for key, name in names.items()})
    return {name: counted[key] for key, name in names.items()}


@dataclass(frozen=True)
class Page:
    """One page of plans, the newest first; ``before`` is where the next one starts, or None on the last."""

    plans: Sequence[Plan]
    before: int | None


def page_of_plans(show: str, text: str, *, before: int = 0, size: int = PAGE_SIZE) -> Page:
    """A page of the list, each plan with ``steps_total``, ``steps_closed``, ``people_needed`` and ``waits_since``.

    Args:
        show: a key of `plan_filters.SHOWN`.
        text: a part of the leaver's name or address, or of the reference.
        before: only plans with a smaller number; 0 for the first page.
        size: how many at most.
    """
    plans = Plan.objects.filter(_conditions(timezone.now())[show]).select_related("person", "planned_by")
    if text:
        plans = plans.filter(
            Q(person__display_name__icontains=text)
            | Q(person__email__icontains=text)
            | Q(person__account_id__icontains=text)
            | Q(reference__icontains=text)
        )
    if before:
        plans = plans.filter(pk__lt=before)
    found = list(with_figures(plans).order_by("-pk")[: size + 1])
    return Page(found[:size], found[size - 1].pk if len(found) > size else None)


def with_figures(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Plans with how many steps they have, how many are closed, and how many need a person since when."""
    at = timezone.now()
    steps = Step.objects.filter(plan=OuterRef("pk")).exclude(phase=Phase.PROOF).order_by().values("plan")
    stuck = steps_needing_a_person(at).filter(plan=OuterRef("pk")).order_by().values("plan")
    return plans.annotate(
        steps_total=Subquery(steps.annotate(n=Count("pk")).values("n")),
        steps_closed=Subquery(steps.filter(closed_at__isnull=False).annotate(n=Count("pk")).values("n")),
        people_needed=Subquery(stuck.annotate(n=Count("pk")).values("n")),
        waits_since=Subquery(stuck.annotate(since=Min("waits_since")).values("since")),
    )


def open_plan_of(person: Person) -> Plan | None:
    """The plan of this person that has not ended."""
    return Plan.objects.filter(person=person, state__in=OPEN_PLAN).first()


def newest_ended_plan_of(person: Person) -> Plan | None:
    """The last plan of this person that was completed."""
    return Plan.objects.filter(person=person, state=PlanState.COMPLETED).first()


def plan_to_show(person: Person) -> Plan | None:
    """The open plan of this person; where none is open, the last that was completed. One query."""
    plans = Plan.objects.filter(person=person, state__in=(*OPEN_PLAN, PlanState.COMPLETED))
    return plans.order_by(F("completed_at").desc(nulls_first=True), "-pk").first()


def open_tasks_of(person: Person) -> QuerySet[Step]:
    """What is assigned to somebody and open: whole steps, and places of a rotate list; the earliest due first.

    A rotate list that is still being read is nobody's task yet.
    """
    # An `IN` over two small indexed sets; an `OR` with an `EXISTS` would look at every open step.
    items = Step.objects.filter(items__owner=person, items__done_at=None).values("pk")
    mine = Step.objects.filter(Q(assignee=person) | Q(pk__in=items), closed_at=None, plan__state__in=STARTED_PLAN)
    mine = mine.exclude(job__state__in=CLOSED).exclude(~Q(job__state=JobState.NEEDS_HUMAN), kind=StepKind.ROTATE)
    # Somebody gave their word already; a second person's is missing.
    mine = mine.exclude(attested_at__isnull=False)
    return mine.select_related("plan__person", "job", "workspace").order_by(F("due_at").asc(nulls_last=True), "pk")


def steps_waiting(most: int) -> list[Step]:
    """What needs a person, for the home page: with its plan and its job, whoever waits longest first.

    Args:
        most: how many at most.
    """
    at = timezone.now()
    found = steps_needing_a_person(at).select_related("plan__person", "job")
    return list(found.order_by(_waits_since(at), "pk")[:most])
