"""What is read without a run: the oldest first, within the hour's requests, and every night the lists."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone
from pytest_django import Settings

from bitbucket.errors import BudgetSpent
from sandbox.server import RunningSandbox
from tests.tokens.inventory.runs import age_parts, full_run, part, start, time_passes, truth, work
from tests.tokens.inventory.runs import inventory as rows
from tokens.clients import REVOCATION_RESERVE, WORKSPACE_TOKEN
from tokens.inventory.planning import plan_inventory, requests_left, top_up
from tokens.jobs.failing import settle_failure
from tokens.models import LIST_KINDS, ROLLING_KINDS, Capability, Part, PartKind, Sync
from workqueue import budgets
from workqueue.claims import claim_job
from workqueue.models import Job, Spending

HOST = "127.0.0.1"


def leave(settings: Settings, requests: int) -> None:
    """Let the audit bot's hour have that many requests left for reading."""
    Spending.objects.all().delete()
    settings.BITBUCKET_REQUESTS_PER_HOUR = REVOCATION_RESERVE + requests


def asked() -> set[int]:
    return set(Part.objects.filter(asked_at__isnull=False).values_list("pk", flat=True))


def test_the_lists_are_read_at_the_start_and_no_place_before_somebody_starts_a_full_run(world: RunningSandbox) -> None:
    plan_inventory(timezone.now())
    assert Sync.objects.get().mode == Sync.Mode.LISTS
    work()
    assert not Part.objects.filter(kind__in=LIST_KINDS, observed_at=None).exists()
    assert not Part.objects.filter(kind__in=ROLLING_KINDS).exclude(tried_at=None).exists()
    plan_inventory(timezone.now())
    assert (top_up(), asked()) == (0, set())
    assert Sync.objects.count() == 1


def test_nothing_is_read_where_nothing_is_connected(world: RunningSandbox, settings: Settings) -> None:
    settings.AUDIT_BOT_TOKEN = settings.ATLASSIAN_AUDIT_KEY = ""
    plan_inventory(timezone.now())
    assert not Job.objects.filter(kind="read_part").exists()
    assert not Sync.objects.exists()


def test_the_oldest_are_read_first_and_never_more_than_the_hour_allows(
    world: RunningSandbox, settings: Settings
) -> None:
    full_run()
    rolling = list(Part.objects.filter(kind__in=ROLLING_KINDS).order_by("pk"))
    for place, one in enumerate(rolling):
        age_parts(100 - place, pk=one.pk)
    leave(settings, 4)
    assert requests_left() == 4
    assert top_up() == 4
    assert asked() == {one.pk for one in rolling[:4]}
    assert top_up() == 0  # what waits is counted
    world.world.counters.clear()
    work()
    assert world.world.counters.report()["total"] == 4
    assert budgets.spent(HOST, settings.AUDIT_BOT_EMAIL) == 4
    leave(settings, 3)
    assert top_up() == 3
    assert asked() == {one.pk for one in rolling[4:7]}


def test_what_is_young_is_left_alone_and_what_is_old_is_read_although_nobody_pushed(world: RunningSandbox) -> None:
    full_run()
    assert top_up() == 0
    age_parts(25, kind=PartKind.DEPLOY_KEYS)  # the repositories' own dates stay where they were
    assert top_up() == Part.objects.filter(kind=PartKind.DEPLOY_KEYS).count()


def test_a_spent_hour_parks_what_waits_and_is_no_trouble_of_the_parts(
    world: RunningSandbox, settings: Settings
) -> None:
    sync = start()
    top_up()
    leave(settings, 0)
    world.world.counters.clear()
    work()
    waiting = Job.objects.filter(kind="read_part", state="waiting").exclude(key__startswith="organisation")
    assert set(waiting.values_list("attempt", flat=True)) == {0, 1}
    assert waiting.filter(attempt=1).count() == 1  # one found out, the others were put off with it
    assert world.world.counters.report()["total"] == 1
    assert not Part.objects.exclude(problem="").exists()
    leave(settings, 500)
    time_passes()
    work()
    sync.refresh_from_db()
    assert sync.result["complete"] is True


@pytest.mark.parametrize(("had", "minutes"), [(0, 1), (1, 1), (5, 5), (500, 61)])
def test_a_list_that_breaks_off_in_the_middle_waits_until_it_gets_further(
    world: RunningSandbox, had: int, minutes: int
) -> None:
    start(Sync.Mode.LISTS)
    top_up()
    one = part(PartKind.REPOSITORIES)
    claim = claim_job(Job.objects.get(kind="read_part", payload__part=one.pk).pk)
    assert claim is not None
    settle_failure(claim, one, BudgetSpent("cloud.repositories", None), began=timezone.now(), requests=had)
    lane = Job.objects.annotate(now=Now()).filter(key__startswith="bot:", state="waiting")
    assert lane.count() == 3  # members, projects and repositories
    for job in lane:
        assert timedelta(0) <= timedelta(minutes=minutes) - (job.next_attempt_at - job.now) < timedelta(seconds=20)


def test_a_full_run_goes_on_in_slices_of_what_is_free(world: RunningSandbox, settings: Settings) -> None:
    leave(settings, 6)
    sync = start()
    work()
    assert Job.objects.filter(kind="read_part").count() <= 7
    assert Sync.objects.filter(finished_at=None).exists()
    while Sync.objects.filter(finished_at=None).exists():
        leave(settings, 6)
        time_passes()
        assert work()
    sync.refresh_from_db()
    assert sync.result["complete"] is True
    assert rows() == truth(world)


def test_what_failed_is_tried_again_after_an_hour(world: RunningSandbox) -> None:
    full_run()
    name = Part.objects.get(pk=part(PartKind.USER_GRANTS, "web").pk)
    Part.objects.filter(pk=name.pk).update(problem="Not found (HTTP 404)", failing_since=Now(), tried_at=Now())
    assert top_up() == 0
    Part.objects.filter(pk=name.pk).update(tried_at=Now() - timedelta(minutes=61))
    assert top_up() == 1
    Part.objects.filter(pk=name.pk).update(asked_at=None, failing_since=Now() - timedelta(hours=7))
    assert top_up() == 0


def test_the_lists_are_read_every_night_and_beat_may_be_late(world: RunningSandbox) -> None:
    full_run()
    Sync.objects.update(started_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    for at, runs in (
        (datetime(2026, 3, 2, 2, 59, tzinfo=UTC), 1),
        (datetime(2026, 3, 2, 7, 30, tzinfo=UTC), 2),
        (datetime(2026, 3, 2, 7, 31, tzinfo=UTC), 2),
    ):
        plan_inventory(at)
        Sync.objects.filter(finished_at=None).update(started_at=at, finished_at=at)
        assert Sync.objects.count() == runs


def test_a_workspace_token_takes_what_it_may_and_the_bot_the_rest(world: RunningSandbox, settings: Settings) -> None:
    acme = world.world.workspaces["acme"]
    _, secret = world.world.create_access_token(
        kind="workspace_access_token",
        name="audit",
        scopes=("repository", "repository:admin", "project", "project:admin"),
        workspace=acme,
        repository="",
        expires_at=world.world.now() + timedelta(days=1),
    )
    settings.AUDIT_WORKSPACE_TOKEN = secret
    seen = Capability.objects.create(
        name=Capability.Name.WORKSPACE_TOKEN_READS,
        level=Capability.Level.AUTOMATIC,
        facts={"kinds": ["deploy_keys", "user_grants"], "limit": 5000},
        observed_at=timezone.now(),
    )
    world.world.faults.add({"kind": "status", "status": 403, "path": "*/permissions-config/users*", "count": 1,
                            "body": "Your credentials lack one or more required privilege scopes."})  # fmt: skip
    sync = full_run()
    assert sync.result["complete"] is True
    assert rows() == truth(world)
    assert budgets.spent(HOST, WORKSPACE_TOKEN) == 3 + 1
    seen.refresh_from_db()
    assert seen.facts["kinds"] == ["deploy_keys"]
