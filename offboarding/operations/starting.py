"""Starting a plan: the cut, and nothing before it. Some starts need a second admin, from every channel."""

from django.db import connection

from accounts.access import authorise
from accounts.actors import SYSTEM, Acting
from accounts.models import Person, User
from accounts.operations.blocking import block_person
from audit.tags import Tag
from offboarding import policy
from offboarding.actors import label_of, person_of
from offboarding.models import Countersign, Plan, Verdict
from offboarding.operations.advancing import advance
from offboarding.operations.countersigning import ask_second, confirm, open_questions
from offboarding.operations.hand_over import add_tasks
from offboarding.operations.planning import require_draft
from offboarding.operations.rows import NewStep, add_step, lock_plan, mark_closed, plan_subject
from offboarding.permissions import RUN
from offboarding.states import PlanState, StepKind, require_plan_move
from tokens.operations.change import Change, Stale
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
            ask_second(locked, None, Countersign.Purpose.START, reason, change, os_user=os_user)
            locked.waits_for_second_because = reason[:300]
            locked.save(update_fields=["waits_for_second_because"])
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
        row = confirm(asked, change, second=acting_user)
        require_draft(plan)
        _start(plan, change, label=f"{row.asked_by_label} and {acting_user.person}")
    return plan


def _start(plan: Plan, change: Change, *, label: str) -> None:
    require_plan_move(plan.state, PlanState.RUNNING)
    person = Person.objects.select_for_update(no_key=True).get(pk=plan.person_id)
    plan.state, plan.started_at, plan.started_by_label = PlanState.RUNNING, change.at, label[:200]
    plan.waits_for_second_because = ""
    plan.save()
    open_questions(plan).filter(step=None).update(dropped_at=change.at)
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
