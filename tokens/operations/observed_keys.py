"""The complete list of one place's deploy keys becomes rows. A deploy key has no account and no end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import SYSTEM
from accounts.models import Person
from audit.tags import Tag
from audit.trail import Subject
from bitbucket.resources import DeployKey
from tokens.binding import CLOCK_TOLERANCE
from tokens.catalogue.rules import compare_scopes
from tokens.codes import codes_in
from tokens.inventory.labels import clean_label
from tokens.key_place import listing_id_of
from tokens.models import Credential, HolderProof, Project, Repository, Request, Source
from tokens.named_places import is_named
from tokens.operations import key_messages, messages
from tokens.operations.alarming import alarm_admins
from tokens.operations.change import Change
from tokens.operations.key_rows import SCOPES, make_approved, row_from_key, say_registered
from tokens.operations.missing import end_missing
from tokens.operations.observed import Observed
from tokens.operations.observed_people import Named, remember_people
from tokens.operations.refreshing import (
    Told,
    mark_seen,
    take_key_fingerprint,
    take_times,
    take_words,
    write_key_fingerprints,
    write_times,
    write_words,
)
from tokens.operations.returning import is_back, take_back_end
from tokens.policy import KEY_KIND
from tokens.states import LIVE, REGISTERED, CredentialState, RequestState, require_request_move

_MOST_IDS = 50
# What is being deleted has its own proof.
_ENDABLE = LIVE - {CredentialState.REVOKING}


def observe_deploy_keys(
    place: Repository | Project, keys: Sequence[DeployKey], *, read_by: str, at: datetime
) -> Observed:
    """Write the complete list of one place's keys down: insert, refresh, and end what is missing.

    Args:
        place: the repository or project.
        keys: all of its keys.
        read_by: which read showed them.
        at: when the read began.
    """
    by_id = {listing_id_of(place, key.id): key for key in keys}
    with Change(SYSTEM) as change:
        people = remember_people(
            Named(key.added_by.account_id, key.added_by.display_name, uuid=key.added_by.uuid) for key in keys
        )
        return _write(_Reading(change, place, by_id, people, read_by, at))


@dataclass(frozen=True)
class _Reading:
    change: Change
    place: Repository | Project
    by_id: dict[str, DeployKey]
    people: dict[str, Person]
    read_by: str
    at: datetime


def _write(reading: _Reading) -> Observed:
    where = {"repository" if isinstance(reading.place, Repository) else "project": reading.place}
    rows = list(
        Credential.objects.select_for_update(of=("self",), no_key=True)
        .select_related("holder")
        .filter(kind=KEY_KIND, **where)
        .order_by("pk")
    )
    listed = [row for row in rows if row.listing_id in reading.by_id]
    returned = _refresh(listed, reading)
    gone = [row for row in rows if row.listing_id not in reading.by_id and row.state in _ENDABLE]
    gone = [row for row in gone if _is_older(row, reading)]
    for row in gone:
        end_missing(row, reading.change, because="a complete list of its keys lacks it", read_by=reading.read_by)
        if row.source == Source.PORTAL:
            _tell_vanished(row)
    new = {
        listing_id: reading.by_id[listing_id] for listing_id in reading.by_id.keys() - {row.listing_id for row in rows}
    }
    approved = _approved(new, reading)
    for listing_id, request in sorted(approved.items()):
        _register(listing_id, request, reading)
    found = _insert(sorted(new.keys() - approved.keys()), reading)
    return Observed(found=found, bound=len(approved), refreshed=len(listed), ended=len(gone), returned=returned)


def _tell_vanished(row: Credential) -> None:
    """A machine stops with it. Nobody could confirm that keys outlive the right of the account that added them."""
    body = key_messages.tell_vanished(row)
    alarm_admins(subject=f"Vanished: {row.name}", body=body, path=row.get_absolute_url())


def _is_older(row: Credential, reading: _Reading) -> bool:
    """Whether it was known before this list was read: a later read may have shown it meanwhile."""
    return row.seen_at is None or row.seen_at <= reading.at


def _refresh(listed: list[Credential], reading: _Reading) -> int:
    times, words, prints = [], [], []
    for row in listed:
        key = reading.by_id[row.listing_id or ""]
        told = Told(key.last_used_at, None, clean_label(key.label), None)
        if take_times(row, told):
            times.append(row)
        if take_words(row, told):
            words.append(row)
        if take_key_fingerprint(row, key.fingerprint):
            prints.append(row)
    mark_seen((row.pk for row in listed), at=reading.at, read_by=reading.read_by)
    write_times(times)
    write_words(words)
    write_key_fingerprints(prints)
    back = [row for row in listed if is_back(row)]
    for row in back:
        take_back_end(row, reading.change, read_by=reading.read_by)
    return len(back)


def _approved(new: dict[str, DeployKey], reading: _Reading) -> dict[str, Request]:
    """Which of the new keys are what a request waits for: one key with its code, and one such request, or none."""
    codes = {listing_id: codes_in(key.label) for listing_id, key in new.items()}
    carried = sorted(frozenset().union(*codes.values()))
    if not carried:
        return {}
    waiting = Request.objects.select_for_update(of=("self",), no_key=True).filter(
        code__in=carried, kind=KEY_KIND, state=RequestState.APPROVED
    )
    fitting: dict[str, Request] = {}
    for request in waiting.select_related("person", "template_version").order_by("pk"):
        carriers = [listing_id for listing_id, found in codes.items() if request.code in found]
        if len(carriers) == 1 and len(codes[carriers[0]]) == 1 and _fits(request, new[carriers[0]], reading):
            fitting[carriers[0]] = request
    return fitting


def _fits(request: Request, key: DeployKey, reading: _Reading) -> bool:
    assert request.decided_at is not None
    names_place = is_named(request.boundary, reading.place)
    is_this_key = not request.public_key or request.public_key == key.key
    is_newer = key.added_at is None or key.added_at >= request.decided_at - CLOCK_TOLERANCE
    is_enough = not compare_scopes(request.scopes, SCOPES).excess
    is_over = request.approved_until is None or request.approved_until < reading.at.date()
    has_one = Credential.objects.filter(request=request, state__in=REGISTERED).exists()
    return names_place and is_this_key and is_newer and is_enough and not is_over and not has_one


def _register(listing_id: str, request: Request, reading: _Reading) -> None:
    key = reading.by_id[listing_id]
    row = _row(listing_id, key, reading)
    make_approved(row, request)
    row.source = Source.LISTING
    is_theirs = key.added_by.account_id == request.person.account_id
    row.holder_proof = HolderProof.LISTING if is_theirs else HolderProof.DECLARED
    row.save()
    require_request_move(request.state, RequestState.ISSUED)
    request.state = RequestState.ISSUED
    request.save(update_fields=["state"])
    messages.tell_registered(row)
    say_registered(row, request, reading.change, by="code")


def _insert(listing_ids: list[str], reading: _Reading) -> int:
    if not listing_ids:
        return 0
    rows = [_row(listing_id, reading.by_id[listing_id], reading) for listing_id in listing_ids]
    Credential.objects.bulk_create(rows, ignore_conflicts=True)
    ids = sorted(Credential.objects.filter(listing_id__in=listing_ids).values_list("pk", flat=True))
    reading.change.event(
        Tag.CREDENTIAL_FOUND,
        Subject("inventory", reading.read_by, f"{len(ids)} found at {reading.place}"),
        count=len(ids),
        ids=ids[:_MOST_IDS],
        read_by=reading.read_by,
    )
    return len(ids)


def _row(listing_id: str, key: DeployKey, reading: _Reading) -> Credential:
    holder = reading.people.get(key.added_by.account_id)
    return row_from_key(reading.place, key, listing_id, holder=holder, read_by=reading.read_by, at=reading.at)
