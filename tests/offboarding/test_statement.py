"""The statement of a real plan, as text for a ticket, and as a page can ask for it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from offboarding.coverage import Covered, coverage_of
from offboarding.models import Plan
from offboarding.operations.attesting import confirm_step, force_close
from offboarding.operations.planning import Wanted, cancel_plan
from offboarding.operations.starting import start_plan
from offboarding.statement import WIDTH, statement_text
from offboarding.states import StepKind
from tests.offboarding.leaving import CLEAN_UP, CUT, Leaving
from tests.offboarding.many import add_removed_grants


@pytest.fixture(autouse=True)
def addresses(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.offboarding.addresses"


def covered(plan: Plan) -> dict[str, Covered]:
    return {one.kind: one.covered for one in coverage_of(plan).lines}


def test_a_plan_from_the_draft_to_the_clean_up(leaving: Leaving) -> None:
    now = timezone.now()
    wanted = Wanted(leaves_at=now + timedelta(hours=3), reported_at=now - timedelta(hours=4), reference="HR-7")
    plan = leaving.plan(wanted)
    assert Covered.PROVEN not in covered(plan).values()
    start_plan(plan, acting_user=leaving.admin)
    leaving.token("first")
    tokens = leaving.tokens_left()
    leaving.run(*CUT)
    found = covered(plan)
    assert (found["api_tokens"], found["account"], found["ssh_keys"]) == (
        Covered.PROVEN,
        Covered.PROVEN,
        Covered.DISABLED,
    )
    assert (found["repository_grants"], found["seat"]) == (Covered.OPEN, Covered.OPEN)
    leaving.run(*CLEAN_UP)
    plan.refresh_from_db()
    coverage = coverage_of(plan)
    found = {one.kind: one.covered for one in coverage.lines}
    assert (found["repository_grants"], found["project_grants"]) == (Covered.PROVEN, Covered.PROVEN)
    # Groups still open repositories for whoever has the seat.
    assert (found["groups"], coverage.is_final) == (Covered.OPEN, False)
    assert coverage.minutes[0].last_token_gone is not None
    assert coverage.minutes[0].last_token_gone < 0
    assert coverage.minutes[1].last_grant_gone in (240, 241)
    assert coverage.requests > tokens

    text = statement_text(plan)
    lines = text.splitlines()
    assert max(len(line) for line in lines) <= WIDTH
    assert len(lines) <= 60
    assert lines[0] == f"Offboarding of {plan.person} ({plan.person.account_id}), plan {plan.pk}, HR-7"
    assert f"[proven]     API tokens: {tokens} deleted" in text
    assert plan.started_at is not None
    assert f"[OPEN]       Seat in Acme (owner: Ada, until {plan.started_at + timedelta(days=3):%Y-%m-%d})" in text
    assert lines[-1] == f"http://testserver/offboardings/{plan.pk}/"
    assert "179 before" in text


def test_what_is_forced_is_shown_for_ever(leaving: Leaving, second_admin: User) -> None:
    plan = leaving.cut()
    seat = leaving.step(plan, StepKind.MEMBERSHIP)
    asked = force_close(seat, because="The workspace is being deleted", acting_user=leaving.admin)
    assert covered(plan)["seat"] == Covered.OPEN
    confirm_step(asked, acting_user=second_admin)
    plan.refresh_from_db()
    text = statement_text(plan)
    assert "[FORCED]     Seat in Acme: Closed by force by Ada and Emma: The workspace is being deleted" in text


def test_what_was_called_off_says_so(leaving: Leaving) -> None:
    plan = leaving.cut()
    plan = cancel_plan(plan, because="They stay after all", acting_user=leaving.admin)
    coverage = coverage_of(plan)
    found = {one.kind: one for one in coverage.lines}
    assert coverage.is_final
    assert found["account"].covered == Covered.PROVEN
    for kind in ("portal_access", "repository_grants", "groups", "seat", "pipeline_secrets"):
        assert found[kind].covered == Covered.OPEN, kind
        assert "Called off: They stay after all" in found[kind].words, kind
    assert "Called off " in statement_text(plan)


def test_it_takes_as_many_queries_for_five_hundred_steps(leaving: Leaving) -> None:
    plan = leaving.cut()
    with CaptureQueriesContext(connection) as few:
        coverage_of(plan)
    add_removed_grants(plan, 500)
    with CaptureQueriesContext(connection) as many:
        found = coverage_of(plan)
    assert len(many) == len(few) <= 9
    line = next(one for one in found.lines if one.kind == "repository_grants")
    assert "500 removed" in line.words
