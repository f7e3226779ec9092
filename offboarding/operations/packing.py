"""Asking for the signed evidence pack of a plan. The worker makes it: no other process holds the key."""

from django.db.models import QuerySet

from accounts.access import authorise
from accounts.actors import Acting
from accounts.models import User
from audit.trail import Subject
from offboarding.models import Plan
from offboarding.operations.rows import lock_plan
from offboarding.permissions import RUN
from tokens.operations.change import Change
from workqueue.claims import enqueue
from workqueue.models import OPEN_STATES, Job

PACK = "offboard_pack"


def ask_for_pack(plan: Plan, *, acting_user: Acting) -> Job:
    """Have a pack made of the plan as it stands when the worker comes to it; a second click finds the first asking.

    Raises:
        PermissionDenied: the actor may not.
    """
    authorise(acting_user, RUN)
    with Change(acting_user) as change:
        locked = lock_plan(plan.pk)
        known = open_packing(locked)
        if known is not None:
            return known
        user = acting_user.pk if isinstance(acting_user, User) else 0
        return enqueue(PACK, key=f"{locked.pk}:{change.at.isoformat()}", payload={"plan": locked.pk, "user": user})


def open_packing(plan: Plan) -> Job | None:
    """The row of work that makes a pack of this plan now; None where nobody asked, or it has ended."""
    return _packings(plan).filter(state__in=OPEN_STATES).first()


def last_packing(plan: Plan) -> Job | None:
    """The newest row of work that made, makes or could not make a pack of this plan."""
    return _packings(plan).first()


def _packings(plan: Plan) -> "QuerySet[Job]":
    return Job.objects.filter(kind=PACK, key__startswith=f"{plan.pk}:").order_by("-pk")


def pack_subject(plan: Plan) -> Subject:
    """A plan as its packs name it."""
    return Subject("plan", str(plan.pk), f"{plan} of {plan.person}")
