"""What tests of inventory runs do over and over: start one, let the workers' code work, compare with the sandbox."""

from datetime import timedelta
from typing import Any, Protocol

import requests as http
from django.conf import settings
from django.db.models.functions import Now

from accounts.actors import SYSTEM
from accounts.models import Seat
from tokens.inventory.planning import top_up
from tokens.models import Credential, Grant, Part, PartKind, Project, Repository, Sync
from tokens.operations.syncs import start_sync
from tokens.states import LIVE
from workqueue.draining import claim_next
from workqueue.kinds import kind_named
from workqueue.models import DUE_STATES, Job
from workqueue.runner import attempt

KINDS = ("plan_reads", "read_part", "finish_sync")


def work(most: int = 10_000) -> int:
    """Do what is due, as workers would; returns how many attempts that took."""
    done = 0
    while done < most:
        claims = (claim_next(kind_named(name)) for name in KINDS)
        claim = next((found for found in claims if found is not None), None)
        if claim is None:
            if not top_up() and not _is_ending():
                break
            continue
        attempt(claim, kind_named(claim.kind))
        done += 1
    return done


def _is_ending() -> bool:
    return Job.objects.filter(kind="finish_sync", state__in=DUE_STATES, next_attempt_at__lte=Now()).exists()


def start(mode: Sync.Mode = Sync.Mode.FULL) -> Sync:
    """Start a run as the portal itself."""
    return start_sync(mode, acting_user=SYSTEM)


def full_run() -> Sync:
    """A whole run from its start to its end."""
    sync = start()
    work()
    sync.refresh_from_db()
    return sync


def time_passes() -> None:
    """Everything that waits for a time is due now."""
    Job.objects.filter(kind__in=KINDS, state__in=DUE_STATES).update(
        next_attempt_at=Now(), ring_again_at=Now(), reason=""
    )


def age_parts(hours: float, **which: Any) -> None:
    """Let parts have been read that long ago."""
    past = Now() - timedelta(hours=hours)
    Part.objects.filter(**which, observed_at__isnull=False).update(observed_at=past, tried_at=past)


def part(kind: PartKind, name: str = "") -> Part:
    """The part of a kind: of the workspace or organisation, or of the repository (slug) or project (key) named."""
    found = Part.objects.filter(kind=kind)
    if name:
        found = found.filter(repository__slug=name) or found.filter(project__key=name)
    return found.get()


class Addressed(Protocol):
    """A sandbox, in this process or in another one."""

    @property
    def url(self) -> str:
        """Where it answers."""


def truth(sandbox: Addressed) -> dict[str, Any]:
    """What the sandbox says it holds, in the shape of `inventory`."""
    told = http.get(f"{sandbox.url}/_sandbox/grants", timeout=10).json()
    space = told["workspaces"]["acme"]
    places = {f"project {key}": one for key, one in space["projects"].items()}
    places |= {f"repository {slug}": one for slug, one in space["repositories"].items()}
    return {
        "members": set(space["members"]),
        "projects": {(one["uuid"], key) for key, one in space["projects"].items()},
        "repositories": {
            (one["uuid"], slug, space["projects"][one["project"]]["uuid"])
            for slug, one in space["repositories"].items()
        },
        "user_grants": {(name, *row) for name, one in places.items() for row in one["users"].items()},
        "group_grants": {(name, *row) for name, one in places.items() for row in one["groups"].items()},
        "deploy_keys": {(name, str(key["id"])) for name, one in places.items() for key in one["deploy_keys"]},
        "tokens": {one["id"] for one in told["tokens"]},
    }


def inventory() -> dict[str, Any]:
    """What the rows say there is."""
    grants = Grant.objects.filter(gone_at=None).select_related("person", "repository", "project")
    keys = Credential.objects.filter(kind="deploy_key", state__in=LIVE).select_related("repository", "project")
    return {
        "members": set(
            Seat.objects.filter(workspace__uuid__in=settings.BITBUCKET_WORKSPACES).values_list(
                "person__account_id", flat=True
            )
        ),
        "projects": set(Project.objects.filter(gone_at=None).values_list("uuid", "key")),
        "repositories": set(Repository.objects.filter(gone_at=None).values_list("uuid", "slug", "project__uuid")),
        "user_grants": {(_place(row), row.person.account_id, row.permission) for row in grants if row.person},
        "group_grants": {(_place(row), row.group_slug, row.permission) for row in grants if not row.person},
        "deploy_keys": {(_place(row), str(row.listing_id).rpartition(":")[2]) for row in keys},
        "tokens": set(
            Credential.objects.filter(kind="api_token", state__in=LIVE, listing_id__isnull=False).values_list(
                "listing_id", flat=True
            )
        ),
    }


def _place(row: Any) -> str:
    return f"repository {row.repository.slug}" if row.repository else f"project {row.project.key}"
