"""Runs: the list, one as it goes, how long it takes, and who may start and stop one."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from audit.models import Event
from tests.accounts.people import make_user
from tests.tokens.adviser.pages import page_of
from tests.tokens.desk import signed_in, tags
from tests.tokens.overview.rows import part
from tokens.inventory.progress import KindProgress, Progress, expected_end, progress, unread_parts_of
from tokens.models import PartKind, Sync
from workqueue.models import Job

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def _run(**fields: Any) -> Sync:
    return Sync.objects.create(**{"mode": "full", "started_at": timezone.now() - HOUR} | fields)


def _parts_of_every_sort(now: Any) -> None:
    part(PartKind.MEMBERS, tried_at=now, observed_at=now)
    part(PartKind.PROJECTS, tried_at=now, observed_at=now - 2 * HOUR, problem="403: no admin")
    part(PartKind.REPOSITORIES, tried_at=now, observed_at=None, problem="500")
    part(PartKind.USER_GRANTS, tried_at=now - 2 * HOUR, observed_at=now - 2 * HOUR)
    part(PartKind.GROUP_GRANTS, tried_at=now, observed_at=now, asked_at=now)
    part(PartKind.DEPLOY_KEYS, tried_at=None, observed_at=None, retired_at=now)


def test_each_part_is_read_or_waits_or_could_not_be_read() -> None:
    now, run = timezone.now(), _run()
    _parts_of_every_sort(now)
    found = progress(run, now)
    assert found.kinds == (
        KindProgress(PartKind.MEMBERS, 1, 1, 0, 0),
        KindProgress(PartKind.PROJECTS, 1, 0, 0, 1),
        KindProgress(PartKind.REPOSITORIES, 1, 0, 0, 1),
        KindProgress(PartKind.USER_GRANTS, 1, 0, 1, 0),
        KindProgress(PartKind.GROUP_GRANTS, 1, 0, 1, 0),
    )
    assert (found.parts, found.read, found.waiting, found.unread) == (5, 1, 2, 2)
    assert [row.problem for row in unread_parts_of(run)] == ["403: no admin", "500"]
    assert found.per_minute == pytest.approx(3 / 10)


def test_a_run_of_the_lists_is_about_lists_only() -> None:
    now, run = timezone.now(), _run(mode="lists")
    _parts_of_every_sort(now)
    assert {one.kind for one in progress(run, now).kinds} == {"members", "projects", "repositories"}


@pytest.mark.parametrize(
    ("waiting", "per_minute", "left", "hours"),
    [(600, 10, 1000, 1), (600, 100, 1000, 0.1), (2000, 100, 400, 2), (10, 0, 400, None), (0, 0, 0, 0)],
)
def test_the_end_is_as_far_as_speed_and_the_hourly_limit_say(
    settings: Any, waiting: int, per_minute: float, left: int, hours: float | None
) -> None:
    settings.BITBUCKET_REQUESTS_PER_HOUR = 1000
    now = timezone.now()
    found = Progress((KindProgress(PartKind.USER_GRANTS, waiting, 0, waiting, 0),), per_minute)
    end = expected_end(found, requests_left=left, now=now)
    assert end == (None if hours is None else now + hours * HOUR)


def test_a_running_run_is_a_page_that_renews_itself(
    otto: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    run = _run()
    _parts_of_every_sort(timezone.now())
    browser = signed_in(otto)
    with django_assert_max_num_queries(15):
        text = page_of(browser.get(f"/inventory/runs/{run.pk}/"))
    assert 'hx-trigger="every 3s, wake"' in text
    assert "3 of 5" in text
    assert "403: no admin" in text
    assert "Requests left this hour" in text
    assert "Stop this run" not in text, "an auditor changes nothing"
    part_alone = browser.get(f"/inventory/runs/{run.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert part_alone.lstrip().startswith('<div id="live"')


@pytest.mark.parametrize(
    ("result", "word"),
    [
        ({"complete": True, "requests": 61, "counts": {"members": 3}}, "Complete"),
        ({"complete": False, "unread": {"deploy_keys": 4}}, "Not everything was read"),
        ({}, "Not everything was read"),
        ({"complete": False, "stopped": True}, "Stopped"),
    ],
)
def test_an_ended_run_says_what_it_found_and_rests(otto: User, result: dict[str, Any], word: str) -> None:
    run = _run(finished_at=timezone.now(), result=result)
    text = page_of(signed_in(otto).get(f"/inventory/runs/{run.pk}/"))
    assert word in text
    assert "hx-trigger" not in text
    assert ("3 members" in text) == ("counts" in result)
    assert word in page_of(signed_in(otto).get("/inventory/runs/"))


def test_what_a_run_wrote_down_is_told_in_words(otto: User, settings: Any) -> None:
    settings.AUDIT_BOT_EMAIL, settings.ATLASSIAN_ORG_ID = "audit-bot@acme.test", "an-organisation"
    unread = [{"kind": "deploy_keys", "reason": "Bitbucket answered 403", "parts": 4}]
    requests = {"audit-bot@acme.test": 713, "an-organisation": 1}
    result = {"complete": False, "parts": {"read": 9, "unread": 4}, "unread": unread, "requests": requests}
    page = page_of(signed_in(otto).get(f"/inventory/runs/{_run(finished_at=timezone.now(), result=result).pk}/"))
    for words in ("deploy keys: Bitbucket answered 403 (4)", "audit bot 713, organisation 1", "9 read, 4 unread"):
        assert words in page, words
    assert "{" not in page.split('id="live"', 1)[1].split("</dl>", 1)[0]
    listed = page_of(signed_in(otto).get("/inventory/runs/"))
    assert '<td data-label="Not read" class="cell-number">4</td>' in listed


def test_nothing_unread_is_a_nought_and_not_an_empty_list(otto: User) -> None:
    result = {"complete": True, "parts": {"read": 9, "unread": 0}, "unread": [], "findings": None}
    page = page_of(signed_in(otto).get(f"/inventory/runs/{_run(finished_at=timezone.now(), result=result).pk}/"))
    assert "[]" not in page
    assert "could not be worked out" in page
    listed = page_of(signed_in(otto).get("/inventory/runs/"))
    assert '<td data-label="Not read" class="cell-number">0</td>' in listed


def test_the_list_is_turned_by_key(otto: User) -> None:
    ended = timezone.now()
    runs = [_run(finished_at=ended, started_at=ended - HOUR * (40 - number)) for number in range(30)]
    browser = signed_in(otto)
    first = page_of(browser.get("/inventory/runs/"))
    assert f"/inventory/runs/{runs[29].pk}/" in first
    assert f"/inventory/runs/{runs[4].pk}/" not in first
    assert f"?before={runs[5].pk}" in first
    second = page_of(browser.get(f"/inventory/runs/?before={runs[5].pk}"))
    assert f"/inventory/runs/{runs[4].pk}/" in second
    assert f"/inventory/runs/{runs[5].pk}/" not in second
    assert "?before=" not in second
    for nonsense in ("x", "-1", "9" * 40):
        assert browser.get(f"/inventory/runs/?before={nonsense}").status_code == 200


def test_an_admin_starts_one_and_a_second_click_finds_it(ada: User) -> None:
    browser = signed_in(ada)
    answer = browser.post("/inventory/runs/start/", {"mode": "full"})
    run = Sync.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/inventory/runs/{run.pk}/")
    assert (run.mode, run.asked_by, Job.objects.filter(kind="plan_reads").count()) == ("full", ada.person, 1)
    assert browser.post("/inventory/runs/start/", {"mode": "full"})["Location"] == f"/inventory/runs/{run.pk}/"
    assert tags().count("sync:started") == 1


@pytest.mark.parametrize("mode", ["", "half"])
def test_what_is_to_be_read_must_be_said(ada: User, mode: str) -> None:
    answer = signed_in(ada).post("/inventory/runs/start/", {"mode": mode})
    assert (answer.status_code, Sync.objects.count()) == (302, 0)


def test_an_admin_stops_one_and_a_second_click_does_nothing(ada: User) -> None:
    run = _run()
    for _ in range(2):
        answer = signed_in(ada).post(f"/inventory/runs/{run.pk}/stop/")
        assert (answer.status_code, answer["Location"]) == (302, f"/inventory/runs/{run.pk}/")
    run.refresh_from_db()
    assert run.finished_at is not None
    assert tags().count("sync:stopped") == 1


@pytest.mark.parametrize("name", ["otto", "emma"])
def test_others_neither_start_nor_stop_and_the_trail_says_they_tried(name: str) -> None:
    run, browser = _run(), signed_in(make_user(name, seat=name == "emma"))
    for address in ("/inventory/runs/start/", f"/inventory/runs/{run.pk}/stop/"):
        assert browser.post(address, {"mode": "lists"}).status_code == 403
        assert Event.objects.latest("seq").tag == "access:refused"
    run.refresh_from_db()
    assert (run.finished_at, Sync.objects.count()) == (None, 1)


def test_a_run_that_is_not_there_is_not_found(ada: User) -> None:
    assert signed_in(ada).get("/inventory/runs/999999/").status_code == 404
    assert signed_in(ada).post("/inventory/runs/999999/stop/").status_code == 404
