"""What pipelines hold: numbers only, missing scopes said, older numbers kept, asked for in bounds."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests.tokens.desk import run_due_jobs, tags
from tests.tokens.places.known import Shelf
from tokens.inventory.secrets import HIDDEN, LACKS
from tokens.models import Part, Repository
from tokens.operations.live_reads import ask_for_repository
from tokens.operations.secrets import FRESH_FOR, ask_for_secrets, write_secrets
from workqueue.models import Job


@pytest.fixture
def told(shelf: Shelf, ada: User) -> Any:
    """Count one repository's secrets now, as an admin asks for it."""

    def tell(slug: str = "web") -> Repository:
        Job.objects.filter(kind="read_secrets").delete()
        ask_for_repository(shelf.repository(slug), acting_user=ada)
        run_due_jobs("read_secrets")
        return shelf.repository(slug)

    return tell


def test_counts_variables_environments_and_runners_and_keeps_no_name(shelf: Shelf, told: Any) -> None:
    row = told("infrastructure")
    assert row.secrets["variables"] == {"secured": 1, "readable": 1}
    assert row.secrets["environments"] == [
        {"name": "Test", "secured": 1, "readable": 1},
        {"name": "Production", "secured": 1, "readable": 1},
    ]
    assert (row.secrets["runners"], row.secrets["secured"], row.secrets["unread"]) == (1, 3, {})
    assert row.secrets_observed_at is not None
    kept = json.dumps([row.secrets, *Job.objects.values_list("result", flat=True)])
    for secret in ("REGION", "eu-central-1", "REGISTRY_TOKEN", "DEPLOY_SECRET", "HOST", "acme.test"):
        assert secret not in kept


@pytest.mark.parametrize(
    ("scope", "unread"),
    [("read:pipeline", {"variables", "environments"}), ("read:runner", {"runners"})],
)
def test_a_missing_scope_is_said_and_never_none(shelf: Shelf, told: Any, scope: str, unread: set[str]) -> None:
    shelf.scopes("audit-bot", scope)
    row = told()
    assert {part for part, why in row.secrets["unread"].items() if why == f"{LACKS}{scope}:bitbucket"} == unread
    assert not unread & row.secrets.keys()
    assert (row.secrets_observed_at is None) is (scope == "read:pipeline")


def test_a_part_that_fails_keeps_its_older_numbers(shelf: Shelf, told: Any) -> None:
    before = told()
    shelf.desk.fault("status", "*/environments", status=404)
    row = told()
    assert row.secrets["environments"] == before.secrets["environments"]
    assert row.secrets["unread"] == {"environments": HIDDEN}
    assert row.secrets["at"]["environments"] == before.secrets["at"]["environments"]
    assert row.secrets["at"]["variables"] > before.secrets["at"]["variables"]
    assert row.secrets_observed_at == before.secrets_observed_at


def test_a_server_that_is_down_changes_nothing_and_is_asked_again(shelf: Shelf, told: Any) -> None:
    before = told()
    shelf.desk.fault("status", "*/environments/*", status=503)
    row = told()
    assert row.secrets == before.secrets
    assert Job.objects.get(kind="read_secrets").state == "waiting"


def test_reading_a_person_asks_for_what_they_may_write_and_is_old(shelf: Shelf, ada: User, lee: User) -> None:
    fresh = shelf.repository("web")
    write_secrets(fresh, {"variables": {"secured": 0, "readable": 0}, "environments": []}, {}, at=timezone.now())
    job = shelf.read(lee, ada)
    writable = {slug for slug, level in shelf.truth(lee).items() if level in ("write", "admin")}
    asked = {
        Repository.objects.get(pk=one.payload["repository"]).slug for one in Job.objects.filter(kind="read_secrets")
    }
    assert asked == writable - {"web"} != set()
    assert job.result["secrets_asked"] == len(asked)
    shelf.repository("web")
    write_secrets(fresh, {}, {}, at=timezone.now() - FRESH_FOR - timedelta(hours=1))
    Job.objects.filter(kind="read_secrets").delete()
    assert ask_for_secrets(lee.person) == len(writable)


def test_a_bot_without_the_scope_is_asked_for_one_only(shelf: Shelf, ada: User, lee: User, told: Any) -> None:
    shelf.scopes("audit-bot", "read:pipeline")
    told("docs")
    shelf.read(lee, ada)
    Job.objects.filter(kind="read_secrets").exclude(state="queued").delete()
    assert Job.objects.filter(kind="read_secrets").count() == 1


def test_it_stays_within_a_quarter_of_the_hour(shelf: Shelf, ada: User, lee: User, settings: Settings) -> None:
    settings.BITBUCKET_REQUESTS_PER_HOUR = 200
    shelf.read(lee, ada)
    assert not Job.objects.filter(kind="read_secrets").exists()


def test_read_again_asks_for_the_three_parts_and_the_pipelines_once(shelf: Shelf, ada: User) -> None:
    row = shelf.repository()
    assert ask_for_repository(row, acting_user=ada) == 4
    assert Part.objects.filter(repository=row, asked_at__isnull=False).count() == 3
    assert Job.objects.filter(kind="read_part").count() == 3
    assert tags()[-1] == "repository:read_asked"
    assert Job.objects.filter(kind="read_secrets").count() == 1
    run_due_jobs("read_part", "read_secrets")
    assert not Part.objects.filter(repository=row).exclude(problem="").exists()
    assert Part.objects.filter(repository=row, observed_at__isnull=False).count() == 3
