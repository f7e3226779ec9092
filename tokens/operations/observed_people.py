"""The people whom a listing names: rows that may never have signed in."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Person
from tokens.inventory.labels import clean_label

_NAME_LENGTH = 255
_EMAIL_LENGTH = 254


@dataclass(frozen=True)
class Named:
    """An account as a listing names it; only the id says who it is."""

    account_id: str
    name: str = ""
    email: str = ""
    uuid: str = ""


def remember_people(named: Iterable[Named]) -> dict[str, Person]:
    """Rows for these accounts, made or refreshed; by account id.

    What somebody's own sign-in said is never overwritten, and what Bitbucket calls somebody only by Bitbucket, which
    tells a uuid: the organisation's name may differ, and the two would take turns for ever. Rows are made and changed
    in the accounts' order, so that two observers cannot wait for each other.
    """
    told = {one.account_id: one for one in named if one.account_id}
    known = _known(told)
    missing = [_new(told[account_id]) for account_id in sorted(told.keys() - known.keys())]
    if missing:
        Person.objects.bulk_create(missing, ignore_conflicts=True)
        known = _known(told)
    for account_id in sorted(known):
        _refresh(known[account_id], told[account_id])
    return known


def _known(told: dict[str, Named]) -> dict[str, Person]:
    return {person.account_id: person for person in Person.objects.filter(account_id__in=list(told))}


def _new(one: Named) -> Person:
    return Person(
        account_id=one.account_id,
        uuid=one.uuid,
        display_name=clean_label(one.name, length=_NAME_LENGTH) or one.account_id,
        email=_address(one.email),
    )


def _refresh(person: Person, one: Named) -> None:
    changed = {}
    name, email = clean_label(one.name, length=_NAME_LENGTH), _address(one.email)
    may_rename = person.last_signed_in_at is None and bool(one.uuid or not person.uuid)
    if name and name != person.display_name and (may_rename or not person.display_name):
        changed["display_name"] = name
    if email and email != person.email and (not person.email or not _is_confirmed(person)):
        changed["email"] = email
    if one.uuid and not person.uuid:
        changed["uuid"] = one.uuid
    if changed:
        Person.objects.filter(pk=person.pk).update(**changed)
        for field, value in changed.items():
            setattr(person, field, value)


def _is_confirmed(person: Person) -> bool:
    return bool(person.confirmed_emails) or person.last_signed_in_at is not None


def _address(text: str) -> str:
    address = clean_label(text, length=_EMAIL_LENGTH + 1)
    return address if "@" in address and len(address) <= _EMAIL_LENGTH else ""
