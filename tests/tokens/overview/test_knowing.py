"""How fresh, what was not read, how long it takes: and nothing is clean that was not read."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests.tokens.overview.rows import DAY, NOW, acme, part
from tokens import overview_presentation as show
from tokens.inventory.alarms import alarms
from tokens.inventory.forecast import forecast, forecast_hours, forecast_requests
from tokens.inventory.freshness import freshness, was_everything_read
from tokens.inventory.gauges import gauges
from tokens.models import Capability, Circuit, PartKind, Project, Repository

pytestmark = pytest.mark.django_db

TIMES = {"first_seen_at": NOW, "observed_at": NOW}


def _places(number: int) -> list[Repository]:
    return [
        Repository.objects.create(
            workspace=acme(), uuid=f"{{repo-{at}}}", slug=f"web-{at}", full_name=f"acme/web-{at}", **TIMES
        )
        for at in range(number)
    ]


def test_nothing_is_clean_where_there_is_nothing_to_read() -> None:
    assert freshness(NOW) == ()
    assert not was_everything_read(freshness(NOW))


def test_a_part_that_was_never_read_is_unread_and_says_so() -> None:
    part(PartKind.MEMBERS, age=None)
    (found,) = freshness(NOW)
    assert (found.parts, found.never, found.unread, found.fresh) == (1, 1, 1, 0)
    assert found.reasons == (("Not read yet", 1),)
    assert not was_everything_read([found])
    assert show.freshness_rows([found])[0]["tone"] == "neutral"
    assert alarms([found], NOW) == [], "not yet read is no alarm"


def test_a_part_whose_newest_try_failed_is_unread_however_fresh_it_was() -> None:
    part(PartKind.MEMBERS, problem="403: no admin")
    (found,) = freshness(NOW)
    assert (found.unread, found.fresh, found.never) == (1, 0, 0)
    row = show.freshness_rows([found])[0]
    assert (row["tone"], row["word"]) == ("caution", "1 unread")
    (alarm,) = alarms([found], NOW)
    assert alarm.title == "1 part could not be read"
    assert alarm.items == ("1: 403: no admin",)


@pytest.mark.parametrize(("hours", "word"), [(25, "All fresh"), (27, "0 % fresh")])
def test_what_is_too_old_is_not_fresh(settings: Settings, hours: int, word: str) -> None:
    settings.INVENTORY_MAX_AGE_HOURS = 24
    part(PartKind.MEMBERS, age=timedelta(hours=hours))
    found = freshness(NOW)
    assert show.freshness_rows(found)[0]["word"] == word
    assert was_everything_read(found), "old is not unread"


def test_parts_are_told_by_kind_and_workspace_with_their_oldest_and_reasons(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    one, two, three, four = _places(4)
    project = Project.objects.create(workspace=acme(), uuid="{p}", key="WEB", **TIMES)
    part(PartKind.DEPLOY_KEYS, workspace=None, repository=one, age=3 * DAY, items=2)
    part(PartKind.DEPLOY_KEYS, workspace=None, repository=two, age=DAY, items=3)
    part(PartKind.DEPLOY_KEYS, workspace=None, repository=three, age=None, problem="404")
    part(PartKind.DEPLOY_KEYS, workspace=None, project=project, problem="404")
    part(PartKind.DEPLOY_KEYS, workspace=None, repository=four, age=None, retired_at=NOW)
    part(PartKind.ORGANISATION_TOKENS, workspace=None)
    with django_assert_num_queries(1):
        tokens, keys = freshness(NOW)
    assert (tokens.kind, tokens.workspace, tokens.is_whole) == (PartKind.ORGANISATION_TOKENS, "", True)
    assert (keys.workspace, keys.parts, keys.repositories, keys.projects, keys.items) == ("Acme", 4, 3, 1, 5)
    assert (keys.never, keys.unread, keys.fresh, keys.share) == (1, 2, 1, 25)
    assert keys.oldest == NOW - 3 * DAY
    assert keys.reasons == (("404", 2),)


def test_the_formula() -> None:
    assert forecast_requests(100, 5, 4) == 3 * 100 + 3 * 5 + 4
    assert forecast_hours(1600, 800) == 2
    assert forecast_hours(5, 0) == 5


def test_before_the_lists_were_read_nobody_knows_how_long_it_takes() -> None:
    for kind in (PartKind.MEMBERS, PartKind.PROJECTS):
        part(kind, items=7)
    part(PartKind.REPOSITORIES, age=None)
    found = forecast(freshness(NOW))
    assert (found.requests, found.hours) == (None, None)
    assert "lists of members, projects and repositories are read first" in show.forecast_words(found)


def test_the_forecast_follows_from_the_lists_and_leaves_revocation_its_reserve(settings: Settings) -> None:
    settings.BITBUCKET_REQUESTS_PER_HOUR = 1000
    part(PartKind.MEMBERS, items=250)
    part(PartKind.PROJECTS, items=60)
    part(PartKind.REPOSITORIES, items=5000)
    found = forecast(freshness(NOW))
    assert found.requests == 3 * 5000 + 3 * 60 + 3 + 1 + 50
    assert found.per_hour == 800
    assert show.forecast_words(found) == (
        "5,000 repositories and 60 projects take 15,234 requests: about 19 hours at 800 requests an hour."
    )


@pytest.mark.parametrize(
    ("hours", "words"), [(0.2, "less than an hour"), (1.2, "about an hour"), (18.6, "about 19 hours")]
)
def test_hours_in_words(hours: float, words: str) -> None:
    assert show.hours_words(hours) == words


def test_stopped_calls_and_bots_tokens_are_said(settings: Settings) -> None:
    settings.AUDIT_BOT_EMAIL = "bot@acme.test"
    stopped = {"principal": "bot@acme.test", "reason": "403.", "opened_at": NOW}
    Circuit.objects.create(operation="deploy_keys", **stopped)
    Circuit.objects.create(operation="members", closed_at=NOW, **stopped)
    facts = {
        "audit": (NOW + 5 * DAY).isoformat(),
        "revoke": (NOW + 50 * DAY).isoformat(),
        "words": {"audit": "Renew it.", "revoke": "Fine."},
    }
    row = Capability.objects.create(name=Capability.Name.BOT_TOKENS, facts=facts, observed_at=NOW)
    assert [(one.title, one.tone) for one in alarms((), NOW)] == [
        ("Reading has stopped: deploy keys, for the audit bot", "danger"),
        ("The audit bot's token ends on 30 November 2026", "caution"),
    ]
    row.facts |= {"refused": {"revoke": NOW.isoformat()}, "audit": (NOW - DAY).isoformat()}
    row.save()
    assert [(one.title, one.tone) for one in alarms((), NOW)][1:] == [
        ("The audit bot's token ended on 24 November 2026", "danger"),
        ("The revoke bot's token is refused", "danger"),
    ]


def test_machines_are_told_the_same() -> None:
    found = gauges(NOW)
    assert found.approved_ratio != found.approved_ratio, "not a number, rather than 0 of 0"
    assert found.oldest_part_seconds != found.oldest_part_seconds
    part(PartKind.MEMBERS, age=2 * DAY)
    part(PartKind.PROJECTS, age=None)
    part(PartKind.REPOSITORIES, problem="403")
    found = gauges(NOW)
    assert (found.oldest_part_seconds, found.unread_parts) == (2 * 86400, 2)
    assert gauges(timezone.now()).open_findings["idle"] == 0
