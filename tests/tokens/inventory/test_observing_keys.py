"""The complete list of one place's deploy keys becomes rows."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Person
from bitbucket import resources
from bitbucket.resources import AccountReference, DeployKey
from tests.accounts.people import make_user
from tests.tokens.desk import signed_in, tags
from tests.tokens.inventory.approved import approved_request
from tests.tokens.inventory.entries import open_kinds, workspace
from tests.tokens.shelf import fill_shelf
from tokens.models import Credential, Project, Repository, Request
from tokens.operations.observing import Observed, observe_deploy_keys
from tokens.operations.places import write_projects, write_repositories
from tokens.presentation import credential_row

pytestmark = pytest.mark.django_db
_numbers = count(1)


@pytest.fixture
def place(settings: Settings) -> Repository:
    """A repository of the workspace."""
    settings.BITBUCKET_WORKSPACES = ["{acme}"]
    now = timezone.now()
    return Repository.objects.create(
        workspace=workspace(), uuid="{web}", slug="web", full_name="acme/web", first_seen_at=now, observed_at=now
    )


@pytest.fixture
def request_row(place: Repository) -> Request:
    """An approved request for a deploy key of that repository."""
    fill_shelf()
    emma = Person.objects.create(account_id="acc-emma", display_name="Emma")
    return approved_request(emma, kind="deploy_key", boundary="acme/Web", state="approved", deputy=emma)


def key(label: str = "build server", **more: Any) -> DeployKey:
    """A key that Lee added just now."""
    owner = AccountReference("acc-lee", "{lee}", "Lee")
    made = DeployKey(str(next(_numbers)), label, "", "SHA256:x", timezone.now(), None, owner)
    return replace(made, **more)


def read(place: Repository | Project, *keys: DeployKey, hours: float = 0) -> Observed:
    """Its keys are read."""
    return observe_deploy_keys(place, keys, read_by="deploy keys", at=timezone.now() + timedelta(hours=hours))


def test_found_refreshed_and_gone(place: Repository) -> None:
    one, nameless = key(), key("", added_by=AccountReference())
    assert read(place, one, nameless) == Observed(found=2)
    row = Credential.objects.get(listing_id=f"deploy_key:{place.uuid}:{one.id}")
    assert (row.kind, row.name, row.scopes) == ("deploy_key", "build server", ["read:repository:bitbucket"])
    assert (row.standing, row.state, row.repository, row.workspace) == ("undeclared", "active", place, workspace())
    assert (str(row.holder), row.created_at, row.expires_at) == ("Lee", one.added_at, None)
    other = Credential.objects.get(holder=None)
    assert (other.name, other.holder_proof) == (f"deploy key {nameless.id}", "declared")
    used = timezone.now()
    assert read(place, replace(one, last_used_at=used), hours=1) == Observed(refreshed=1, ended=1)
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.last_used_at, row.state, other.state) == (used, "active", "gone")
    assert read(place, one, nameless, hours=2) == Observed(refreshed=2, returned=1)
    assert (tags().count("credential:found"), tags().count("credential:returned")) == (1, 1)


def test_another_place_is_left_alone(place: Repository) -> None:
    now = timezone.now()
    project = Project.objects.create(
        workspace=place.workspace, uuid="{p}", key="P", name="P", first_seen_at=now, observed_at=now
    )
    read(place, key())
    assert read(project, key(), hours=1) == Observed(found=1)
    assert Credential.objects.filter(state="active").count() == 2
    assert Credential.objects.get(project=project).repository is None


def test_the_one_key_with_the_code_is_what_was_approved(place: Repository, request_row: Request) -> None:
    one = key(f"{request_row.code} build")
    assert read(place, one, key()) == Observed(found=1, bound=1)
    row = Credential.objects.get(request=request_row)
    assert (row.standing, row.source, row.binding, row.holder_proof) == ("approved", "listing", "bound", "declared")
    assert (row.holder, row.verification_outcome) == (request_row.person, "exact")
    request_row.refresh_from_db()
    assert request_row.state == "issued"
    assert read(place, one, key(f"{request_row.code} again"), hours=1).found == 2 - 1
    read(place, hours=2)
    row.refresh_from_db()
    assert (row.state, open_kinds(row)) == ("gone", {"gone"})


@pytest.mark.parametrize("case", ["two", "elsewhere", "older", "over"])
def test_what_is_not_surely_it_is_a_stranger(place: Repository, request_row: Request, case: str) -> None:
    label = f"{request_row.code} build"
    keys = [key(label), key(label)] if case == "two" else [key(label)]
    if case == "elsewhere":
        Request.objects.update(boundary="acme/api")
    if case == "older":
        keys = [key(label, added_at=timezone.now() - timedelta(days=9))]
    if case == "over":
        Request.objects.update(approved_until=timezone.now().date() - timedelta(days=1))
    assert read(place, *keys) == Observed(found=len(keys))
    assert set(Credential.objects.values_list("standing", flat=True)) == {"undeclared"}


def test_how_its_holder_is_known_names_the_list_of_keys(place: Repository) -> None:
    named, nameless = key(), key(added_by=AccountReference())
    read(place, named, nameless)
    words = [
        credential_row(Credential.objects.get(listing_id=f"deploy_key:{place.uuid}:{one.id}"))["proof_words"]
        for one in (named, nameless)
    ]
    assert words == [
        "Bitbucket's list of keys names who added it",
        "Bitbucket's list of keys does not name who added it",
    ]


def test_a_project_that_is_called_by_a_secret_keeps_none_and_its_keys_are_read(place: Repository) -> None:
    secret = "ATATT3xFfGF0" + "a1B2c3D4" * 20
    write_projects(workspace(), [resources.Project("{p}", "P", secret)], at=timezone.now())
    project = Project.objects.get()
    assert "ATATT" not in project.name
    assert read(project, key()).found == 1


def test_a_key_is_found_by_the_new_name_of_its_repository(place: Repository) -> None:
    read(place, key())
    renamed = resources.Repository("{web}", "acme/site", "Site", True, "main")
    write_repositories(workspace(), [renamed], at=timezone.now())
    assert "acme/site" in Credential.objects.get().search_text


PRINT = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"


def prints() -> list[str]:
    """What is known about each key, the first first."""
    return list(Credential.objects.order_by("pk").values_list("key_fingerprint", flat=True))


def test_a_key_keeps_the_fingerprint_that_its_text_tells(place: Repository, request_row: Request) -> None:
    found, approved = key(fingerprint=PRINT), key(f"{request_row.code} build", fingerprint="SHA256:y")
    assert read(place, found, approved, key(fingerprint="")) == Observed(found=2, bound=1)
    assert sorted(prints()) == ["", PRINT, "SHA256:y"]
    assert Credential.objects.get(request=request_row).key_fingerprint == "SHA256:y"


def test_a_row_that_lacks_its_fingerprint_is_told_and_none_is_told_another(place: Repository) -> None:
    one, unread = key(fingerprint=""), key(fingerprint=PRINT)
    read(place, one)
    read(place, one, unread, hours=1)
    assert prints() == ["", PRINT]
    read(place, replace(one, fingerprint="SHA256:late"), replace(unread, fingerprint="SHA256:other"), hours=2)
    assert prints() == ["SHA256:late", PRINT]
    read(place, replace(one, fingerprint=""), unread, hours=3)
    assert prints() == ["SHA256:late", PRINT]


def test_telling_many_fingerprints_costs_one_statement(place: Repository) -> None:
    keys = [key(fingerprint="") for _ in range(300)]
    read(place, *keys)
    asked = []
    for told in (keys, [replace(one, fingerprint=f"SHA256:{one.id}") for one in keys]):
        with CaptureQueriesContext(connection) as seen:
            read(place, *told, hours=1)
        asked.append(len(seen))
    assert asked[1] == asked[0] + 1
    assert sorted(prints()) == sorted(f"SHA256:{one.id}" for one in keys)


def test_the_page_shows_the_fingerprint_where_there_is_one(place: Repository, settings: Settings) -> None:
    settings.PORTAL_AUDITORS = ["712020:otto"]
    read(place, key(fingerprint=PRINT), key(fingerprint=""))
    otto = make_user("otto", seat=False)
    told, untold = (
        signed_in(otto).get(row.get_absolute_url()).content.decode()
        for row in Credential.objects.order_by("-key_fingerprint")
    )
    assert f'<dt>Fingerprint</dt><dd><code class="wrap">{PRINT}</code></dd>' in told
    assert "Fingerprint" not in untold
