"""Several people at once, and rights that went between a click and what it does: real transactions, real threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Notification, Person, User
from audit.models import Event
from offboarding.models import Countersign, Plan
from offboarding.operations.planning import Wanted, change_plan, draft_or_find, plan_offboarding
from offboarding.operations.scheduling import start_due_plans
from offboarding.operations.starting import confirm_start, start_plan
from offboarding.operations.step_actions import retry_step
from offboarding.operations.stopping import resume_plan, stop_plan
from offboarding.radar import draft_for_who_left
from offboarding.states import StepKind
from tests.offboarding.holding import a_token, members_read
from tests.offboarding.leaving import CLEAN_UP, CUT, Leaving
from tests.tokens.desk import Desk
from tokens.operations.change import Stale
from workqueue.models import Job

TOGETHER = pytest.mark.django_db(transaction=True)
Act = Callable[[], Any]


def at_once(*acts: Act) -> list[Any]:
    """Do all of these at the same moment, each on a connection of its own; what each gave, or raised."""
    together = Barrier(len(acts), timeout=30)

    def one(act: Act) -> Any:
        try:
            connection.ensure_connection()
            together.wait()
            return act()
        except (Stale, PermissionDenied) as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@TOGETHER
def test_two_admins_who_plan_at_once_make_one_plan(leaving: Leaving, second_admin: User) -> None:
    leaver = leaving.leaver.person
    acts = [lambda admin=admin: draft_or_find(leaver, acting_user=admin) for admin in (leaving.admin, second_admin) * 3]
    made = at_once(*acts)
    assert len({plan.pk for plan, _ in made}) == 1
    assert sum(is_new for _, is_new in made) == 1
    assert Event.objects.filter(tag="plan:drafted").count() == 1
    assert Job.objects.filter(kind="offboard_rehearse").count() == 1


@TOGETHER
def test_two_radars_and_an_admin_make_one_plan(leaving: Leaving, emma: User) -> None:
    a_token(leaving.leaver.person)
    members_read(emma.person)
    at_once(draft_for_who_left, draft_for_who_left, leaving.plan, draft_for_who_left)
    assert Plan.objects.count() == 1
    assert Notification.objects.filter(subject__startswith="Left without us").count() <= 1


@TOGETHER
def test_a_double_click_starts_once(leaving: Leaving) -> None:
    plan = leaving.plan()
    started = at_once(*[lambda: start_plan(plan, acting_user=leaving.admin)] * 4)
    assert all(one.is_started for one in started)
    assert Event.objects.filter(tag="plan:started").count() == 1
    plan.refresh_from_db()
    for kind in (StepKind.END_ACCESS, StepKind.DELETE_TOKENS, StepKind.SWITCH_OFF, StepKind.DELETE_LATE_TOKENS):
        assert plan.steps.filter(kind=kind).count() == 1


@TOGETHER
def test_the_last_free_start_of_the_day_is_given_once(leaving: Leaving, second_admin: User) -> None:
    now = timezone.now()
    for number in range(4):
        person = Person.objects.create(account_id=f"712020:before{number}")
        Plan.objects.create(person=person, origin="page", state="running", planned_at=now, started_at=now)
    people = [Person.objects.create(account_id=f"712020:now{number}") for number in range(4)]
    plans = [plan_offboarding(person, acting_user=leaving.admin) for person in people]
    at_once(*[lambda plan=plan: start_plan(plan, acting_user=leaving.admin) for plan in plans])
    assert Plan.objects.exclude(started_at=None).count() == 5
    assert Countersign.objects.count() == 3


@TOGETHER
def test_two_second_admins_who_confirm_at_once_start_once(leaving: Leaving, second_admin: User, aria: User) -> None:
    plan = plan_offboarding(leaving.admin.person, acting_user=leaving.admin)
    start_plan(plan, acting_user=leaving.admin)
    asked = Countersign.objects.get()
    answers = at_once(*[lambda: confirm_start(asked, acting_user=second_admin)] * 2)
    assert sorted(isinstance(one, Stale) for one in answers) == [False, True]
    assert Event.objects.filter(tag="plan:started").count() == 1


@TOGETHER
def test_two_beats_start_what_is_due_once(leaving: Leaving) -> None:
    leaving.plan(Wanted(starts_at=timezone.now()))
    at_once(start_due_plans, start_due_plans)
    assert Event.objects.filter(tag="plan:started").count() == 1


@TOGETHER
def test_two_admins_who_take_each_other_away_leave_one(desk: Desk, ada: User, second_admin: User) -> None:
    """Whoever comes second would be the last admin."""
    plans = {
        ada: plan_offboarding(second_admin.person, acting_user=ada),
        second_admin: plan_offboarding(ada.person, acting_user=second_admin),
    }
    at_once(*[lambda user=user, plan=plan: start_plan(plan, acting_user=user) for user, plan in plans.items()])
    assert Plan.objects.exclude(started_at=None).count() == 1
    assert Person.objects.admins().count() == 1


def test_a_back_button_finds_it_running(leaving: Leaving) -> None:
    plan = leaving.plan()
    start_plan(plan, acting_user=leaving.admin)
    assert plan.state == "draft", "what the old page still shows"
    assert start_plan(plan, acting_user=leaving.admin).is_started
    assert plan_offboarding(leaving.leaver.person, acting_user=leaving.admin).pk == plan.pk
    with pytest.raises(Stale):
        change_plan(plan, Wanted(), acting_user=leaving.admin)


def no_admin_any_more(settings: Settings, user: User, *others: User) -> None:
    """The role is taken away; others have it."""
    settings.PORTAL_ADMINS = [other.username for other in others]


def test_a_role_that_went_before_the_scheduled_start_starts_nothing(
    leaving: Leaving, second_admin: User, settings: Settings
) -> None:
    plan = leaving.plan(Wanted(starts_at=timezone.now() + timedelta(hours=1)))
    start_due_plans()
    plan.refresh_from_db()
    assert plan.state == "draft", "not before its time"
    no_admin_any_more(settings, leaving.admin, second_admin)
    Plan.objects.update(starts_at=timezone.now())
    start_due_plans()
    start_due_plans()
    plan.refresh_from_db()
    assert (plan.state, plan.started_at) == ("draft", None)
    assert "may not start plans any more" in plan.waits_for_second_because
    told = Notification.objects.filter(subject__startswith="Not started")
    assert [one.person for one in told] == [second_admin.person]
    assert start_plan(plan, acting_user=second_admin).is_started, "others may"


def test_an_account_that_went_off_before_the_scheduled_start_starts_nothing(
    leaving: Leaving, second_admin: User
) -> None:
    plan = leaving.plan(Wanted(starts_at=timezone.now()))
    Person.objects.filter(pk=leaving.admin.person_id).update(account_status="inactive")
    start_due_plans()
    plan.refresh_from_db()
    assert plan.started_at is None


def test_whoever_names_the_time_needs_the_right_and_can_name_it_anew(
    leaving: Leaving, second_admin: User, settings: Settings
) -> None:
    plan = leaving.plan(Wanted(starts_at=timezone.now()))
    no_admin_any_more(settings, leaving.admin, second_admin)
    start_due_plans()
    plan.refresh_from_db()
    assert plan.waits_for_second_because
    change_plan(plan, Wanted(starts_at=timezone.now() - timedelta(seconds=1)), acting_user=second_admin)
    start_due_plans()
    plan.refresh_from_db()
    assert plan.is_started
    assert plan.scheduled_by == second_admin.person


def test_a_radars_draft_that_an_admin_schedules_starts(leaving: Leaving, emma: User) -> None:
    a_token(leaving.leaver.person)
    members_read(emma.person)
    draft_for_who_left()
    plan = Plan.objects.get()
    change_plan(plan, Wanted(starts_at=timezone.now()), acting_user=leaving.admin)
    start_due_plans()
    plan.refresh_from_db()
    assert plan.is_started


def test_one_that_cannot_start_stops_no_other(leaving: Leaving, second_admin: User, settings: Settings) -> None:
    first = leaving.plan(Wanted(starts_at=timezone.now() - timedelta(hours=1)))
    other = Person.objects.create(account_id="712020:other")
    second = plan_offboarding(other, wanted=Wanted(starts_at=timezone.now()), acting_user=second_admin)
    no_admin_any_more(settings, leaving.admin, second_admin)
    start_due_plans()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_started, second.is_started) == (False, True)


def test_who_lost_the_role_after_asking_for_a_second_admin_changes_nothing_for_the_second(
    leaving: Leaving, second_admin: User, settings: Settings
) -> None:
    """The second admin's own right decides at that moment, and a second one without it is refused."""
    plan = start_plan(plan_offboarding(leaving.admin.person, acting_user=leaving.admin), acting_user=leaving.admin)
    asked = Countersign.objects.get(plan=plan)
    no_admin_any_more(settings, second_admin, leaving.admin)
    with pytest.raises(PermissionDenied):
        confirm_start(asked, acting_user=second_admin)
    plan.refresh_from_db()
    assert plan.state == "draft"


def test_a_started_plan_runs_on_when_its_starter_is_no_admin_any_more(
    leaving: Leaving, second_admin: User, settings: Settings
) -> None:
    plan = leaving.started()
    no_admin_any_more(settings, leaving.admin, second_admin)
    leaving.run(*CUT, *CLEAN_UP)
    plan.refresh_from_db()
    assert plan.cut_at is not None
    assert (leaving.tokens_left(), leaving.grants_left()) == (0, [])
    for act in (
        lambda: stop_plan(plan, because="No", acting_user=leaving.admin),
        lambda: resume_plan(plan, acting_user=leaving.admin),
        lambda: retry_step(leaving.step(plan, StepKind.MEMBERSHIP), acting_user=leaving.admin),
    ):
        with pytest.raises(PermissionDenied):
            act()
