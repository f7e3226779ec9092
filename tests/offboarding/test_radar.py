"""Who left without us: who becomes a draft, who never does, and who does not a second time."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Notification, Person, User
from offboarding.models import Plan
from offboarding.operations.planning import cancel_plan, plan_offboarding
from offboarding.radar import RADAR, draft_for_who_left, who_left
from offboarding.states import PlanState
from tests.offboarding.holding import HOUR, a_grant, a_token, members_read, seatless
from tests.tokens.desk import Desk, tags
from tokens.capabilities import observe
from tokens.inventory.seating import seating
from tokens.models import Capability
from workqueue.models import Job

YESTERDAY = timedelta(days=1)


def drafted() -> list[str]:
    """Let the radar look; whose plans there are now, by account id."""
    draft_for_who_left()
    return sorted(Plan.objects.values_list("person__account_id", flat=True))


def completed(person: Person, *, ago: timedelta = HOUR) -> Plan:
    """A plan that is over; what it took away is not what these tests are about."""
    at = timezone.now() - ago
    return Plan.objects.create(
        person=person, origin="page", state=PlanState.COMPLETED, planned_at=at, started_at=at, completed_at=at
    )


def test_who_is_gone_from_the_members_and_holds_a_token_becomes_a_draft(emma: User, lee: User, ada: User) -> None:
    a_token(lee.person)
    a_token(emma.person)
    members_read(emma.person)
    assert drafted() == [lee.username]
    plan = Plan.objects.get()
    assert (plan.state, plan.origin, plan.planned_by, plan.planned_by_label) == ("draft", "radar", None, "radar")
    told = Notification.objects.get(subject__startswith="Left without us")
    assert (told.person, told.path) == (ada.person, plan.get_absolute_url())
    assert "plan:drafted" in tags()
    assert not plan.steps.exists(), "a draft takes nothing away"
    assert Job.objects.filter(kind="offboard_rehearse", payload__plan=plan.pk).exists()


def test_a_grant_alone_is_enough(emma: User, lee: User) -> None:
    a_grant(lee.person)
    members_read(emma.person)
    assert drafted() == [lee.username]


def test_who_holds_nothing_alive_is_no_draft(emma: User, lee: User) -> None:
    a_token(lee.person, state="gone", ended_at=timezone.now())
    a_token(lee.person, standing="other_product", listing_id="jira")
    gone = a_grant(lee.person)
    gone.gone_at = timezone.now()
    gone.save()
    members_read(emma.person)
    assert drafted() == []


@pytest.mark.parametrize("seated", [True, False])
@pytest.mark.parametrize("members", ["read", "half read", "never read"])
def test_an_account_that_is_off_becomes_a_draft_whatever_the_members_say(
    emma: User, lee: User, members: str, *, seated: bool
) -> None:
    a_token(lee.person)
    Person.objects.filter(pk=lee.person_id).update(account_status="inactive")
    if not seated:
        seatless(lee.person)
    if members != "never read":
        members_read(emma.person, lee.person, problem="" if members == "read" else "HTTP 500 on page 2")
    assert drafted() == [lee.username]


@pytest.mark.parametrize("problem", ["HTTP 500 on page 2", "the answer has no values"])
def test_a_half_read_list_makes_nobody_a_leaver(emma: User, lee: User, problem: str) -> None:
    a_token(lee.person)
    seatless(lee.person)
    members_read(emma.person)
    members_read(problem=problem)
    assert drafted() == []
    members_read(emma.person)
    assert drafted() == [lee.username], "and the next whole one does"


def test_one_unread_workspace_of_two_makes_nobody_a_leaver(emma: User, lee: User, settings: Settings) -> None:
    a_token(lee.person)
    members_read(emma.person)
    settings.BITBUCKET_WORKSPACES = [*settings.BITBUCKET_WORKSPACES, "{another}"]
    assert drafted() == []


def test_who_appeared_after_the_members_were_read_waits_for_the_next_read(emma: User, desk: Desk) -> None:
    new = desk.user("lee", seat=False).person
    members_read(emma.person, at=timezone.now() - HOUR)
    a_token(new, at=timezone.now())
    a_grant(new, at=timezone.now())
    assert drafted() == []
    members_read(emma.person)
    assert drafted() == [new.account_id]


def test_a_new_token_of_an_account_that_is_off_waits_for_no_list(emma: User, lee: User) -> None:
    members_read(emma.person, lee.person, at=timezone.now() - HOUR)
    a_token(lee.person, at=timezone.now())
    Person.objects.filter(pk=lee.person_id).update(account_status="closed")
    assert drafted() == [lee.username]


@pytest.mark.parametrize("role", ["PORTAL_ADMINS", "PORTAL_AUDITORS"])
def test_whom_the_settings_name_never_becomes_a_draft(emma: User, lee: User, settings: Settings, role: str) -> None:
    a_token(lee.person)
    a_grant(lee.person)
    members_read(emma.person)
    setattr(settings, role, [*getattr(settings, role), lee.username])
    Person.objects.filter(pk=lee.person_id).update(account_status="inactive")
    assert drafted() == []


@pytest.mark.parametrize("known_by", ["address", "account"])
def test_a_bot_never_becomes_a_draft(emma: User, settings: Settings, known_by: str) -> None:
    bot = Person.objects.create(account_id="712020:bot", email="Bot@acme.test", account_status="inactive")
    a_token(bot)
    members_read(emma.person)
    if known_by == "address":
        settings.REVOKE_BOT_EMAIL = "bot@acme.test"
    else:
        settings.AUDIT_BOT_EMAIL = settings.REVOKE_BOT_EMAIL = ""
        observe(Capability.Name.BOT_TOKENS, Capability.Level.AUTOMATIC, "seen", facts={"accounts": [bot.account_id]})
    assert drafted() == []
    assert "Left without us" not in str(list(Notification.objects.values_list("subject", flat=True)))


def test_an_open_plan_is_the_one_plan(emma: User, lee: User, ada: User) -> None:
    a_token(lee.person)
    plan_offboarding(lee.person, acting_user=ada)
    members_read(emma.person)
    assert draft_for_who_left() == 0
    assert Plan.objects.count() == 1
    assert not Notification.objects.filter(subject__startswith="Left without us").exists()


def test_looking_twice_makes_one_draft_and_one_message(emma: User, lee: User, ada: User) -> None:
    a_token(lee.person)
    members_read(emma.person)
    assert (draft_for_who_left(), draft_for_who_left()) == (1, 0)
    assert Notification.objects.filter(subject__startswith="Left without us").count() == 1


def test_what_a_completed_plan_left_alive_is_no_news(emma: User, lee: User) -> None:
    a_token(lee.person, at=timezone.now() - YESTERDAY)
    a_grant(lee.person, at=timezone.now() - YESTERDAY)
    completed(lee.person)
    Person.objects.filter(pk=lee.person_id).update(account_status="inactive")
    members_read(emma.person)
    assert draft_for_who_left() == 0


@pytest.mark.parametrize("what", [a_token, a_grant])
def test_what_appeared_after_a_completed_plan_is_news(emma: User, lee: User, what: object) -> None:
    completed(lee.person, ago=YESTERDAY)
    assert callable(what)
    what(lee.person, at=timezone.now() - HOUR)
    members_read(emma.person)
    assert draft_for_who_left() == 1


def test_a_draft_that_was_called_off_is_not_made_again_for_the_same(emma: User, lee: User, ada: User) -> None:
    a_token(lee.person)
    members_read(emma.person)
    draft_for_who_left()
    cancel_plan(Plan.objects.get(), because="We know, she is on parental leave", acting_user=ada)
    assert draft_for_who_left() == 0
    members_read(emma.person)
    assert draft_for_who_left() == 0
    a_token(lee.person, at=timezone.now(), listing_id="a new one")
    members_read(emma.person)
    assert draft_for_who_left() == 1, "but something new is news"


def test_who_stayed_after_all_is_found_when_they_leave_later(emma: User, lee: User, ada: User) -> None:
    a_token(lee.person)
    members_read(emma.person, lee.person)
    cancel_plan(plan_offboarding(lee.person, acting_user=ada), because="Lee stays", acting_user=ada)
    assert draft_for_who_left() == 0
    members_read(emma.person)
    assert draft_for_who_left() == 1, "with what they held all along"


def test_who_was_hired_again_and_leaves_again_is_found(emma: User, lee: User) -> None:
    kept = a_token(lee.person, at=timezone.now() - 2 * YESTERDAY)
    done = completed(lee.person, ago=YESTERDAY)
    members_read(emma.person, at=timezone.now() - 4 * HOUR)
    assert draft_for_who_left() == 0
    members_read(emma.person, lee.person, at=timezone.now() - 2 * HOUR)
    assert draft_for_who_left() == 0, "back at work"
    done.refresh_from_db()
    assert done.returned_at is not None
    members_read(emma.person)
    assert draft_for_who_left() == 1, kept


def test_an_account_that_we_switched_off_does_not_make_who_came_back_a_leaver(emma: User, lee: User) -> None:
    """Nobody tells us when an account is switched on again; a seat given since then says so."""
    completed(lee.person, ago=YESTERDAY)
    Person.objects.filter(pk=lee.person_id).update(account_status="inactive")
    seatless(lee.person)
    members_read(emma.person, lee.person)
    a_token(lee.person, at=timezone.now())
    assert draft_for_who_left() == 0


def test_one_that_is_older_counts_no_more_than_the_last_plan(emma: User, lee: User) -> None:
    """Of several plans the last one says what is settled."""
    completed(lee.person, ago=3 * YESTERDAY)
    a_token(lee.person, at=timezone.now() - 2 * YESTERDAY)
    completed(lee.person, ago=YESTERDAY)
    members_read(emma.person)
    assert draft_for_who_left() == 0


def test_a_look_takes_two_questions_however_many_hold_something(
    emma: User, lee: User, django_assert_num_queries: object
) -> None:
    for number in range(20):
        a_token(Person.objects.create(account_id=f"712020:more{number}"), listing_id=f"t{number}")
    members_read(emma.person, lee.person)
    seats = seating()
    assert callable(django_assert_num_queries)
    with django_assert_num_queries(2):
        assert len(who_left(seats)) == 20


def test_the_radar_acts_as_itself() -> None:
    assert (RADAR.name, RADAR.kind) == ("radar", "system")
