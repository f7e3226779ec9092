"""People whom a listing names: remembered by their account id, whether or not they ever sign in."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Person
from audit.content import RefusedContent, clean_text, refuse_secret

NAME_LENGTH = 255


@dataclass(frozen=True)
class PersonSeen:
    """An account as a listing names it; each field may be empty, but not both ids."""

    account_id: str
    uuid: str = ""
    display_name: str = ""


def remember_people(seen: Iterable[PersonSeen]) -> dict[str, int]:
    """Make rows for people the portal does not know, and bring the names of the others up to date.

    Somebody named by uuid alone is found only if their account id was told before. Call it inside a transaction.

    Args:
        seen: what a listing told; any order, doubles do no harm.

    Returns:
        The row's number by account id and by uuid, for everybody that could be told.
    """
    wanted = {one.account_id or one.uuid: one for one in seen if one.account_id or one.uuid}
    known = _known(wanted.values())
    new = [one for one in wanted.values() if one.account_id and one.account_id not in known]
    # In one order always, or two workers could each wait for the other's row.
    rows = [
        Person(account_id=one.account_id, uuid=one.uuid, display_name=name_of(one))
        for one in sorted(new, key=lambda one: one.account_id)
    ]
    Person.objects.bulk_create(rows, ignore_conflicts=True)
    _update(wanted.values(), known)
    return _numbers(known if not new else _known(wanted.values()))


def name_of(seen: PersonSeen) -> str:
    """The name to show; one that the trail would refuse gives way to the id."""
    name = " ".join(clean_text(seen.display_name).split())[:NAME_LENGTH]
    try:
        refuse_secret(name, where="name")
    except RefusedContent:
        return seen.account_id
    return name or seen.account_id


def _known(seen: Iterable[PersonSeen]) -> dict[str, Person]:
    seen = list(seen)
    by_uuid = [one.uuid for one in seen if not one.account_id]
    named = Q(account_id__in=[one.account_id for one in seen if one.account_id])
    people = Person.objects.filter(named | Q(uuid__in=by_uuid) if by_uuid else named)
    return {person.account_id: person for person in people.only("pk", "account_id", "uuid", "display_name")}


def _update(seen: Iterable[PersonSeen], known: dict[str, Person]) -> None:
    changed = []
    for one in seen:
        person = known.get(one.account_id)
        if person is None or not one.display_name:
            continue
        name, uuid = name_of(one), one.uuid or person.uuid
        if (person.display_name, person.uuid) != (name, uuid):
            person.display_name, person.uuid = name, uuid
            changed.append(person)
    changed.sort(key=lambda person: person.account_id)
    Person.objects.bulk_update(changed, ["display_name", "uuid"], batch_size=500)


def _numbers(known: dict[str, Person]) -> dict[str, int]:
    by_uuid = {person.uuid: person.pk for person in known.values() if person.uuid}
    return by_uuid | {account_id: person.pk for account_id, person in known.items()}
