"""The rotate list: read in slices, names only, ranked, owned; attested place by place."""

import json
import sys

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from accounts.models import Notification, Person, User
from audit.models import Event
from offboarding.jobs import rotate
from offboarding.models import Evidence, RotateItem, Step, Verdict
from offboarding.operations.attesting import attest_step, confirm_step
from offboarding.operations.rotating import assign_item, attest_item
from offboarding.operations.step_actions import retry_step
from offboarding.states import StepKind
from sandbox.automation import Variable
from tests.offboarding.leaving import CLEAN_UP, Leaving
from tests.tokens.desk import tags
from tokens.clients import bot_allowance
from tokens.models import Circuit, Repository
from tokens.operations.change import NotAllowed, Stale
from workqueue import runner
from workqueue.models import Job

ROTATE = "offboard_rotate"
rotate_job = sys.modules[rotate.__module__]
pytestmark = pytest.mark.usefixtures("inventory")


def read(leaving: Leaving, *, slices: int = 30) -> Step:
    """Cut, clean up, and let the rotate list be read."""
    plan = leaving.cut()
    leaving.run(*CLEAN_UP)
    leaving.run(ROTATE, rounds=slices)
    return leaving.step(plan, StepKind.ROTATE)


def test_what_they_could_write_becomes_a_ranked_list_and_a_task_without_alarm(leaving: Leaving) -> None:
    step = read(leaving)
    items = list(step.items.select_related("repository", "workspace"))
    web = step.items.get(repository__slug="web")
    assert (web.runs, web.secured, web.readable) == (1, 3, 3)
    assert {one["where"] for one in web.variables} == {"repository", "deployment Test", "deployment Production"}
    assert any(one.workspace and one.secured == 1 and one.runners == ["acme-linux-1"] for one in items)
    assert [one.rank for one in items] == list(range(1, len(items) + 1))
    assert step.job.state == "needs_human"
    assert step.is_high_risk
    assert step.verdict == ""
    assert step.title.startswith("Rotate ")
    assert "and the workspace; last run by them" in step.title
    assert step.alarmed_at is None
    assert not Notification.objects.filter(subject__contains="needs a person").exists()


def test_no_value_of_a_variable_is_kept(leaving: Leaving) -> None:
    acme = leaving.desk.world.workspaces["acme"]
    web = acme.repository("web")
    assert web is not None
    for place in (web.uuid, acme.uuid, acme.automation.environments[web.uuid][0].uuid):
        one = Variable(f"{{{place[1:-1]}}}", "OPEN_TO_READ", "the-value-itself", secured=False)
        acme.automation.variables[place].append(one)
    step = read(leaving)
    told = json.dumps([*step.items.values("variables", "runners", "unread"), step.target, step.detail, step.title])
    told += json.dumps([*Evidence.objects.values("request", "answer", "subject"), *Event.objects.values("details")])
    assert told.count("OPEN_TO_READ") == 3
    assert "the-value-itself" not in told


def test_rights_that_the_plan_takes_away_count_all_the_same(leaving: Leaving) -> None:
    """The last reading shows what is left, which is nothing; the list is about what they could read."""
    step = read(leaving)
    assert leaving.grants_left() == []
    assert len([one for one in step.target["places"] if one[0] == "repository"]) >= 3


def test_a_spent_hour_parks_and_goes_on_where_it_was(leaving: Leaving, settings: Settings) -> None:
    plan = leaving.cut()
    leaving.run(*CLEAN_UP)
    settings.BITBUCKET_REQUESTS_PER_HOUR = 1000 - bot_allowance().left() + 9
    leaving.run(ROTATE, rounds=1)
    step = leaving.step(plan, StepKind.ROTATE)
    assert step.job.state == "waiting", step.job.reason
    assert "spent" in step.job.reason
    done = step.target["at"]
    assert done > 0
    settings.BITBUCKET_REQUESTS_PER_HOUR = 100_000
    leaving.desk.world.counters.clear()
    leaving.run(ROTATE)
    assert leaving.step(plan, StepKind.ROTATE).job.state == "needs_human"
    places = len(step.target["places"])
    assert leaving.desk.sent("/pipelines_config/variables", "GET") <= places - done + 1


def test_what_the_bot_may_not_read_is_said_and_never_nothing(leaving: Leaving) -> None:
    leaving.without_scope("audit-bot", "read:pipeline:bitbucket")
    leaving.without_scope("audit-bot", "read:runner:bitbucket")
    step = read(leaving)
    assert step.job.state == "needs_human"
    assert "NOT READ: the audit bot lacks read:pipeline:bitbucket (" in step.detail
    assert "could not be read" in step.title
    assert leaving.desk.sent("<workspace>/pipelines-config/variables", "GET") == 1
    assert leaving.desk.sent("<repository>/pipelines_config/variables", "GET") == 0


def test_a_part_that_one_place_refuses_stands_in_its_item(leaving: Leaving) -> None:
    leaving.desk.fault("status", "*/environments", status=403)
    step = read(leaving)
    web = step.items.get(repository__slug="web")
    assert [part for part, _ in web.unread] == ["environments"]
    assert web.secured == 1
    assert "NOT READ" in step.detail


def test_a_bot_without_its_role_does_not_say_that_there_is_nothing(member: Leaving) -> None:
    plan = member.cut()
    member.run(*CLEAN_UP)
    member.demote("audit-bot")
    member.run(ROTATE)
    step = member.step(plan, StepKind.ROTATE)
    assert step.job.state == "needs_human"
    assert "only member" in step.detail


def test_nothing_held_is_nothing_to_do(member: Leaving) -> None:
    kept = member.desk.world.workspaces["acme"].automation
    for one in (kept.variables, kept.environments, kept.runners, kept.ssh_keys, kept.pipelines):
        one.clear()
    step = read(member)
    assert (step.job.state, step.verdict) == ("done", Verdict.NOTHING), step.job.reason


def test_what_the_inventory_knows_as_empty_takes_no_request(member: Leaving) -> None:
    empty = {"variables": {"secured": 0, "readable": 0}, "environments": [], "runners": 0, "unread": {}}
    Repository.objects.update(secrets=empty, secrets_observed_at=Now())
    step = read(member)
    assert member.desk.sent("/repositories/<workspace>/<repository>/pipelines_config/variables", "GET") == 0
    assert "the inventory knows that they hold nothing" in step.detail + step.verdict_words


def test_the_one_administrator_by_name_owns_an_item_else_whoever_planned(leaving: Leaving, ada: User) -> None:
    step = read(leaving)
    aria = Person.objects.get(display_name="Aria")
    owners = {str(one): one.owner for one in step.items.select_related("owner", "repository", "workspace")}
    assert {owner for place, owner in owners.items() if "/" in place} == {aria}
    assert {owner for place, owner in owners.items() if "/" not in place} == {ada.person}
    told = Notification.objects.filter(person=aria, subject__startswith="For you: rotate")
    assert told.count() == 1


def test_the_leaver_never_owns_an_item(leaving: Leaving, ada: User) -> None:
    item = read(leaving).items.first()
    assert item is not None
    with pytest.raises(NotAllowed):
        assign_item(item, leaving.leaver.person, acting_user=ada)
    with pytest.raises(NotAllowed):
        attest_item(item, words="I did", acting_user=leaving.leaver)


def test_the_last_item_attests_the_step_and_a_second_person_confirms_once(leaving: Leaving, second_admin: User) -> None:
    step = read(leaving)
    asked = None
    with pytest.raises(NotAllowed):
        attest_step(step, words="all of it", acting_user=leaving.admin)
    for item in step.items.all():
        assert asked is None
        asked = attest_item(item, words="new values in the vault, 24 November", acting_user=leaving.admin)
    step.refresh_from_db()
    assert asked is not None
    assert step.closed_at is None
    confirm_step(asked, acting_user=second_admin)
    step.refresh_from_db()
    assert (step.verdict, step.attested_by) == (Verdict.ATTESTED, leaving.admin.person)
    assert tags().count("rotation:attested") == step.items.count()


def test_nobody_attests_a_list_that_is_still_read(leaving: Leaving) -> None:
    plan = leaving.cut()
    leaving.run(*CLEAN_UP)
    step = leaving.step(plan, StepKind.ROTATE)
    with pytest.raises(NotAllowed):
        attest_step(step, words="nothing there", acting_user=leaving.admin)
    repository = Repository.objects.first()
    item = RotateItem.objects.create(step=step, repository=repository)
    with pytest.raises(Stale):
        attest_item(item, words="done", acting_user=leaving.admin)


def test_trying_again_reads_everything_and_keeps_what_was_attested(leaving: Leaving) -> None:
    step = read(leaving)
    item = step.items.first()
    assert item is not None
    attest_item(item, words="done", acting_user=leaving.admin)
    retry_step(step, acting_user=leaving.admin)
    leaving.desk.world.counters.clear()
    leaving.run(ROTATE)
    assert leaving.desk.sent("/pipelines_config/variables", "GET") > 0
    item.refresh_from_db()
    assert item.done_at is not None
    assert leaving.step(step.plan, StepKind.ROTATE).job.state == "needs_human"


def test_a_refused_token_stops_the_step_and_nothing_of_the_inventory(leaving: Leaving, settings: Settings) -> None:
    settings.AUDIT_BOT_TOKEN = "ATATT-not-a-token"
    step = read(leaving)
    assert step.job.state == "needs_human"
    assert step.alarmed_at is not None
    assert set(Circuit.objects.values_list("principal", flat=True)) == {"audit bot"}


def test_a_worker_that_dies_in_the_middle_reads_on(leaving: Leaving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotate_job, "PLACES_AT_ONCE", 1)
    plan = leaving.cut()
    leaving.run(*CLEAN_UP)
    leaving.run(ROTATE, rounds=2)
    step = leaving.step(plan, StepKind.ROTATE)
    assert (step.job.state, step.target["at"]) == ("waiting", 2)
    Job.objects.filter(pk=step.job_id).update(state="queued", next_attempt_at=Now())
    runner.run(step.job_id)
    assert leaving.step(plan, StepKind.ROTATE).target["at"] == 3
