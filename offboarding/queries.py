"""Questions asked of the rows of this room."""

from django.db.models import Q, QuerySet

from offboarding.models import Step
from offboarding.states import STARTED_PLAN, STUCK, TASK_KINDS, Phase, PlanState, StepKind


def stuck_steps() -> QuerySet[Step]:
    """Steps that need a person although a machine should do them, the oldest first; tasks are none, nor is a key that
    waits for a decision."""
    matters = Q(plan__state__in=STARTED_PLAN) | Q(plan__state=PlanState.COMPLETED, phase=Phase.PROOF)
    stuck = Step.objects.filter(matters, closed_at=None, job__state__in=STUCK).exclude(kind__in=TASK_KINDS)
    return stuck.exclude(kind=StepKind.DEPLOY_KEY, decision="").order_by("job__ended_at", "pk")
