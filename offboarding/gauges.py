"""This room's numbers for machines that watch, in two cheap queries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.utils import timezone

from offboarding.models import Plan
from offboarding.plan_queries import stuck_steps
from offboarding.states import PlanState


@dataclass(frozen=True)
class Gauges:
    """What is watched.

    Attributes:
        plans: by state, those without any too.
        stuck: steps of running plans that need a person and are no tasks.
        oldest_stuck_seconds: how long the oldest of them has waited; 0 where there is none.
    """

    plans: dict[str, int]
    stuck: int
    oldest_stuck_seconds: float


def gauges(now: datetime | None = None) -> Gauges:
    """What is watched, in two queries."""
    now = now or timezone.now()
    states = Plan.objects.order_by().values_list("state").annotate(many=Count("pk"))
    stuck = stuck_steps().aggregate(many=Count("pk"), oldest=Min("job__ended_at"))
    return Gauges(
        plans=dict.fromkeys(PlanState.values, 0) | dict(states),
        stuck=stuck["many"],
        oldest_stuck_seconds=(now - stuck["oldest"]).total_seconds() if stuck["oldest"] else 0.0,
    )
