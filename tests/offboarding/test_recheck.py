"""Looking again after the end: what came back is found, said and listed; nothing is taken away."""

import pytest
from pytest_django import Settings

from accounts.models import Notification, Person, User
from audit.models import Event
from offboarding.models import KeyDecision, Plan, Step, Verdict
from offboarding.operations.attesting import attest_step
from offboarding.operations.step_actions import retry_step
from tests.offboarding.finishing import finish_plan, leave_workspace
from tests.offboarding.leaving import Leaving
from tests.tokens.desk import tags
from tokens.models import Credential, Finding

RECHECK = "offboard_recheck"
pytestmark = pytest.mark.usefixtures("inventory")


@pytest.fixture
def ended(leaving: Leaving, second_admin: User) -> Plan:
    """Lee's plan, completed."""
    plan = leaving.cut()
    leave_workspace(leaving)
    finish_plan(leaving, plan, second_admin)
    return plan


def look(leaving: Leaving, plan: Plan) -> Step:
    """The first look, now."""
    step = plan.steps.get(key="recheck:24")
    for _ in range(10):
        leaving.run_one(step)
    return Step.objects.select_related("job").get(pk=step.pk)


def test_nothing_came_back(leaving: Leaving, ended: Plan) -> None:
    leaving.desk.world.counters.clear()
    step = look(leaving, ended)
    assert (step.job.state, step.verdict) == ("done", Verdict.PROVEN), step.job.reason
    methods = {row["method"] for row in leaving.desk.world.counters.report()["routes"]}
    assert methods == {"GET"}
    assert "plan:rechecked" in tags()
    ended.refresh_from_db()
    assert ended.state == "completed"


def test_a_token_that_was_made_again_is_a_finding(leaving: Leaving, ended: Plan) -> None:
    token = leaving.token("back again")
    step = look(leaving, ended)
    assert (step.job.state, step.verdict) == ("needs_human", "")
    assert "back again" in step.job.reason
    credential = Credential.objects.get(listing_id=token)
    assert Finding.objects.filter(credential=credential, kind="orphaned", closed_at=None).exists()
    assert leaving.tokens_left() == 1
    assert Notification.objects.filter(subject__startswith="It came back", person=leaving.admin.person).count() == 1
    event = Event.objects.filter(tag="plan:rechecked").latest("seq")
    assert "back again" in str(event.details)


def test_a_token_that_only_the_own_list_shows_is_found_too(leaving: Leaving, ended: Plan) -> None:
    leaving.desk.world.switches.listing_lag_seconds = 100_000
    token = leaving.token("too new")
    step = look(leaving, ended)
    assert "too new" in step.job.reason
    assert Credential.objects.filter(listing_id=token).exists()


def test_an_account_that_is_on_again(leaving: Leaving, ended: Plan) -> None:
    leaving.account.active, leaving.account.suspended = True, False
    step = look(leaving, ended)
    assert step.job.state == "needs_human"
    assert "switched on again" in step.job.reason


def test_a_suspension_that_no_profile_shows_did_not_come_back(
    leaving: Leaving, ended: Plan, settings: Settings
) -> None:
    settings.OFFBOARDING_ACCOUNT = "suspend"
    leaving.account.active, leaving.account.suspended = True, True
    leaving.desk.world.switches.suspension_shows_in_profile = False
    assert look(leaving, ended).verdict == Verdict.PROVEN
    Person.objects.filter(pk=leaving.leaver.person.pk, account_status="inactive").get()


def test_a_new_grant_and_a_new_seat(leaving: Leaving, ended: Plan) -> None:
    acme = leaving.desk.world.workspaces["acme"]
    acme.seats[leaving.account.account_id] = "member"
    place = acme.repositories[0]
    acme.grants.set("repository", "users", place.uuid, leaving.account.account_id, "read")
    step = look(leaving, ended)
    assert step.job.state == "needs_human"
    assert f"grant by name at repository acme/{place.slug}" in " ".join(step.target["found"])
    assert any("seat" in one for one in step.target["found"])


def test_a_bot_that_lost_its_right_proves_nothing(leaving: Leaving, ended: Plan) -> None:
    leaving.demote("revoke-bot")
    step = look(leaving, ended)
    assert (step.job.state, step.verdict) == ("needs_human", "")
    assert "Not looked at" in step.job.reason


def test_what_was_found_is_said_beside_what_could_not_be_looked_at(leaving: Leaving, ended: Plan) -> None:
    leaving.token("back again")
    leaving.demote("revoke-bot")
    reason = look(leaving, ended).job.reason
    assert "back again" in reason
    assert "Not looked at" in reason


def test_without_a_second_list_it_is_not_called_proven(leaving: Leaving, ended: Plan) -> None:
    leaving.desk.fault("status", "/admin/api-access/*", status=403)
    assert look(leaving, ended).verdict == Verdict.DISABLED


def test_a_person_tries_again_or_attests(leaving: Leaving, ended: Plan) -> None:
    token = leaving.token("back again")
    step = look(leaving, ended)
    retry_step(step, acting_user=leaving.admin)
    assert look(leaving, ended).job.state == "needs_human"
    leaving.desk.world.delete_api_token(token)
    retry_step(step, acting_user=leaving.admin)
    assert look(leaving, ended).verdict == Verdict.PROVEN
    ended.refresh_from_db()
    assert ended.state == "completed"


def test_a_person_says_why_it_is_right(leaving: Leaving, ended: Plan) -> None:
    leaving.account.active, leaving.account.suspended = True, False
    step = look(leaving, ended)
    assert attest_step(step, words="Hired again on Monday", acting_user=leaving.admin) is None
    step.refresh_from_db()
    assert step.verdict == Verdict.ATTESTED
    ended.refresh_from_db()
    assert ended.state == "completed"


def test_trouble_for_now_is_tried_again(leaving: Leaving, ended: Plan) -> None:
    leaving.desk.fault("status", "*/manage/profile", status=503, count=1)
    assert look(leaving, ended).verdict == Verdict.PROVEN


def test_a_deploy_key_that_was_deleted_and_is_back(leaving: Leaving, second_admin: User) -> None:
    acme = leaving.desk.world.workspaces["acme"]
    web = acme.repository("web")
    assert web is not None
    [key] = [one for one in acme.deploy_keys.of(web.uuid) if one.owner == leaving.account.account_id]
    plan = leaving.cut()
    leave_workspace(leaving)
    finish_plan(leaving, plan, second_admin, keys=KeyDecision.DELETE)
    assert key not in acme.deploy_keys.of(web.uuid)
    acme.deploy_keys.put(key)
    step = look(leaving, plan)
    assert step.job.state == "needs_human"
    assert "Deploy key “web deploy”" in step.job.reason
