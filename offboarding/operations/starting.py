"""Starting a plan: the cut, and nothing before it. Some starts need a second admin, from every channel."""

from django.db import connection

from accounts.access import authorise
from accounts.actors import SYSTEM, Acting
from accounts.models import Person, User
from accounts.notifications import admins, notify
from accounts.operations.blocking import block_person
from audit.tags import Tag
from offboarding import policy
from offboarding.actors import label_of, person_of
from offboarding.models import Countersign, Plan, Verdict
from offboarding.operations.advancing import advance
from offboarding.operations.hand_over import add_tasks
from offboarding.operations.planning import RUN
from offboarding.operations.rows import NewStep, add_step, lock_plan, mark_closed, plan_subject
from offboarding.states import PlanState, StepKind, require_plan_move
from tokens.operations.change import Change, NotAllowed, Stale
from tokens.operations.leaving import withdraw_requests_of
from workqueue.by_hand import end_by_hand
from workqueue.models import JobState

_LOCK = "offboarding.starts"


def start_plan(plan: Plan, *, acting_user: Acting, os_user: str = "", on_schedule: bool = False) -> Plan:
    """Cut now: shut the person out, and have the tokens deleted and the account switched off.

    Where the start needs a second admin, one is asked and the plan stays a draft. A second click finds it running.

    Args:
        plan: a draft.
        acting_user: who starts it; for a scheduled one, who scheduled it.
        os_user: the account on the server, for a command.
        on_schedule: its time has come; the right to run plans is asked for all the same.

    Raises:
        PermissionDenied: the actor may not (any more).
        Stale: it has ended.
    """
    if not on_schedule or acting_user is not SYSTEM:
        authorise(acting_user, RUN)
    with Change(acting_user) as change:
        _one_at_a_time()
        locked = lock_plan(plan.pk)
        if locked.is_started:
            return locked
        if locked.state != PlanState.DRAFT:
            raise Stale(f"This plan has ended already: it is {locked.get_state_display().lower()}.")
        reason = why_second(locked, acting_user, change)
        if reason:
            _ask_second(locked, reason, change, os_user=os_user)
        else:
            _start(locked, change, label=label_of(acting_user, os_user=os_user))
    return locked


def _one_at_a_time() -> None:
    """Two starts at once would both see the last free one of the day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])


def why_second(plan: Plan, acting_user: Acting, change: Change) -> str:
    """Why this start needs a second admin; empty where it does not."""
    person = person_of(acting_user)
    admins_left = Person.objects.admins().exclude(pk=plan.person_id)
    is_admin = Person.objects.admins().filter(pk=plan.person_id).exists()
    lately = Plan.objects.filter(started_at__gt=change.at - policy.STARTS_WINDOW).count()
    return policy.why_second_admin(
        is_oneself=person is not None and person.pk == plan.person_id,
        is_last_admin=is_admin and not admins_left.exists(),
        starts_lately=lately,
    )


def _ask_second(plan: Plan, reason: str, change: Change, *, os_user: str) -> None:
    asked, made = Countersign.objects.get_or_create(
        plan=plan,
        step=None,
        purpose=Countersign.Purpose.START,
        confirmed_at=None,
        dropped_at=None,
        defaults={
            "because": reason[:300],
            "asked_by": person_of(change.acting_user),
            "asked_by_label": label_of(change.acting_user, os_user=os_user),
            "asked_at": change.at,
        },
    )
    plan.waits_for_second_because = reason[:300]
    plan.save(update_fields=["waits_for_second_because"])
    if made:
        tell_second_admins(asked)
        change.event(Tag.COUNTERSIGN_ASKED, plan_subject(plan), plan=plan.pk, purpose="start", because=reason)


def tell_second_admins(asked: Countersign) -> None:
    """Every admin who could be the second one hears of it."""
    plan = asked.plan
    body = (
        f"{asked.asked_by_label} wants to {asked.get_purpose_display().lower()} of {plan} ({plan.person}).\n\n"
        f"It needs a second admin: {asked.because}.\n\nOpen the plan to confirm it or to call it off."
    )
    for admin in admins():
        if admin.pk not in (asked.asked_by_id, plan.person_id):
            notify(admin, subject=f"Second admin needed: {plan.person}", body=body, path=plan.get_absolute_url())


def confirm_start(asked: Countersign, *, acting_user: User) -> Plan:
    """The second admin says yes: the plan starts now.

    Raises:
        PermissionDenied: not an admin (any more).
        NotAllowed: it is the same admin, or the leaver.
        Stale: it was answered, or the plan is no draft any more.
    """
    authorise(acting_user, RUN)
    with Change(acting_user) as change:
        _one_at_a_time()
        plan = lock_plan(asked.plan_id)
        row = Countersign.objects.select_for_update(no_key=True).get(pk=asked.pk)
        require_second(row, acting_user)
        if plan.state != PlanState.DRAFT:
            raise Stale(f"This plan is no draft any more: it is {plan.get_state_display().lower()}.")
        row.confirmed_by, row.confirmed_at = acting_user.person, change.at
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        _start(plan, change, label=f"{row.asked_by_label} and {acting_user.person}")
        change.event(Tag.COUNTERSIGN_CONFIRMED, plan_subject(plan), plan=plan.pk, purpose="start")
    return plan


def require_second(row: Countersign, acting_user: User) -> None:
    """Raise unless this person may be the second one.

    Raises:
        NotAllowed: they asked, or they are the leaver.
        Stale: it was answered.
    """
    if row.confirmed_at is not None or row.dropped_at is not None:
        raise Stale("Somebody has answered this meanwhile.")
    if row.asked_by_id == acting_user.person_id:
        raise NotAllowed("A second person has to confirm this: you asked for it yourself.")
    if row.plan.person_id == acting_user.person_id:
        raise NotAllowed("The leaver cannot confirm anything about the own plan.")


def _start(plan: Plan, change: Change, *, label: str) -> None:
    require_plan_move(plan.state, PlanState.RUNNING)
    person = Person.objects.select_for_update(no_key=True).get(pk=plan.person_id)
    plan.state, plan.started_at, plan.started_by_label = PlanState.RUNNING, change.at, label[:200]
    plan.waits_for_second_because = ""
    plan.save()
    plan.countersigns.filter(step=None, confirmed_at=None, dropped_at=None).update(dropped_at=change.at)
    block_person(person)
    ended = withdraw_requests_of(person, change, because=f"{person} leaves")
    _add_cut(plan, change, requests=ended)
    add_tasks(plan, at=change.at)
    change.event(Tag.PERSON_BLOCKED, plan_subject(plan), plan=plan.pk)
    change.event(Tag.PLAN_STARTED, plan_subject(plan), plan=plan.pk, by=label)
    advance(plan, change)


def _add_cut(plan: Plan, change: Change, *, requests: int) -> None:
    """The four steps of the cut. The later ones are released by the ones before, so that they come in this order."""
    person = plan.person
    out = add_step(
        plan, NewStep(StepKind.END_ACCESS, "end-access", f"End {person}'s sessions here and block sign-in"), held=True
    )
    end_by_hand(out.job_id, state=JobState.DONE, reason="")
    words = "Sessions ended, sign-in blocked" + (f", {requests} open requests withdrawn" if requests else "")
    mark_closed(out, Verdict.PROVEN, words, at=change.at)
    add_step(plan, NewStep(StepKind.DELETE_TOKENS, "delete-tokens", f"Delete {person}'s API tokens", position=1))
    add_step(
        plan,
        NewStep(StepKind.SWITCH_OFF, "switch-off", f"Switch {person}'s account off", position=2),
        held=True,
    )
    add_step(
        plan,
        NewStep(
            StepKind.DELETE_LATE_TOKENS,
            "delete-late-tokens",
            "List the tokens once more, delete what was made in between",
            position=3,
        ),
        held=True,
    )
