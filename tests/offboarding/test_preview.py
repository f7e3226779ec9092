"""What breaks first: lines from rows and from Bitbucket, bounded, grouped, and tasks where somebody takes over."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Person, User
from offboarding import breaks_live
from offboarding.models import Plan
from offboarding.operations.starting import start_plan
from offboarding.states import StepKind
from sandbox.automation import Pipeline, PullRequest, Restriction
from tests.offboarding.leaving import Leaving
from tests.tokens.desk import Desk
from tokens.clients import bot_allowance
from tokens.models import Credential, Grant, Repository, Request

PREVIEW = "offboard_preview"
pytestmark = pytest.mark.usefixtures("inventory")


def previewed(leaving: Leaving) -> Plan:
    """A draft whose preview was read."""
    plan = leaving.plan()
    leaving.run(PREVIEW)
    plan.refresh_from_db()
    assert plan.preview, "it was not read"
    return plan


def line(plan: Plan, kind: str) -> dict[str, Any]:
    """The one line of a kind."""
    [found] = [one for one in plan.preview["lines"] if one["kind"] == kind]
    return dict(found)


def kinds(plan: Plan) -> list[str]:
    return [one["kind"] for one in plan.preview["lines"]]


def used_by_machine(leaving: Leaving) -> Credential:
    """The leaver's token, which a machine works with."""
    credential, _ = leaving.desk.registered(leaving.leaver)
    version = credential.approved_request.template_version
    version.used_by_machine = True
    version.save()
    deputy = Person.objects.exclude(pk=leaving.leaver.person.pk).first()
    Request.objects.filter(pk=credential.approved_request.pk).update(where_used="the nightly build", deputy=deputy)
    return credential


def test_a_machine_fed_by_the_leaver_is_a_task(leaving: Leaving) -> None:
    used_by_machine(leaving)
    found = line(previewed(leaving), "machines")
    assert found["task"]
    assert found["title"] == "Give the nightly build a credential that is not Lee's"
    assert "answers for it" in found["detail"]


def test_whom_they_are_deputy_of_is_told(leaving: Leaving, emma: User) -> None:
    credential, _ = leaving.desk.registered(emma)
    Request.objects.filter(pk=credential.approved_request.pk).update(deputy=leaving.leaver.person)
    found = line(previewed(leaving), "deputies")
    assert found["task"]
    assert f"“{credential.name}” of Emma" in found["detail"]


def test_tokens_of_other_products_are_told_and_no_task(leaving: Leaving) -> None:
    found = line(previewed(leaving), "other_products")
    assert "2 tokens" in found["title"]
    assert "issue import" in found["detail"]
    assert "board export" in found["detail"]
    assert "deleted with all others" in found["title"]
    assert not found["task"]


def test_rules_that_name_them_and_what_they_ran(leaving: Leaving) -> None:
    plan = previewed(leaving)
    rules = line(plan, "branch_restrictions")
    assert rules["title"] == "Name somebody else in the branch restrictions of acme/web (push main)"
    assert rules["link"].endswith("/acme/web/admin/branch-restrictions")
    assert "in acme/web" in line(plan, "runs")["title"]
    assert "22:14 UTC" in line(plan, "runs")["title"]


@pytest.mark.parametrize("filter_works", ["works", "ignored"])
def test_reviews_that_wait_for_them_and_nobody_elses(leaving: Leaving, filter_works: str) -> None:
    leaving.desk.world.switches.reviewer_filter = filter_works
    found = line(previewed(leaving), "pull_requests")
    assert found["title"] == "Find another reviewer for 2 open pull requests"
    assert "acme/web #41" in found["detail"]
    assert "acme/api #17" in found["detail"]
    assert "#42" not in found["detail"]
    assert found["task"]


def test_a_place_with_more_pull_requests_than_were_looked_at_is_said(leaving: Leaving) -> None:
    world = leaving.desk.world
    acme, web = world.workspaces["acme"], world.workspaces["acme"].repository("web")
    assert web is not None
    acme.automation.pull_requests[web.uuid] = [
        PullRequest(number, "x", leaving.admin.person.account_id, (), world.now()) for number in range(60)
    ]
    world.switches.reviewer_filter = "ignored"
    plan = previewed(leaving)
    assert ["open pull requests", "more are open there than were looked at"] in plan.preview["unread"]
    world.switches.reviewer_filter = "refused"
    Plan.objects.all().delete()
    plan = previewed(leaving)
    assert any(what == "open pull requests" and "HTTP 400" in why for what, why in plan.preview["unread"])


def test_schedules_are_told_where_they_ran_pipelines(leaving: Leaving) -> None:
    acme = leaving.desk.world.workspaces["acme"]
    web, infrastructure = acme.repository("web"), acme.repository("infrastructure")
    assert web is not None
    assert infrastructure is not None
    assert "schedules" not in kinds(previewed(leaving))
    acme.automation.schedules[web.uuid] = acme.automation.schedules[infrastructure.uuid]
    Plan.objects.all().delete()
    assert "acme/web" in line(previewed(leaving), "schedules")["title"]


def test_many_places_of_one_kind_are_one_line_and_one_task(leaving: Leaving) -> None:
    acme = leaving.desk.world.workspaces["acme"]
    places = {place for level, place, _ in leaving.grants_left() if level == "repository"}
    for place in places:
        acme.automation.restrictions[place] = [Restriction(9, "push", "main", (leaving.account.account_id,))]
    plan = previewed(leaving)
    assert line(plan, "branch_restrictions")["title"].endswith(f"of {len(places)} repositories")
    assert len(places) > 2
    start_plan(plan, acting_user=leaving.admin)
    made = plan.steps.filter(kind=StepKind.BREAKS, target__kind="branch_restrictions")
    assert made.count() == 1


def test_a_place_that_nobody_else_administers(leaving: Leaving) -> None:
    # The last one has no administrator by name; of the first one Aria is another.
    names = list(Repository.objects.order_by("pk").values_list("full_name", flat=True))
    for repository in Repository.objects.filter(full_name__in=(names[0], names[-1])):
        Grant.objects.filter(repository=repository, person=leaving.leaver.person).delete()
        now = timezone.now()
        Grant.objects.create(
            repository=repository,
            person=leaving.leaver.person,
            permission="admin",
            first_seen_at=now,
            observed_at=now,
        )
    lonely = Repository.objects.get(full_name=names[-1])
    Grant.objects.filter(repository=lonely).exclude(person=leaving.leaver.person).delete()
    Grant.objects.filter(project=lonely.project, permission="admin").delete()
    found = line(previewed(leaving), "sole_admins")
    assert found["title"] == f"Name another administrator for {lonely.full_name}"
    assert found["task"]


def test_the_median_member_gets_no_task(member: Leaving) -> None:
    plan = previewed(member)
    assert [one for one in plan.preview["lines"] if one["task"]] == []
    start_plan(plan, acting_user=member.admin)
    assert not plan.steps.filter(kind=StepKind.BREAKS).exists()


def test_what_was_not_looked_at_is_said(leaving: Leaving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaks_live, "REPOSITORIES_AT_MOST", 2)
    plan = previewed(leaving)
    assert any("further repositories were not looked at" in why for _, why in plan.preview["unread"])
    assert leaving.desk.sent("/branch-restrictions", "GET") == 2


def test_never_more_than_half_of_the_hour(leaving: Leaving, settings: Settings) -> None:
    settings.BITBUCKET_REQUESTS_PER_HOUR += 30 - bot_allowance().left()
    before = bot_allowance().left()
    plan = previewed(leaving)
    assert bot_allowance().left() >= before // 2 - 5
    assert plan.preview["unread"]


def test_a_bot_without_rights_is_said_and_the_rest_is_there(leaving: Leaving) -> None:
    used_by_machine(leaving)
    leaving.demote("audit-bot")
    leaving.without_scope("audit-bot", "read:pipeline:bitbucket")
    plan = previewed(leaving)
    unread = dict(plan.preview["unread"])
    assert unread["pipelines"] == "the audit bot lacks read:pipeline:bitbucket"
    assert "branch restrictions" in unread
    assert "machines" in kinds(plan)


def test_no_bot_is_said(leaving: Leaving, settings: Settings) -> None:
    settings.AUDIT_BOT_EMAIL = settings.AUDIT_BOT_TOKEN = ""
    plan = previewed(leaving)
    assert ["rules, pull requests and pipelines", "no audit bot is set up"] in plan.preview["unread"]


def test_a_plan_that_started_first_gets_its_tasks_afterwards(leaving: Leaving) -> None:
    used_by_machine(leaving)
    plan = leaving.cut()
    assert not plan.steps.filter(kind=StepKind.BREAKS).exists()
    leaving.run(PREVIEW)
    made = {step.target["kind"] for step in plan.steps.filter(kind=StepKind.BREAKS)}
    assert {"machines", "branch_restrictions"} <= made
    leaving.run(PREVIEW)
    assert plan.steps.filter(kind=StepKind.BREAKS).count() == len(made)


def test_a_label_that_looks_like_a_secret_is_not_kept(leaving: Leaving, desk: Desk) -> None:
    acme = desk.world.workspaces["acme"]
    web = acme.repository("web")
    assert web is not None
    pattern = "ATATT3xFfGF0" + "x" * 60
    acme.automation.restrictions[web.uuid] = [Restriction(5, "push", pattern, (leaving.account.account_id,))]
    assert pattern not in json.dumps(previewed(leaving).preview)


def test_runs_of_others_are_nobody_elses(leaving: Leaving, emma: User) -> None:
    """No source confirms the filter: what comes back is looked at."""
    acme = leaving.desk.world.workspaces["acme"]
    web = acme.repository("web")
    assert web is not None
    acme.automation.pipelines[web.uuid] = [
        Pipeline("{p}", 1, emma.person.account_id, leaving.desk.world.now() - timedelta(hours=1))
    ]
    Person.objects.filter(pk=leaving.leaver.person.pk).update(uuid="")
    assert "runs" not in kinds(previewed(leaving))
