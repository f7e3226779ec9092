"""Reads that fail: nothing is early, nothing is clean, nothing is gone because of an error, and the others go on."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Notification, Person
from audit.models import Event
from bitbucket.cloud import CloudClient
from sandbox.server import RunningSandbox
from tests.tokens.desk import tags
from tests.tokens.inventory.runs import age_parts, full_run, inventory, part, start, time_passes, truth, work
from tokens.inventory.alarms import stopped_calls
from tokens.inventory.planning import top_up
from tokens.models import Circuit, Grant, Part, PartKind, Sync
from tokens.operations.circuits import close_abandoned_circuits
from tokens.operations.reads import write_read
from workqueue.models import Job

USERS = "*/repositories/*/permissions-config/users*"
ONE = "re:/repositories/[^/]+/[^/]+/permissions-config/groups"


def break_reads(world: RunningSandbox, kind: str, path: str = USERS, **more: Any) -> None:
    world.world.faults.add({"kind": kind, "path": path, **more})


def asked(world: RunningSandbox, words: str) -> int:
    rows = world.world.counters.report()["routes"]
    return sum(int(row["count"]) for row in rows if words in str(row["route"]))


def again(sync: Sync) -> Sync:
    sync.refresh_from_db()
    return sync


def unread(sync: Sync) -> dict[str, int]:
    return {row["kind"]: row["parts"] for row in again(sync).result["unread"]}


# --- F11 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "least", "most"),
    [
        ("3600", 3600, 5000),
        ("-5", 1, 4),
        (str(10**9), 3600, 5000),
    ],
)
def test_a_limit_parks_its_lane_and_no_other(world: RunningSandbox, wish: str | None, least: int, most: int) -> None:
    break_reads(world, "status", path="re:^/2.0/", status=429, retry_after=wish)
    sync = start()
    work()
    assert world.world.counters.report()["total"] == 2  # one of each lane: nobody else asked
    assert part(PartKind.ORGANISATION_TOKENS).observed_at is not None
    waiting = Job.objects.annotate(now=Now()).filter(kind="read_part", state="waiting")
    assert waiting.count() == 3
    assert all(least <= (job.next_attempt_at - job.now).total_seconds() <= most for job in waiting)
    assert Part.objects.exclude(problem="").get().problem == "Too many requests (HTTP 429)"
    assert again(sync).finished_at is None
    world.world.faults.clear()
    time_passes()
    work()
    assert again(sync).result["complete"] is True


def test_a_limit_given_as_a_date_is_waited_for(world: RunningSandbox) -> None:
    until = timezone.now() + timedelta(minutes=30)
    break_reads(world, "status", path="re:^/2.0/", status=429, retry_after=f"{until:%a, %d %b %Y %H:%M:%S} GMT")
    start()
    work()
    job = Job.objects.annotate(now=Now()).filter(kind="read_part", state="waiting").earliest("next_attempt_at")
    assert 1790 <= (job.next_attempt_at - job.now).total_seconds() <= 2400


# --- F12 ---------------------------------------------------------------------------------------------------------


def test_a_service_that_fails_is_tried_again_and_then_left_alone(world: RunningSandbox) -> None:
    for status in (500, 502, 503):
        break_reads(world, "status", path="*/members", status=status, count=1)
    sync = start()
    for _ in range(3):
        work()
        assert part(PartKind.MEMBERS).problem == f"The service is not available (HTTP {(500, 502, 503)[_]})"
        assert again(sync).finished_at is None
        time_passes()
    work()
    assert asked(world, "/members") == 4
    assert again(sync).result["complete"] is True
    assert (part(PartKind.MEMBERS).problem, part(PartKind.MEMBERS).failing_since) == ("", None)
    work()
    assert asked(world, "/members") == 4


def test_what_fails_for_an_hour_is_left_unread(world: RunningSandbox) -> None:
    full_run()
    break_reads(world, "status", path=ONE, status=500)
    sync = start()
    for _ in range(3):
        work()
        Part.objects.filter(failing_since__isnull=False).update(failing_since=Now() - timedelta(hours=2))
        time_passes()
    work()
    assert unread(sync) == {"group_grants": 2}
    assert part(PartKind.GROUP_GRANTS, "web").observed_at is not None
    assert inventory() == truth(world)


# --- F13 ---------------------------------------------------------------------------------------------------------


def test_a_refused_credential_stops_its_lane_until_a_probe_succeeds(world: RunningSandbox, admin: Person) -> None:
    full_run()
    world.world.counters.clear()
    break_reads(world, "status", path="re:^/2.0/", status=401)
    sync = start()
    work()
    assert world.world.counters.report()["total"] == 2
    assert part(PartKind.ORGANISATION_TOKENS).problem == ""
    assert again(sync).result["complete"] is False
    assert sum(unread(sync).values()) == Part.objects.count() - 1
    assert inventory() == truth(world)
    assert [row.subject for row in Notification.objects.filter(person=admin)] == ["Refused: audit-bot@acme.test"]
    assert tags().count("circuit:opened") == 1
    assert top_up() == 0  # too early for a probe
    Part.objects.filter(tried_at__isnull=False).update(tried_at=Now() - timedelta(minutes=16))
    assert top_up() == 1
    work()
    assert world.world.counters.report()["total"] == 3
    assert Circuit.objects.get().closed_at is None
    assert Notification.objects.filter(person=admin).count() == 1
    world.world.faults.clear()
    Part.objects.update(tried_at=Now() - timedelta(minutes=16))
    work()
    assert Circuit.objects.get().closed_at is not None
    assert tags().count("circuit:closed") == 1
    assert not Part.objects.exclude(problem="").exists()


def test_a_bot_that_was_replaced_leaves_no_closed_door_behind(world: RunningSandbox, settings: Settings) -> None:
    break_reads(world, "status", path="re:^/2.0/", status=401)
    full_run()
    assert stopped_calls()[0].title == "Reading has stopped: the audit bot is refused"
    assert close_abandoned_circuits() == 0
    settings.AUDIT_BOT_EMAIL = "another-bot@acme.test"
    assert close_abandoned_circuits() == 1
    assert (stopped_calls(), tags()[-1]) == ([], "circuit:closed")
    assert not Part.objects.exclude(problem="").exists()


def test_a_run_that_somebody_starts_probes_at_once(world: RunningSandbox) -> None:
    break_reads(world, "status", path="re:^/2.0/", status=401)
    full_run()
    world.world.faults.clear()
    sync = full_run()
    assert sync.result["complete"] is True
    assert inventory() == truth(world)


def test_workers_that_go_on_right_after_a_probe_leave_nothing_unread(
    world: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_reads(world, "status", path="re:^/2.0/", status=401)
    full_run()
    world.world.faults.clear()

    def others_go_on(*arguments: Any, **more: Any) -> None:
        write_read(*arguments, **more)
        work()

    monkeypatch.setattr("tokens.jobs.sync.write_read", others_go_on)
    sync = full_run()
    assert sync.result["complete"] is True
    assert inventory() == truth(world)


@pytest.mark.parametrize("why", ["scope", "method"])
def test_a_refused_operation_stops_its_kind_and_no_other(world: RunningSandbox, why: str) -> None:
    break_reads(world, "status", path="*deploy-keys", status=403, body=why_words(why))
    sync = start()
    work()
    assert asked(world, "deploy-keys") == 1
    assert unread(sync) == {"deploy_keys": 3}
    assert again(sync).result["parts"]["read"] == Part.objects.count() - 3
    assert Circuit.objects.get().operation == "deploy_keys"
    world.world.faults.clear()
    assert top_up() == 0
    Part.objects.filter(kind="deploy_keys").update(tried_at=Now() - timedelta(minutes=61))
    work()
    assert Circuit.objects.get().closed_at is not None
    assert inventory() == truth(world)


def why_words(why: str) -> str:
    return {
        "scope": "Your credentials lack one or more required privilege scopes.",
        "method": "This endpoint does not support this authentication method.",
    }[why]


def test_places_that_are_closed_are_unread_and_the_others_go_on(world: RunningSandbox) -> None:
    full_run()
    seen = part(PartKind.USER_GRANTS, "web").observed_at
    for place, status in zip(world.world.workspaces["acme"].repositories, (403, 404), strict=True):
        break_reads(world, "status", path=f"*/{place.uuid}/permissions-config/users*", status=status)
    sync = full_run()
    assert sync.result["parts"]["unread"] == 2
    assert sync.result["complete"] is False
    assert part(PartKind.USER_GRANTS, "web").observed_at == seen
    assert {row["reason"] for row in sync.result["unread"]} == {"Not allowed (HTTP 403)", "Not found (HTTP 404)"}
    assert not Circuit.objects.exists()
    assert inventory() == truth(world)


# --- F15, F16, F17 -----------------------------------------------------------------------------------------------


def each_place(world: RunningSandbox, what: str) -> list[str]:
    """A path pattern for the reads of each place."""
    acme = world.world.workspaces["acme"]
    return [f"*/{one}/{what}*" for one in (*(place.uuid for place in acme.repositories), acme.projects[0].key)]


def test_an_answer_that_is_none_is_never_clean(world: RunningSandbox) -> None:
    full_run()
    for path, kind in zip(each_place(world, "permissions-config/users"), ("malformed", "html", "empty"), strict=True):
        break_reads(world, kind, path=path)
    others = ("wrong_types", "no_values", "truncated")
    for path, kind in zip(each_place(world, "permissions-config/groups"), others, strict=True):
        break_reads(world, kind, path=path)
    sync = start()
    work()
    assert again(sync).finished_at is None
    assert Part.objects.exclude(problem="").count() == 6
    assert inventory() == truth(world)
    world.world.faults.clear()
    time_passes()
    work()
    assert again(sync).result["complete"] is True


def test_an_empty_page_with_a_next_one_goes_on(world: RunningSandbox) -> None:
    break_reads(world, "empty_page", path="re:(members|projects|repositories/[^/]+|users|groups|deploy-keys)$")
    sync = full_run()
    assert sync.result["complete"] is True
    assert inventory() == truth(world)


def test_pages_that_lead_elsewhere_or_in_a_circle_stop_the_read(world: RunningSandbox) -> None:
    full_run()
    host = world.url.removeprefix("http://")
    elsewhere = ("http://127.0.0.1:1/2.0/x", f"https://{host}/2.0/x", f"http://a@{host}/2.0/x")
    for path, url in zip(each_place(world, "permissions-config/users"), elsewhere, strict=True):
        break_reads(world, "foreign_next", path=path, url=url)
    break_reads(world, "repeat_next", path=ONE)
    world.world.counters.clear()
    sync = start()
    work()
    assert again(sync).finished_at is None
    problems = Part.objects.filter(kind="user_grants").values_list("problem", flat=True)
    assert len(problems) == 3
    assert all("outside the configured address" in problem for problem in problems)
    assert "in a circle" in part(PartKind.GROUP_GRANTS, "web").problem
    assert asked(world, "/users") == 3
    assert inventory() == truth(world)


# --- F18 ---------------------------------------------------------------------------------------------------------


def on_each_request(
    world: RunningSandbox, monkeypatch: pytest.MonkeyPatch, words: str, changes: dict[int, Any]
) -> list[int]:
    """Change the world right before the requests with these numbers, among those whose path holds the words."""
    real, seen = world.world.faults.take, [0]

    def take(method: str, path: str, account: str) -> Any:
        if words in path:
            seen[0] += 1
            changes.get(seen[0], lambda: None)()
        return real(method, path, account)

    monkeypatch.setattr(world.world.faults, "take", take)
    return seen


@pytest.fixture
def paged_grant(world: RunningSandbox) -> tuple[RunningSandbox, Any, str]:
    """Emma writes to the first repository, was seen to, and that list now comes in two pages."""
    emma = world.world.account("emma")
    assert emma
    acme, web = world.world.workspaces["acme"], world.world.workspaces["acme"].repositories[0]
    acme.grants.set("repository", "users", web.uuid, emma.account_id, "write")
    full_run()
    path = f"/repositories/{acme.uuid}/{web.uuid}/permissions-config/users"
    break_reads(world, "empty_page", path=f"*{path}*")

    def grant(permission: str) -> Any:
        return lambda: acme.grants.set("repository", "users", web.uuid, emma.account_id, permission)

    age_parts(48, kind=PartKind.USER_GRANTS, repository__uuid=web.uuid)
    return world, grant, path


def emmas(world: RunningSandbox) -> set[str]:
    emma = world.world.account("emma")
    assert emma
    living = Grant.objects.filter(gone_at=None, person__account_id=emma.account_id, repository__slug="web")
    return set(living.values_list("permission", flat=True))


def test_what_was_lost_while_paging_is_looked_for_again(paged_grant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world, grant, path = paged_grant
    seen = on_each_request(world, monkeypatch, path, {2: grant("none"), 3: grant("write")})
    work()
    assert (seen, emmas(world)) == ([4], {"write"})


def test_what_both_passes_lack_is_gone(paged_grant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world, grant, path = paged_grant
    seen = on_each_request(world, monkeypatch, path, {2: grant("none")})
    work()
    assert (seen, emmas(world)) == ([4], set())


def test_where_nothing_known_is_missing_one_pass_is_enough(paged_grant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world, _, path = paged_grant
    assert on_each_request(world, monkeypatch, path, {}) == [0]
    seen = on_each_request(world, monkeypatch, path, {})
    work()
    assert (seen, emmas(world)) == ([2], {"write"})


def test_one_page_that_lacks_something_is_not_read_twice(paged_grant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world, grant, path = paged_grant
    world.world.faults.clear()
    seen = on_each_request(world, monkeypatch, path, {1: grant("none")})
    work()
    assert (seen, emmas(world)) == ([1], set())


# --- F27 ---------------------------------------------------------------------------------------------------------


def test_a_bot_that_lost_its_right_ends_nothing(world: RunningSandbox) -> None:
    full_run()
    break_reads(world, "lost_admin", path="re:^/2.0/")
    sync = full_run()
    assert sync.result["complete"] is False
    assert sync.result["parts"] == {"read": 1, "unread": Part.objects.count() - 1}
    assert inventory() == truth(world)
    finished = Event.objects.filter(tag="sync:finished").latest("seq")
    assert finished.details["complete"] is False


def test_a_bot_that_administers_no_more_ends_nothing(world: RunningSandbox) -> None:
    full_run()
    before, acme = inventory(), world.world.workspaces["acme"]
    bot = world.world.account("audit-bot")
    assert bot
    acme.seats[bot.account_id] = "member"  # the lists still answer, with less in them
    for group in acme.groups.values():
        group.members.discard(bot.account_id)
    acme.touch()
    assert not acme.rights_of(bot.account_id)
    sync = full_run()
    assert (sync.result["complete"], inventory()) == (False, before)
    assert "does not administer" in part(PartKind.REPOSITORIES).problem
    acme.seats[bot.account_id] = "owner"
    acme.drop_repository(acme.repositories[0])
    assert full_run().result["complete"] is True
    assert inventory() == truth(world)


def test_a_list_of_members_that_names_nobody_takes_no_seat(
    world: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_run()
    monkeypatch.setattr(CloudClient, "members", lambda self, workspace: iter(()))
    full_run()
    assert "names nobody" in part(PartKind.MEMBERS).problem
    assert inventory() == truth(world)


def test_a_probe_that_meets_a_closed_place_shows_that_the_call_is_accepted(world: RunningSandbox) -> None:
    full_run()
    break_reads(world, "status", path="*deploy-keys", status=403, body=why_words("scope"))
    full_run()
    world.world.faults.clear()
    break_reads(world, "status", path="*deploy-keys", status=403)
    Part.objects.filter(kind="deploy_keys").update(tried_at=Now() - timedelta(minutes=61))
    work()
    assert Circuit.objects.get().closed_at is not None
