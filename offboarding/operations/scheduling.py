"""What happens at a time: plans that start by themselves, and decisions that nobody made in time."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.actors import SYSTEM, Acting
from accounts.models import ServiceToken, User
from offboarding.models import Plan, Step
from offboarding.operations.rows import lock_plan
from offboarding.operations.starting import start_plan
from offboarding.operations.telling import tell_admins
from offboarding.states import PlanState, StepKind
from tokens.operations.change import Stale

NO_RIGHT = "whoever scheduled it may not start plans any more"


def start_due_plans() -> int:
    """Start every draft whose time has come. Returns how many were tried.

    Whoever scheduled it needs the right to start plans now, not only then; a plan that came through the HTTP API was
    scheduled with the right of its service token, which must not have been revoked since.
    """
    due = Plan.objects.filter(state=PlanState.DRAFT, starts_at__lte=timezone.now(), waits_for_second_because="")
    plans = list(due.order_by("starts_at")[:100])
    for plan in plans:
        actor = _scheduler_of(plan)
        try:
            if actor is None:
                raise PermissionDenied(NO_RIGHT)
            start_plan(plan, acting_user=actor, on_schedule=True)
        except PermissionDenied:
            _leave_to_others(plan)
        except Stale:  # somebody called it off at this moment
            continue
    return len(plans)


def _scheduler_of(plan: Plan) -> Acting | None:
    if plan.scheduled_by_id:
        return User.objects.filter(person=plan.scheduled_by_id).first()
    # A token that ran out did so in its own time; one that was revoked was taken away.
    is_good = ServiceToken.objects.filter(name=plan.token_name, revoked_at=None).exists()
    return SYSTEM if plan.token_name and is_good else None


def _leave_to_others(plan: Plan) -> None:
    with transaction.atomic():
        locked = lock_plan(plan.pk)
        locked.waits_for_second_because = NO_RIGHT
        locked.save(update_fields=["waits_for_second_because"])
        tell_admins(
            locked,
            subject=f"Not started: offboarding of {locked.person}",
            body=f"It was due, but {NO_RIGHT}. Open it and start it yourself.",
        )


def remind_of_keys() -> int:
    """Tell admins once about deploy keys nobody decided about in time. They stay: machines live on them."""
    late = Step.objects.filter(
        kind=StepKind.DEPLOY_KEY, closed_at=None, decision="", alarmed_at=None, due_at__lt=timezone.now()
    )
    steps = list(late.filter(plan__state__in=("running", "waiting")).select_related("plan__person")[:100])
    for step in steps:
        with transaction.atomic():
            Step.objects.filter(pk=step.pk, alarmed_at=None).update(alarmed_at=timezone.now())
            tell_admins(
                step.plan,
                subject=f"Nobody decided: {step.title}",
                body=f"{step.plan.person} left, and nobody has said what becomes of this key. It still opens code.",
            )
    return len(steps)
