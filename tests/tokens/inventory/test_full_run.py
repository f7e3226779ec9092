"""A run from its start to its end."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pytest_django import Settings

from accounts.actors import SYSTEM
from accounts.models import Person, User, Workspace
from sandbox.model import Project
from sandbox.server import RunningSandbox
from tests.tokens.desk import tags
from tests.tokens.inventory.runs import full_run, inventory, part, start, time_passes, truth, work
from tokens import models
from tokens.inventory.parts import open_parts, unread_parts
from tokens.inventory.planning import top_up
from tokens.models import Grant, Part, PartKind, Repository, Sync
from tokens.operations.syncs import start_sync, stop_sync
from workqueue.draining import claim_next
from workqueue.kinds import kind_named
from workqueue.models import Job
from workqueue.runner import ERROR_LIMIT, attempt, run


def test_the_inventory_is_what_the_sandbox_holds(world: RunningSandbox) -> None:
    sync = full_run()
    assert sync.result["complete"] is True
    assert inventory() == truth(world)
    assert not unread_parts().exists()
    assert sync.result["parts"] == {"read": Part.objects.count(), "unread": 0}
    assert Workspace.objects.get().slug == "acme"
    assert tags()[0] == "sync:started"
    assert tags()[-1] == "sync:finished"


def test_it_takes_no_more_requests_than_the_formula_says(world: RunningSandbox) -> None:
    sync = full_run()
    read = {str(row["route"]): row["count"] for row in world.world.counters.report()["routes"]}
    lists = sum(count for route, count in read.items() if "permissions-config" not in route and "deploy" not in route)
    assert lists == 5  # members, projects, repositories, tokens, and once the workspace's name
    assert sum(read.values()) - lists == 3 * 2 + 3 * 1
    assert sum(sync.result["requests"].values()) == sum(read.values())
    assert sum(Part.objects.values_list("requests", flat=True)) == sum(read.values())


def test_a_second_run_follows_what_changed(world: RunningSandbox) -> None:
    full_run()
    acme = world.world.workspaces["acme"]
    web, api = acme.repositories
    emma, lee = (world.world.account(key) for key in ("emma", "lee"))
    assert emma
    assert lee
    new = Project("NEW", "New", "{00000000-0000-0000-0000-00000000abcd}")
    acme.put_project(new)
    acme.put_repository(web.moved("NEW"))
    acme.drop_repository(api)
    acme.grants.set("repository", "users", web.uuid, emma.account_id, "admin")
    acme.seats.pop(lee.account_id)
    world.world.delete_api_token(world.world.tokens_of(lee.account_id)[0].id)
    sync = full_run()
    assert sync.result["unread"] == []
    assert inventory() == truth(world)
    assert sync.result["seats"] == {"given": 0, "taken": 1}
    assert not Person.objects.get(account_id=lee.account_id).current_roles()
    assert Part.objects.filter(repository__uuid=api.uuid, retired_at=None).count() == 0
    assert Grant.objects.filter(repository__uuid=api.uuid, gone_at=None).count() == 0


def test_a_repository_that_is_back_is_read_again_and_nothing_else_is_written_anew(world: RunningSandbox) -> None:
    full_run()
    acme = world.world.workspaces["acme"]
    api = acme.repositories[-1]
    acme.drop_repository(api)
    before = set(Grant.objects.exclude(repository__uuid=api.uuid).values_list("pk", "permission", "first_seen_at"))
    oldest = Grant.objects.earliest("observed_at").observed_at
    full_run()
    others = Grant.objects.exclude(repository__uuid=api.uuid)
    assert set(others.values_list("pk", "permission", "first_seen_at")) == before
    assert others.earliest("observed_at").observed_at > oldest
    assert Repository.objects.get(uuid=api.uuid).gone_at is not None
    acme.put_repository(api)
    full_run()
    assert Repository.objects.get(uuid=api.uuid).gone_at is None
    assert inventory() == truth(world)


def test_lists_are_four_reads(world: RunningSandbox) -> None:
    full_run()
    world.world.counters.clear()
    sync = start(Sync.Mode.LISTS)
    work()
    sync.refresh_from_db()
    assert sync.result["parts"] == {"read": 4, "unread": 0}
    assert world.world.counters.report()["total"] == 4


def test_one_run_of_a_mode_at_a_time(world: RunningSandbox) -> None:
    first = start()
    assert start() == first
    assert start(Sync.Mode.LISTS) != first
    assert tags().count("sync:started") == 2


def test_only_who_may_starts_and_stops(world: RunningSandbox) -> None:
    person = Person.objects.create(account_id="nobody-special")
    user = User.objects.create(username="nobody-special", person=person)
    with pytest.raises(PermissionDenied):
        start_sync(Sync.Mode.FULL, acting_user=user)
    sync = start()
    with pytest.raises(PermissionDenied):
        stop_sync(sync, acting_user=user)


def test_a_stopped_run_keeps_what_was_read_and_asks_no_more_for_it(world: RunningSandbox) -> None:
    sync = start()
    work(8)
    read = Part.objects.filter(observed_at__isnull=False).count()
    sent = world.world.counters.report()["total"]
    stop_sync(sync, acting_user=SYSTEM)
    drop = kind_named("read_part")
    while (claim := claim_next(drop)) is not None:
        attempt(claim, drop)
    assert Job.objects.filter(kind="read_part", state="skipped").exists()
    assert world.world.counters.report()["total"] == sent
    assert Part.objects.filter(observed_at__isnull=False).count() == read
    sync.refresh_from_db()
    assert (sync.finished_at is None, sync.result["complete"]) == (False, False)
    assert tags()[-1] == "sync:stopped"


def test_without_any_credential_everything_is_unread(world: RunningSandbox, settings: Settings) -> None:
    settings.AUDIT_BOT_TOKEN = settings.ATLASSIAN_AUDIT_KEY = ""
    sync = full_run()
    assert sync.result["complete"] is False
    assert sync.result["parts"] == {"read": 0, "unread": 4}
    assert {row["kind"] for row in sync.result["unread"]} == {
        "members",
        "projects",
        "repositories",
        "organisation_tokens",
    }
    assert not open_parts(sync).exists()
    assert part(PartKind.MEMBERS).observed_at is None


def test_a_run_does_not_end_while_a_place_just_found_is_unread(world: RunningSandbox) -> None:
    full_run()
    sync = start()
    while open_parts(sync).exists():
        work(1)
    top_up()
    acme, now = Workspace.objects.get(), timezone.now()
    # A list was written down by another worker right after the planner had looked.
    models.Project.objects.create(workspace=acme, uuid="{new}", key="NEW", first_seen_at=now, observed_at=now)
    finish = Job.objects.filter(kind="finish_sync").latest("pk")
    run(finish.pk)
    sync.refresh_from_db()
    finish.refresh_from_db()
    assert (sync.finished_at, finish.state) == (None, "waiting")
    work()
    time_passes()
    work()
    sync.refresh_from_db()
    assert sync.result["complete"] is False
    assert {row["reason"] for row in sync.result["unread"]} == {"Not found (HTTP 404)"}


def test_a_run_whose_end_cannot_be_written_down_ends_and_says_so(
    world: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(sync: Sync) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tokens.jobs.sync.result_of", fails)
    sync = start()
    for _ in range(ERROR_LIMIT):
        work()
        time_passes()
    sync.refresh_from_db()
    assert sync.finished_at is not None
    assert sync.result == {"complete": False, "problem": "Unexpected ZeroDivisionError; the log has more."}
    assert tags()[-1] == "sync:finished"
