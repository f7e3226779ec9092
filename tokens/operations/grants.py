"""Explicit grants as a complete list of one place shows them. Call these inside the read's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.operations.people_seen import PersonSeen, remember_people
from bitbucket.resources import GroupGrant, UserGrant
from tokens.inventory.labels import clean_label
from tokens.models import Grant, Project, Repository

_PERMISSION = 20


def write_user_grants(place: Repository | Project, listed: Sequence[UserGrant], *, at: datetime) -> None:
    """Let people's grants on a place be those of a complete list; a grant of a deleted account names nobody.

    Args:
        listed: all that give something.
        at: when the read began.
    """
    rows = _living(place).filter(person__isnull=False).select_related("person").only("permission", "person__account_id")
    known = {grant.person.account_id: grant for grant in rows if grant.person}
    strangers = [one for one in listed if one.account_id not in known]
    numbers = remember_people(PersonSeen(one.account_id, one.user_uuid, one.user_name) for one in strangers)
    held = {grant.person_id: grant for grant in known.values()}
    people = numbers | {account_id: grant.person_id for account_id, grant in known.items() if grant.person_id}
    wanted = {
        people[key]: {"permission": one.permission[:_PERMISSION]}
        for one in listed
        if (key := one.account_id or one.user_uuid) in people
    }
    _write(place, held, {("person_id", number): columns for number, columns in wanted.items()}, at)


def write_group_grants(place: Repository | Project, listed: Sequence[GroupGrant], *, at: datetime) -> None:
    """Let groups' grants on a place be those of a complete list.

    Args:
        listed: all that give something.
        at: when the read began.
    """
    held = {grant.group_slug: grant for grant in _living(place).filter(person=None)}
    wanted = {
        ("group_slug", one.group_slug[:255]): {
            "permission": one.permission[:_PERMISSION],
            "group_name": clean_label(one.group_name, length=255),
        }
        for one in listed
    }
    _write(place, held, wanted, at)


def _living(place: Repository | Project) -> QuerySet[Grant]:
    return Grant.objects.filter(gone_at=None, **_on(place))


def _on(place: Repository | Project) -> dict[str, Any]:
    return {"repository": place} if isinstance(place, Repository) else {"project": place}


def _write(
    place: Repository | Project,
    held: dict[Any, Grant],
    wanted: dict[tuple[str, Any], dict[str, str]],
    at: datetime,
) -> None:
    """Insert, change and end rows; where nothing changed, only the time of the read is written."""
    new = [
        Grant(first_seen_at=at, observed_at=at, **_on(place), **{name: holder}, **columns)
        for (name, holder), columns in wanted.items()
        if holder not in held
    ]
    if new:
        Grant.objects.bulk_create(new)
    keys = {holder: columns for (_, holder), columns in wanted.items()}
    for holder, grant in held.items():
        differing = {name: value for name, value in keys.get(holder, {}).items() if getattr(grant, name) != value}
        if differing:
            Grant.objects.filter(pk=grant.pk).update(**differing)
    missing = [grant.pk for holder, grant in held.items() if holder not in keys]
    if missing:
        Grant.objects.filter(pk__in=missing).update(gone_at=at)
    seen = [grant.pk for holder, grant in held.items() if holder in keys]
    if seen:
        Grant.objects.filter(pk__in=seen).update(observed_at=at)
