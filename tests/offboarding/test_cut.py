"""The cut while Atlassian fails, lies or lags: the account goes off all the same, and nothing is proven that is not."""

from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from offboarding.models import Evidence, Step, Verdict
from offboarding.operations.attesting import attest_step
from offboarding.operations.stopping import release_clean_up, resume_plan, stop_plan
from offboarding.states import StepKind
from tests.offboarding.leaving import CLEAN_UP, CUT, HELD, Leaving
from tests.tokens.desk import Desk, tags
from tokens.models import Circuit, Credential, Request
from workqueue.models import DUE_STATES, Job, JobState

LIST = "re:^/users/[^/]+/manage/api-tokens$"
DELETE = "/users/*/manage/api-tokens/*"
PROFILE = "/users/*/manage/profile"
CUT_KINDS = (StepKind.DELETE_TOKENS, StepKind.SWITCH_OFF, StepKind.DELETE_LATE_TOKENS)


def test_the_person_is_shut_out_at_once(leaving: Leaving, desk: Desk) -> None:
    request = desk.ask(leaving.leaver, "manage-webhooks")
    browser = Client()
    browser.force_login(leaving.leaver, backend="accounts.roles.RoleBackend")
    assert browser.get("/").status_code == 200
    leaving.started()
    assert browser.get("/").status_code == 302
    assert Request.objects.get(pk=request.pk).state == "withdrawn"
    assert leaving.leaver.person.current_roles() == frozenset()
    assert {"person:blocked", "plan:started", "request:withdrawn"} <= set(tags())


def test_known_credentials_count_as_revoked_and_unbound_ones_as_gone(leaving: Leaving, desk: Desk) -> None:
    bound, made = desk.registered(leaving.leaver)
    unbound, _ = desk.registered(leaving.leaver, bound=False)
    leaving.cut()
    bound.refresh_from_db()
    unbound.refresh_from_db()
    assert (bound.state, unbound.state, desk.lives(made)) == ("revoked", "gone", False)
    revocation = bound.revocations.get()
    assert (revocation.outcome, revocation.deletion_answer, revocation.reread_total) == ("revoked", "204 No Content", 0)


def test_what_is_made_between_the_lists_is_deleted(leaving: Leaving) -> None:
    leaving.token("before")
    plan = leaving.started()
    leaving.run("offboard_delete_tokens")
    leaving.token("meanwhile")
    leaving.run(*CUT)
    assert leaving.tokens_left() == 0
    late = leaving.step(plan, StepKind.DELETE_LATE_TOKENS)
    assert late.verdict == Verdict.PROVEN
    assert Evidence.objects.filter(step=late, request__startswith="DELETE", subject__startswith="meanwhile").exists()


def test_a_deletion_that_keeps_the_token_is_never_proven_and_the_account_goes_off(leaving: Leaving) -> None:
    leaving.token()
    leaving.desk.fault(kind="keep", path=DELETE, method="DELETE")
    plan = leaving.cut()
    step = leaving.step(plan, StepKind.DELETE_TOKENS)
    assert (step.verdict, step.job.state) == ("", JobState.NEEDS_HUMAN)
    assert leaving.step(plan, StepKind.SWITCH_OFF).verdict == Verdict.PROVEN
    assert plan.cut_at is None
    assert not plan.steps.filter(kind=StepKind.READ_RIGHTS).exists()
    assert not Credential.objects.filter(state="revoked").exists()


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_key_that_is_refused_proves_nothing(leaving: Leaving, status: int) -> None:
    leaving.token()
    leaving.desk.fault(kind="status", path="/users/*", status=status)
    plan = leaving.cut()
    assert set(plan.steps.filter(kind__in=CUT_KINDS).values_list("verdict", flat=True)) == {""}
    assert leaving.step(plan, StepKind.DELETE_TOKENS).job.state == JobState.NEEDS_HUMAN
    assert leaving.tokens_left() > 0
    assert Circuit.objects.filter(principal="revoke key", closed_at=None).exists() is (status == 401)


def test_a_refused_credential_is_not_tried_for_every_step_until_somebody_wants_it(leaving: Leaving) -> None:
    leaving.desk.fault(kind="status", path="/users/*", status=401)
    plan = leaving.cut()
    sent = leaving.desk.sent("/users/")
    assert sent == 1
    assert "not tried" in leaving.step(plan, StepKind.SWITCH_OFF).job.reason
    leaving.desk.world.faults.clear()
    leaving.retry_stuck(plan)
    leaving.run(*CUT)
    plan.refresh_from_db()
    assert plan.cut_at is not None


@pytest.mark.parametrize("fault", [{"status": 429, "retry_after": "3600"}, {"status": 503}], ids=["429", "503"])
def test_tokens_that_must_wait_do_not_hold_the_account_up(leaving: Leaving, fault: dict[str, Any]) -> None:
    leaving.token()
    leaving.desk.fault(kind="status", path=LIST, **fault)
    plan = leaving.started()
    leaving.run("offboard_delete_tokens", rounds=1)
    leaving.run("offboard_switch_off")
    assert not leaving.account.is_on
    assert leaving.step(plan, StepKind.DELETE_TOKENS).job.state == JobState.WAITING
    leaving.desk.world.faults.clear()
    leaving.run(*CUT)
    plan.refresh_from_db()
    assert plan.cut_at is not None
    assert leaving.tokens_left() == 0


def test_the_late_list_keeps_the_time_that_the_first_one_was_told(leaving: Leaving) -> None:
    """Both are the same call, by the same key."""
    leaving.token()
    leaving.desk.fault(kind="status", path=LIST, status=429, retry_after="3600")
    plan = leaving.started()
    leaving.run("offboard_delete_tokens", rounds=1)
    leaving.run("offboard_switch_off")
    late = leaving.step(plan, StepKind.DELETE_LATE_TOKENS)
    assert (late.job.state, late.job.attempt, late.job.reason) == (JobState.WAITING, 0, HELD)
    leaving.desk.world.faults.clear()
    leaving.run(*CUT)
    assert leaving.step(plan, StepKind.DELETE_LATE_TOKENS).verdict == Verdict.PROVEN


def test_an_answer_that_was_lost_is_looked_up(leaving: Leaving) -> None:
    """Deleted, but nobody told us: the next list shows it, and one event tells it."""
    leaving.token()
    leaving.desk.fault(kind="done_then_status", path=DELETE, status=500, count=1)
    plan = leaving.cut()
    assert leaving.step(plan, StepKind.DELETE_TOKENS).verdict == Verdict.PROVEN
    assert tags().count("step:completed") == len(CUT_KINDS)


def test_an_empty_list_of_an_account_that_is_off_needs_a_second_witness(leaving: Leaving) -> None:
    leaving.token()
    plan = leaving.started()
    leaving.desk.fault(kind="keep", path=DELETE, method="DELETE")
    leaving.run("offboard_delete_tokens")
    leaving.run("offboard_switch_off")
    leaving.desk.world.faults.clear()
    leaving.desk.world.switches.disabled_listing_answers = False
    leaving.run("offboard_delete_late_tokens")
    late = leaving.step(plan, StepKind.DELETE_LATE_TOKENS)
    assert (late.verdict, late.job.state) == ("", JobState.NEEDS_HUMAN)
    assert "proves nothing" in late.job.reason


def test_a_listing_that_disagrees_is_no_proof(leaving: Leaving, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their own list is empty, the organisation's is not: whichever is right, nothing is proven."""
    plan = leaving.started()
    leaving.run("offboard_delete_tokens", "offboard_switch_off")
    leaving.token("hidden")
    monkeypatch.setattr("sandbox.world.World.tokens_of", lambda _self, _account_id: [])
    leaving.run("offboard_delete_late_tokens")
    late = leaving.step(plan, StepKind.DELETE_LATE_TOKENS)
    assert (late.verdict, late.job.state) == ("", JobState.NEEDS_HUMAN)
    assert "organisation's listing shows 1" in late.job.reason


def test_an_account_of_the_identity_provider_is_polled_until_it_is_off(leaving: Leaving) -> None:
    leaving.account.directory = "okta"
    plan = leaving.started()
    leaving.run("offboard_delete_tokens")
    leaving.run("offboard_switch_off", rounds=1)
    step = leaving.step(plan, StepKind.SWITCH_OFF)
    assert (step.job.state, step.position, step.verdict) == (JobState.WAITING, 0, "")
    assert "identity provider" in step.title
    leaving.account.active = False
    leaving.run(*CUT)
    step.refresh_from_db()
    assert step.verdict == Verdict.PROVEN
    assert not Evidence.objects.filter(request__contains="lifecycle").exists()


def test_suspending_is_a_policy_too(leaving: Leaving, settings: Settings) -> None:
    settings.OFFBOARDING_ACCOUNT = "suspend"
    plan = leaving.cut()
    assert leaving.account.suspended
    assert leaving.account.active
    assert leaving.step(plan, StepKind.SWITCH_OFF).verdict_words.startswith("Suspended")


def test_without_a_key_a_person_is_asked(leaving: Leaving, settings: Settings) -> None:
    settings.ATLASSIAN_REVOKE_KEY = ""
    plan = leaving.cut()
    assert {leaving.step(plan, kind).job.state for kind in CUT_KINDS[:2]} == {JobState.NEEDS_HUMAN}
    assert leaving.desk.sent("/users/") == 0


def test_the_clean_up_waits_for_the_cut_unless_somebody_says_otherwise(leaving: Leaving) -> None:
    leaving.desk.fault(kind="status", path="/users/*", status=404)
    plan = leaving.cut()
    leaving.run(*CLEAN_UP)
    assert leaving.grants_left()
    release_clean_up(plan, because="Atlassian is down for hours", acting_user=leaving.admin)
    leaving.run(*CLEAN_UP)
    assert leaving.grants_left() == []
    plan.refresh_from_db()
    assert (plan.cut_at, plan.clean_up_released_because) == (None, "Atlassian is down for hours")


def test_a_stopped_plan_does_nothing_and_goes_on_where_it_was(leaving: Leaving) -> None:
    leaving.token()
    plan = leaving.started()
    stop_plan(plan, because="wrong Lee?", acting_user=leaving.admin)
    assert not Job.objects.filter(step__plan=plan, next_attempt_at__lte=Now(), state__in=DUE_STATES).exists()
    assert leaving.tokens_left() > 0
    resume_plan(plan, acting_user=leaving.admin)
    leaving.run(*CUT)
    plan.refresh_from_db()
    assert plan.cut_at is not None


def test_no_secret_is_anywhere(leaving: Leaving, desk: Desk, lee: User) -> None:
    _, made = desk.registered(lee)
    leaving.cut()
    for row in [*Evidence.objects.values(), *Step.objects.values(), *Job.objects.values()]:
        assert made.secret not in str(row)


def test_a_suspension_that_no_profile_shows_is_proven_by_the_directory(leaving: Leaving, settings: Settings) -> None:
    settings.OFFBOARDING_ACCOUNT = "suspend"
    leaving.desk.world.switches.suspension_shows_in_profile = False
    plan = leaving.cut()
    step = leaving.step(plan, StepKind.SWITCH_OFF)
    assert (step.verdict, step.verdict_words) == (Verdict.PROVEN, "Suspended, and its directory says so")
    [proof] = Evidence.objects.filter(step=step, proves=True)
    assert (proof.request.partition(" ")[0], proof.answer) == ("GET", "200, membershipStatus suspended")
    assert leaving.account.suspended


@pytest.mark.parametrize("status", [403, 404])
def test_a_suspension_that_nothing_shows_is_for_a_person_to_attest(
    status: int, leaving: Leaving, settings: Settings
) -> None:
    """Nobody outside could confirm that a profile or a directory tells of it: accepted is not proven."""
    settings.OFFBOARDING_ACCOUNT = "suspend"
    leaving.desk.world.switches.suspension_shows_in_profile = False
    leaving.desk.fault(kind="status", path="/admin/v2/*", method="GET", status=status)
    plan = leaving.cut()
    step = leaving.step(plan, StepKind.SWITCH_OFF)
    assert (step.verdict, step.job.state) == ("", JobState.NEEDS_HUMAN)
    attest_step(step, words="Suspended in the directory, 14:02", acting_user=leaving.admin)
    step.refresh_from_db()
    assert step.verdict == Verdict.ATTESTED
    leaving.run(*CUT)
    assert leaving.step(plan, StepKind.DELETE_LATE_TOKENS).verdict == Verdict.PROVEN
