"""What nobody starts alone, from no door: the bots, oneself, the last admin, the sixth of a day."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pytest_django import Settings

from accounts.actors import Service
from accounts.models import Notification, Person, ServiceToken, User
from audit.models import Event
from offboarding import policy
from offboarding.models import Countersign, Origin, Plan
from offboarding.operations.many import plan_many
from offboarding.operations.planning import Channel, Wanted, cancel_plan, change_plan, plan_offboarding
from offboarding.operations.scheduling import start_due_plans
from offboarding.operations.starting import confirm_start, start_plan
from offboarding.states import PlanState
from tests.offboarding.command import offboard
from tests.tokens.desk import Desk
from tokens.capabilities import observe
from tokens.models import Capability
from tokens.operations.change import NotAllowed, Stale

Start = Callable[[Person, User], Plan]
NOW = timedelta(0)
HR = Service("hr", frozenset({"offboardings:write"}))
WINDOW = policy.STARTS_WINDOW


def by_page(leaver: Person, admin: User) -> Plan:
    """What the page's button does."""
    return start_plan(plan_offboarding(leaver, acting_user=admin), acting_user=admin)


def by_command(leaver: Person, admin: User) -> Plan:
    """On the server."""
    offboard(leaver.account_id, "--as", admin.username, "--cut-now")
    return Plan.objects.get(person=leaver)


def by_api(leaver: Person, admin: User) -> Plan:
    """HR's system, which can only name a time."""
    now = timezone.now()
    ServiceToken.objects.create(name="hr", token_hash="hr", created_by=admin.person, expires_at=now + WINDOW)
    row = {"account_id": leaver.account_id, "starts_at": timezone.now().isoformat()}
    channel = Channel(Origin.API, token_name="hr", idempotency_key=leaver.account_id)
    plan_many([row], channel=channel, acting_user=HR)
    start_due_plans()
    return Plan.objects.get(person=leaver)


def by_schedule(leaver: Person, admin: User) -> Plan:
    """An admin named a time, and it has come."""
    plan = plan_offboarding(leaver, wanted=Wanted(starts_at=timezone.now()), acting_user=admin)
    start_due_plans()
    plan.refresh_from_db()
    return plan


DOORS = {"page": by_page, "command": by_command, "api": by_api, "schedule": by_schedule}
EVERY_DOOR = pytest.mark.parametrize("start", DOORS.values(), ids=DOORS)
WITH_A_PERSON = pytest.mark.parametrize(
    "start", [by_page, by_command, by_schedule], ids=["page", "command", "schedule"]
)


@pytest.fixture
def bot(settings: Settings, desk: Desk) -> Person:
    """The portal's own account, known by what a worker told."""
    person = Person.objects.create(account_id="712020:bot", display_name="Audit bot")
    observe(Capability.Name.BOT_TOKENS, Capability.Level.AUTOMATIC, "seen", facts={"accounts": [person.account_id]})
    return person


def started_lately(many: int, *, ago: timedelta = NOW, origin: str = "page") -> None:
    """So many plans that started a while ago."""
    at = timezone.now() - ago
    for number in range(many):
        person = Person.objects.create(account_id=f"712020:{origin}{ago.total_seconds():.0f}-{number}")
        Plan.objects.create(person=person, origin=origin, state="running", planned_at=at, started_at=at)


def require_waiting(plan: Plan, reason: str) -> Countersign:
    """Nothing was started, and a second admin is asked."""
    plan.refresh_from_db()
    assert (plan.state, plan.started_at) == (PlanState.DRAFT, None)
    assert reason in plan.waits_for_second_because
    assert not plan.steps.exists()
    assert plan.person.blocked_at is None
    return Countersign.objects.get(plan=plan, confirmed_at=None, dropped_at=None)


def test_a_bot_cannot_be_planned_from_any_door(bot: Person, ada: User) -> None:
    with pytest.raises(NotAllowed, match="machine account"):
        plan_offboarding(bot, acting_user=ada)
    ended = offboard(bot.account_id, "--as", ada.username, "--cut-now")
    assert (ended.code, "machine account" in ended.err) == (1, True)
    row = {"account_id": bot.account_id, "starts_at": timezone.now().isoformat()}
    for channel in (Channel(Origin.API, token_name="hr", idempotency_key="k"), Channel(Origin.COMMAND)):
        (answer,) = plan_many([row], channel=channel, acting_user=HR)
        assert (answer.answer, answer.plan) == ("refused", None)
        assert "machine account" in answer.words
    assert not Plan.objects.exists()


def test_a_bot_known_by_its_address_alone_cannot_be_planned(ada: User, settings: Settings) -> None:
    settings.AUDIT_BOT_EMAIL = "audit-bot@acme.test"
    bot = Person.objects.create(account_id="712020:bot", email="Audit-Bot@acme.test")
    with pytest.raises(NotAllowed, match="machine account"):
        plan_offboarding(bot, acting_user=ada)


@EVERY_DOOR
def test_an_ordinary_leaver_needs_nobody_else(lee: User, ada: User, start: Start) -> None:
    plan = start(lee.person, ada)
    plan.refresh_from_db()
    assert plan.is_started
    assert plan.person.blocked_at is not None or Person.objects.get(pk=lee.person_id).blocked_at is not None


@WITH_A_PERSON
def test_oneself_needs_a_second_admin(ada: User, second_admin: User, start: Start) -> None:
    require_waiting(start(ada.person, ada), policy.IS_ONESELF)


@EVERY_DOOR
def test_the_last_admin_needs_a_second_one(ada: User, lee: User, start: Start, settings: Settings) -> None:
    """Nobody is left who could confirm: so it cannot be done here at all."""
    settings.PORTAL_ADMINS = [ada.username]
    plan = start(ada.person, ada)
    asked = require_waiting(plan, policy.IS_LAST_ADMIN)
    with pytest.raises((NotAllowed, PermissionDenied)):
        confirm_start(asked, acting_user=ada)
    settings.PORTAL_ADMINS = [ada.username, lee.username]
    assert confirm_start(asked, acting_user=lee).is_started


@EVERY_DOOR
def test_the_sixth_start_within_a_day_needs_a_second_admin(
    lee: User, ada: User, second_admin: User, start: Start
) -> None:
    for origin in ("page", "command", "api", "radar"):
        started_lately(1, origin=origin)
    started_lately(1, ago=WINDOW - timedelta(minutes=1))
    asked = require_waiting(start(lee.person, ada), policy.IS_MASS_START)
    told = Notification.objects.filter(subject__startswith="Second admin needed")
    assert second_admin.person in [one.person for one in told]
    assert confirm_start(asked, acting_user=second_admin).is_started


@EVERY_DOOR
def test_the_fifth_does_not_and_older_ones_do_not_count(lee: User, ada: User, start: Start) -> None:
    started_lately(4)
    started_lately(3, ago=WINDOW + timedelta(minutes=1))
    assert start(lee.person, ada).is_started or Plan.objects.get(person=lee.person).is_started


def test_what_was_called_off_after_its_start_counts(lee: User, ada: User, second_admin: User) -> None:
    started_lately(5)
    for plan in Plan.objects.all():
        cancel_plan(plan, because="Wrong person", acting_user=ada)
    require_waiting(by_page(lee.person, ada), policy.IS_MASS_START)


def test_six_due_at_once_start_five(ada: User, second_admin: User) -> None:
    for number in range(6):
        person = Person.objects.create(account_id=f"712020:due{number}")
        plan_offboarding(person, wanted=Wanted(starts_at=timezone.now()), acting_user=ada)
    start_due_plans()
    states = list(Plan.objects.order_by("pk").values_list("state", flat=True))
    assert states == [PlanState.RUNNING] * 5 + [PlanState.DRAFT]
    start_due_plans()
    assert Countersign.objects.count() == 1, "asked once, not at every tick"


def test_the_second_is_another_admin_and_never_the_leaver(ada: User, second_admin: User, lee: User) -> None:
    started_lately(5)
    asked = require_waiting(by_page(second_admin.person, ada), policy.IS_MASS_START)
    with pytest.raises(NotAllowed, match="second person"):
        confirm_start(asked, acting_user=ada)
    with pytest.raises(NotAllowed, match="leaver"):
        confirm_start(asked, acting_user=second_admin)
    with pytest.raises(PermissionDenied):
        confirm_start(asked, acting_user=lee)
    asked.plan.refresh_from_db()
    assert asked.plan.state == PlanState.DRAFT


def test_asking_again_asks_once_and_whoever_asks_second_confirms_nothing(
    ada: User, second_admin: User, lee: User
) -> None:
    started_lately(5)
    plan = by_page(lee.person, ada)
    start_plan(plan, acting_user=ada)
    start_plan(plan, acting_user=second_admin)
    asked = require_waiting(plan, policy.IS_MASS_START)
    assert asked.asked_by == ada.person
    assert Event.objects.filter(tag="countersign:asked").count() == 1
    assert Notification.objects.filter(subject__startswith="Second admin needed").count() == 1


def test_confirming_twice_starts_once(ada: User, second_admin: User, lee: User) -> None:
    started_lately(5)
    asked = require_waiting(by_page(lee.person, ada), policy.IS_MASS_START)
    confirm_start(asked, acting_user=second_admin)
    with pytest.raises(Stale):
        confirm_start(asked, acting_user=second_admin)
    assert Event.objects.filter(tag="plan:started").count() == 1
    plan = Plan.objects.get(person=lee.person)
    assert str(ada.person) in plan.started_by_label
    assert str(second_admin.person) in plan.started_by_label
    assert plan.waits_for_second_because == ""


def test_another_admin_who_starts_it_answers_the_question(ada: User, second_admin: User) -> None:
    asked = require_waiting(by_page(ada.person, ada), policy.IS_ONESELF)
    assert start_plan(asked.plan, acting_user=second_admin).is_started
    asked.refresh_from_db()
    assert asked.dropped_at is not None


def test_a_plan_that_was_called_off_cannot_be_confirmed(ada: User, second_admin: User, lee: User) -> None:
    started_lately(5)
    asked = require_waiting(by_page(lee.person, ada), policy.IS_MASS_START)
    cancel_plan(asked.plan, because="Lee stays", acting_user=ada)
    with pytest.raises(Stale):
        confirm_start(asked, acting_user=second_admin)


@pytest.mark.parametrize("who", ["otto", "emma", "aria"])
def test_who_is_no_admin_plans_and_starts_nothing(
    request: pytest.FixtureRequest, ada: User, lee: User, who: str
) -> None:
    user = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        plan_offboarding(lee.person, acting_user=user)
    assert offboard(lee.username, "--as", user.username, "--cut-now").code == 1
    with pytest.raises(PermissionDenied):
        plan_many([{"account_id": lee.username}], channel=Channel(), acting_user=user)
    assert not Plan.objects.exists()
    plan = plan_offboarding(lee.person, acting_user=ada)
    for act in (start_plan, lambda one, acting_user: change_plan(one, Wanted(), acting_user=acting_user)):
        with pytest.raises(PermissionDenied):
            act(plan, acting_user=user)
    with pytest.raises(PermissionDenied):
        cancel_plan(plan, because="No", acting_user=user)
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT
