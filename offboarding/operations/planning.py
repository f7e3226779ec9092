"""Making a plan, changing it, calling it off. A draft takes nothing away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.access import authorise
from accounts.actors import Acting
from accounts.models import Person
from accounts.operations.blocking import unblock_person
from audit.tags import Tag
from offboarding import policy
from offboarding.actors import label_of, person_of
from offboarding.models import Origin, Plan
from offboarding.operations.countersigning import open_questions
from offboarding.operations.rows import lock_plan, plan_subject
from offboarding.operations.telling import tell_left_without_us
from offboarding.permissions import PLAN, RUN
from offboarding.states import OPEN_PLAN, PlanState, require_plan_move
from tokens.inventory.own import own_accounts
from tokens.operations.change import Change, NotAllowed, Stale
from workqueue.by_hand import end_by_hand
from workqueue.claims import enqueue
from workqueue.models import JobState


@dataclass(frozen=True)
class Wanted:
    """What is said of a leaver when a plan is made.

    Attributes:
        leaves_at: when they leave; None where nobody said.
        reported_at: when it was reported; None where nobody said.
        starts_at: when the plan starts by itself, in UTC; None for by hand.
        reference: such as a ticket's number.
    """

    leaves_at: datetime | None = None
    reported_at: datetime | None = None
    starts_at: datetime | None = None
    reference: str = ""


@dataclass(frozen=True)
class Channel:
    """Through which door a plan comes.

    Attributes:
        origin: page, command, API or radar.
        os_user: the account on the server, for a command.
        token_name: the service token's name, for the API.
        idempotency_key: what makes it one plan however often it is asked for; empty for none.
    """

    origin: Origin = Origin.PAGE
    os_user: str = ""
    token_name: str = ""
    idempotency_key: str = ""


def plan_offboarding(
    person: Person, *, wanted: Wanted = Wanted(), channel: Channel = Channel(), acting_user: Acting
) -> Plan:
    """Make a draft for a leaver; where an open plan is there, that is the answer, unchanged.

    Raises:
        PermissionDenied: the actor may not.
        NotAllowed: it is one of the portal's own machine accounts.
        RefusedContent: the reference looks like a secret.
    """
    return draft_or_find(person, wanted=wanted, channel=channel, acting_user=acting_user)[0]


def draft_or_find(
    person: Person, *, wanted: Wanted = Wanted(), channel: Channel = Channel(), acting_user: Acting
) -> tuple[Plan, bool]:
    """The same, with whether the draft is new; see `plan_offboarding` for what it raises."""
    authorise(acting_user, PLAN)
    with Change(acting_user) as change:
        locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if own_accounts().holds(locked.account_id, locked.email):
            raise NotAllowed(policy.IS_A_BOT)
        known = _known(locked, channel)
        if known is not None:
            return known, False
        plan = Plan.objects.create(
            person=locked,
            origin=channel.origin,
            reference=wanted.reference[:100],
            leaves_at=wanted.leaves_at,
            reported_at=wanted.reported_at,
            starts_at=wanted.starts_at,
            scheduled_by=person_of(acting_user) if wanted.starts_at else None,
            planned_at=change.at,
            planned_by=person_of(acting_user),
            planned_by_label=label_of(acting_user, os_user=channel.os_user),
            idempotency_key=channel.idempotency_key,
            token_name=channel.token_name,
        )
        look_ahead(plan)
        if channel.origin == Origin.RADAR:
            tell_left_without_us(plan)
        change.event(Tag.PLAN_DRAFTED, plan_subject(plan), **_details(plan, channel))
    return plan, True


def _known(person: Person, channel: Channel) -> Plan | None:
    if channel.idempotency_key:
        asked = Plan.objects.filter(token_name=channel.token_name, idempotency_key=channel.idempotency_key).first()
        if asked is not None:
            return asked
    return Plan.objects.filter(person=person, state__in=OPEN_PLAN).first()


def _details(plan: Plan, channel: Channel) -> dict[str, Any]:
    times = {name: getattr(plan, name) for name in ("leaves_at", "reported_at", "starts_at")}
    details: dict[str, Any] = {name: at.isoformat() for name, at in times.items() if at is not None}
    details |= {"plan": plan.pk, "origin": plan.origin, "reference": plan.reference}
    return details | ({"os_user": channel.os_user} if channel.os_user else {})


def look_ahead(plan: Plan) -> None:
    """Have it read what would break, and what the cut would meet: two rows of work, one for each set of keys."""
    slot = timezone.now().isoformat()
    enqueue("offboard_preview", key=f"{plan.pk}:{slot}", payload={"plan": plan.pk})
    enqueue("offboard_rehearse", key=f"{plan.pk}:{slot}", payload={"plan": plan.pk})


def look_ahead_again(plan: Plan, *, acting_user: Acting) -> None:
    """Rehearse a draft: read everything once more, change nothing at Bitbucket.

    Raises:
        PermissionDenied: the actor may not.
        Stale: it is no draft any more.
    """
    authorise(acting_user, PLAN)
    with Change(acting_user) as change:
        locked = lock_plan(plan.pk)
        require_draft(locked)
        look_ahead(locked)
        change.event(Tag.PLAN_REHEARSED, plan_subject(locked), plan=locked.pk)


def change_plan(plan: Plan, wanted: Wanted, *, acting_user: Acting) -> Plan:
    """Change what is said of a draft.

    Raises:
        PermissionDenied: the actor may not.
        Stale: it has started, or was cancelled.
    """
    authorise(acting_user, PLAN)
    with Change(acting_user) as change:
        locked = lock_plan(plan.pk)
        require_draft(locked)
        locked.leaves_at, locked.reported_at = wanted.leaves_at, wanted.reported_at
        locked.reference = wanted.reference[:100]
        if locked.starts_at != wanted.starts_at:
            _reschedule(locked, wanted.starts_at, acting_user)
        locked.save()
        change.event(Tag.PLAN_CHANGED, plan_subject(locked), **_details(locked, Channel(Origin(locked.origin))))
    return locked


def _reschedule(plan: Plan, at: datetime | None, acting_user: Acting) -> None:
    """A new time is a new decision, of whoever makes it; one that a second admin is asked about goes on waiting."""
    plan.starts_at, plan.scheduled_by = at, person_of(acting_user) if at else None
    if not open_questions(plan).filter(step=None).exists():
        plan.waits_for_second_because = ""


def require_draft(plan: Plan) -> None:
    """Raise unless a plan is a draft.

    Raises:
        Stale: it is none any more.
    """
    if plan.state != PlanState.DRAFT:
        raise Stale(f"This plan is no draft any more: it is {plan.get_state_display().lower()}.")


def cancel_plan(plan: Plan, *, because: str, acting_user: Acting) -> Plan:
    """Call a plan off: the person stays. What runs stops at its next step; what was done stays done, and is shown.

    Raises:
        PermissionDenied: the actor may not.
        NotAllowed: no reason.
        Stale: it has ended already.
    """
    authorise(acting_user, RUN)
    if not because.strip():
        raise NotAllowed("Say why it is called off: the sentence stays in the trail.")
    with Change(acting_user) as change:
        locked = lock_plan(plan.pk)
        if not locked.is_open:
            raise Stale(f"This plan has ended already: it is {locked.get_state_display().lower()}.")
        require_plan_move(locked.state, PlanState.CANCELLED)
        was_started = locked.is_started
        locked.state, locked.cancelled_at, locked.cancelled_because = PlanState.CANCELLED, change.at, because[:300]
        locked.waits_for_second_because = ""
        locked.save()
        open_questions(locked).update(dropped_at=change.at)
        left = _end_open_steps(locked, because)
        if was_started:
            unblock_person(Person.objects.select_for_update(no_key=True).get(pk=locked.person_id))
        change.event(Tag.PLAN_CANCELLED, plan_subject(locked), plan=locked.pk, because=because, steps_left=left)
        if was_started:
            change.event(Tag.PERSON_UNBLOCKED, plan_subject(locked), plan=locked.pk)
    return locked


def _end_open_steps(plan: Plan, because: str) -> int:
    open_jobs = list(plan.steps.filter(closed_at=None).values_list("job_id", flat=True))
    return sum(end_by_hand(pk, state=JobState.SKIPPED, reason=f"Called off: {because}") for pk in open_jobs)
