"""What a read of one part leaves behind: the rows of what it showed, and how fresh the part is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Now

from accounts.operations.people_seen import PersonSeen
from accounts.operations.seats import replace_seats
from tokens.models import Part, PartKind, Project, Repository
from tokens.operations.grants import write_group_grants, write_user_grants
from tokens.operations.observing import observe_deploy_keys
from tokens.operations.places import missing_places, write_projects, write_repositories
from workqueue.claims import Claim, finish
from workqueue.holding import hold
from workqueue.models import JobState

READ_BY_DEPLOY_KEYS = "deploy keys of the place"
READ_BY_PLACES = "list of places"
_PROBLEM = 300


def write_read(claim: Claim, part: Part, items: Sequence[Any], *, began: datetime, requests: int) -> None:
    """Write down a complete read and end its job, in one transaction.

    Args:
        claim: the job.
        part: with its place.
        items: everything that the list held.
        began: when the read began, by the database's clock.
        requests: how many it took.

    Raises:
        LostLease: the job is not ours any more; nothing is written.
    """
    if part.kind == PartKind.MEMBERS:
        _write_members(claim, part, items, began=began, requests=requests)
        return
    _end_keys_of_missing_places(claim, part, items, began)
    with transaction.atomic():
        # First, because it locks the job's row and shows that it is still ours.
        finish(claim, result={"requests": requests, "items": len(items)})
        _write(part, items, began)
        note_read(part, began=began, items=len(items), requests=requests)
        if part.kind == PartKind.DEPLOY_KEYS:
            # It writes to the trail, which comes last in a transaction.
            observe_deploy_keys(_place(part), items, read_by=READ_BY_DEPLOY_KEYS, at=began)


def _write_members(claim: Claim, part: Part, items: Sequence[Any], *, began: datetime, requests: int) -> None:
    assert part.workspace is not None  # members are a workspace's
    people = [PersonSeen(one.account_id, one.uuid, one.display_name) for one in items]
    with hold(claim):
        seats = replace_seats(part.workspace, people, at=began)
        note_read(part, began=began, items=len(items), requests=requests)
        told = {"seats_given": seats.given, "seats_taken": seats.taken}
        finish(claim, result={"requests": requests, "items": len(items)} | told)


def _write(part: Part, items: Sequence[Any], began: datetime) -> None:
    if part.kind == PartKind.USER_GRANTS:
        write_user_grants(_place(part), items, at=began)
    elif part.kind == PartKind.GROUP_GRANTS:
        write_group_grants(_place(part), items, at=began)
    elif part.workspace is not None and part.kind == PartKind.PROJECTS:
        write_projects(part.workspace, items, at=began)
    elif part.workspace is not None and part.kind == PartKind.REPOSITORIES:
        write_repositories(part.workspace, items, at=began)


def _place(part: Part) -> Repository | Project:
    place = part.place
    assert place is not None  # the database knows: a rolling part has one
    return place


def _end_keys_of_missing_places(claim: Claim, part: Part, items: Sequence[Any], began: datetime) -> None:
    """A place that its complete list lacks is gone, and its deploy keys open nothing any more.

    Each place is a transaction of its own, because each writes to the trail; done twice, it changes nothing.
    """
    listed = [one.uuid for one in items] if part.kind in (PartKind.PROJECTS, PartKind.REPOSITORIES) else []
    missing: list[Repository] | list[Project] = []
    if part.kind == PartKind.PROJECTS:
        missing = missing_places(Project.objects.filter(workspace=part.workspace), listed)
    elif part.kind == PartKind.REPOSITORIES:
        missing = missing_places(Repository.objects.filter(workspace=part.workspace), listed)
    for place in missing:
        with hold(claim):
            observe_deploy_keys(place, [], read_by=READ_BY_PLACES, at=began)


def note_read(part: Part, *, began: datetime, items: int, requests: int) -> None:
    """A part was read to its end: how fresh it is now."""
    Part.objects.filter(pk=part.pk).update(
        first_observed_at=Coalesce("first_observed_at", Value(began)),
        observed_at=began,
        tried_at=began,
        items=items,
        requests=F("requests") + requests,
        asked_at=None,
        failing_since=None,
        problem="",
    )


def note_trouble(part: Part, *, began: datetime, requests: int, problem: str) -> None:
    """A try failed, and another one of the same job follows: what was known stays and grows old."""
    Part.objects.filter(pk=part.pk, asked_at__isnull=False).update(
        tried_at=began,
        requests=F("requests") + requests,
        failing_since=Coalesce("failing_since", Now()),
        problem=problem[:_PROBLEM],
    )


def leave_part_unread(claim: Claim, part: Part, *, began: datetime, requests: int, problem: str) -> None:
    """A try failed for good: the job ends, the part stays unread and says why."""
    with hold(claim):
        note_trouble(part, began=began, requests=requests, problem=problem)
        Part.objects.filter(pk=part.pk).update(asked_at=None)
        finish(claim, state=JobState.FAILED, reason=problem)


def drop_read(claim: Claim, *, because: str) -> None:
    """Nobody wants this read any more."""
    with transaction.atomic():
        finish(claim, state=JobState.SKIPPED, reason=because)
