"""What a live reading of one person leaves behind. Call these inside the transaction that ends its job."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from accounts.models import Person
from bitbucket.person_reading import ExplicitGrant
from tokens.inventory.person import WorkspaceRights, reach_of
from tokens.models import EffectiveRight, Grant, Project, Repository

_PERMISSION = 20
_AT_ONCE = 1_000
Places = dict[str, Repository | Project]


def write_rights(person: Person, found: list[WorkspaceRights]) -> dict[int, int]:
    """Replace a person's rights where they were read to their end, and refresh what they were given by name.

    Where a workspace was not read to its end, its rows stay and grow old. A grant ends only where its own place was
    asked and answered that nothing is given.

    Args:
        person: whose they are.
        found: one pass for each workspace.

    Returns:
        By workspace, how many repositories the inventory does not know yet: they count, but have no row.

    Raises:
        TransactionManagementError: there is no transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Rights change in the transaction of what was read.")
    # A count and a reading of the same person may end at the same moment.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    unknown = {one.workspace.pk: _replace(person, one) for one in found if one.is_whole}
    for one in found:
        if one.is_whole and one.looked_for_grants:
            _refresh_grants(person, one)
    reach = reach_of(found)
    if reach is not None and found:
        Person.objects.filter(pk=person.pk).update(reach=reach, reach_observed_at=min(one.began for one in found))
    return unknown


def _replace(person: Person, one: WorkspaceRights) -> int:
    names = Repository.objects.filter(workspace=one.workspace).values_list("uuid", "full_name", "pk")
    # A name is only as good as a uuid where the listing leaves that out.
    known = {key: pk for uuid, full_name, pk in names for key in (uuid, full_name)}
    keys = [(reached.uuid or reached.full_name, reached.permission) for reached in one.reading.repositories]
    rights = {known[key]: permission[:_PERMISSION] for key, permission in keys if key in known}
    EffectiveRight.objects.filter(person=person, repository__workspace=one.workspace).delete()
    EffectiveRight.objects.bulk_create(
        [
            EffectiveRight(person=person, repository_id=pk, permission=permission, observed_at=one.began)
            for pk, permission in rights.items()
        ],
        batch_size=_AT_ONCE,
    )
    return sum(1 for key, _ in keys if key not in known)


def _refresh_grants(person: Person, one: WorkspaceRights) -> None:
    places = _places_asked(one)
    given = {_part(grant.where, grant.name): grant for grant in one.reading.grants}
    held = _held(person, one)
    _insert(person, one, places, [(part, grant) for part, grant in given.items() if part in places - held.keys()])
    for part in places & held.keys():
        grant = held[part]
        if grant.observed_at > one.began:
            continue  # an inventory run read that place after us
        now = given.get(part)
        changes: dict[str, Any] = {"observed_at": one.began, "permission": now.permission[:_PERMISSION]} if now else {}
        Grant.objects.filter(pk=grant.pk, gone_at=None).update(**(changes or {"gone_at": one.began}))


def _places_asked(one: WorkspaceRights) -> set[str]:
    """Where the question was answered; the reading counts a 404 only beside the proof of our own right."""
    parts = {_part("repository", reached.full_name) for reached in one.reading.repositories}
    parts |= {_part("project", reached.project_key) for reached in one.reading.repositories if reached.project_key}
    return parts - {each.part for each in one.reading.unread}


def _part(where: str, name: str) -> str:
    return f"grants at {where} {name}"


def _held(person: Person, one: WorkspaceRights) -> dict[str, Grant]:
    grants = Grant.objects.filter(person=person, gone_at=None).select_related("repository", "project")
    held = {}
    for grant in grants:
        if grant.repository is not None and grant.repository.workspace_id == one.workspace.pk:
            held[_part("repository", grant.repository.full_name)] = grant
        elif grant.project is not None and grant.project.workspace_id == one.workspace.pk:
            held[_part("project", grant.project.key)] = grant
    return held


def _insert(person: Person, one: WorkspaceRights, asked: set[str], new: Iterable[tuple[str, ExplicitGrant]]) -> None:
    wanted = [grant for part, grant in new if part in asked]
    repositories = {grant.repository_uuid for grant in wanted if grant.where == "repository"}
    keys = {grant.name for grant in wanted if grant.where == "project"}
    by_uuid = dict(Repository.objects.filter(workspace=one.workspace, uuid__in=repositories).values_list("uuid", "pk"))
    living = Project.objects.filter(workspace=one.workspace, key__in=keys, gone_at=None)
    by_key = dict(living.values_list("key", "pk"))
    rows = []
    for grant in wanted:
        is_repository = grant.where == "repository"
        pk = by_uuid.get(grant.repository_uuid) if is_repository else by_key.get(grant.name)
        if pk is not None:
            place = {"repository_id" if is_repository else "project_id": pk}
            times = {"first_seen_at": one.began, "observed_at": one.began}
            rows.append(Grant(person=person, permission=grant.permission[:_PERMISSION], **place, **times))
    # An inventory run may write the same one at this very moment.
    Grant.objects.bulk_create(rows, ignore_conflicts=True)
