"""The whole path by reading only."""

import json

import pytest
from pytest_django import Settings

from offboarding.models import Plan
from tests.offboarding.leaving import Leaving

REHEARSE = "offboard_rehearse"
pytestmark = pytest.mark.usefixtures("inventory")


def rehearsed(leaving: Leaving) -> Plan:
    """A draft that was rehearsed."""
    plan = leaving.plan()
    leaving.run(REHEARSE)
    plan.refresh_from_db()
    assert plan.rehearsal, "it was not rehearsed"
    return plan


def methods(leaving: Leaving) -> set[str]:
    return {row["method"] for row in leaving.desk.world.counters.report()["routes"]}


def test_it_sends_nothing_but_reads_and_names_every_call(leaving: Leaving) -> None:
    token = leaving.token("laptop of Lee")
    plan = rehearsed(leaving)
    told = plan.rehearsal
    calls = [call for one in told["lines"] for call in one["calls"]]
    account = leaving.account.account_id
    assert f"DELETE /users/{account}/manage/api-tokens/{token}" in calls
    assert any(call.startswith("POST ") for call in calls)
    assert len([call for call in calls if "/permissions-config/users/" in call]) == len(leaving.grants_left())
    assert methods(leaving) == {"GET"}
    assert leaving.tokens_left() >= 1
    assert leaving.account.is_on
    assert told["requests"] == sum(
        row["count"] for row in leaving.desk.world.counters.report()["routes"] if "_sandbox" not in row["route"]
    )


def test_labels_and_ids_but_no_secret(leaving: Leaving) -> None:
    leaving.token("ATATT3xFfGF0" + "y" * 60)
    assert "y" * 30 not in json.dumps(rehearsed(leaving).rehearsal)


def test_the_identity_provider_comes_first(leaving: Leaving) -> None:
    leaving.account.directory = "idp"
    told = rehearsed(leaving).rehearsal
    assert told["idp"]
    assert told["lines"][0]["title"] == "Deactivate at the identity provider"
    assert not any(call.startswith("POST ") for one in told["lines"] for call in one["calls"])


def test_no_key_and_no_bot_are_problems(leaving: Leaving, settings: Settings) -> None:
    settings.ATLASSIAN_REVOKE_KEY = settings.REVOKE_BOT_EMAIL = settings.REVOKE_BOT_TOKEN = ""
    problems = rehearsed(leaving).rehearsal["problems"]
    assert any("no key that may delete tokens" in one for one in problems)
    assert any("no revoke bot" in one for one in problems)


def test_a_scope_that_the_real_run_needs_is_missed_without_trying(leaving: Leaving) -> None:
    leaving.without_scope("revoke-bot", "delete:permission:bitbucket")
    problems = rehearsed(leaving).rehearsal["problems"]
    assert any("delete:permission:bitbucket" in one for one in problems)
    assert methods(leaving) == {"GET"}


def test_a_bot_that_is_no_administrator_is_a_problem(leaving: Leaving) -> None:
    leaving.demote("revoke-bot")
    problems = rehearsed(leaving).rehearsal["problems"]
    assert any("is only member" in one for one in problems)


def test_a_second_list_that_does_not_answer_is_a_problem(leaving: Leaving) -> None:
    leaving.desk.fault("status", "/admin/api-access/*", status=403)
    assert any("confirms that no token is left" in one for one in rehearsed(leaving).rehearsal["problems"])


def test_trouble_on_the_way_is_tried_again(leaving: Leaving) -> None:
    leaving.desk.fault("status", "*/manage/api-tokens", status=503, count=1)
    problems = rehearsed(leaving).rehearsal["problems"]
    assert [one for one in problems if "delete deploy keys" not in one] == []


def test_keys_to_decide_about_and_the_seat(leaving: Leaving) -> None:
    titles = [one["title"] for one in rehearsed(leaving).rehearsal["lines"]]
    assert "Decide about 3 deploy keys" in titles
    assert any(one.startswith("Take the seat in ") for one in titles)
