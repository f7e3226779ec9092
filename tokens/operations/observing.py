"""What a read of the organisation's listing showed becomes rows, one page at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.actors import SYSTEM
from accounts.models import Person
from audit.tags import Tag
from audit.trail import Subject
from bitbucket.resources import OrganisationToken
from tokens.inventory.labels import clean_label, clean_scopes
from tokens.inventory.matching import Wish, standing_after, standing_of, wish_for
from tokens.inventory.own import OwnAccounts, own_accounts
from tokens.models import Credential, HolderProof, Source, Standing
from tokens.models.credential import BindingState
from tokens.operations.change import Change
from tokens.operations.missing import end_missing_tokens
from tokens.operations.observed import Observed
from tokens.operations.observed_keys import observe_deploy_keys
from tokens.operations.observed_people import Named, remember_people
from tokens.operations.refreshing import Told, mark_seen, take_times, take_words, write_times, write_words
from tokens.operations.returning import is_back, take_back_end
from tokens.operations.wishes import hand_over, open_wishes
from tokens.states import CredentialState

__all__ = ["Observed", "Page", "end_missing_tokens", "observe_deploy_keys", "observe_page", "observe_tokens"]

KIND = "api_token"
MOST_IDS_IN_EVENT = 50


@dataclass(frozen=True)
class Page:
    """What one page changed, and which rows it was about.

    Attributes:
        counts: how many of each.
        found: rows that are new.
        touched: rows of which the page told something that may open or close a difference, the new ones included.
    """

    counts: Observed
    found: tuple[int, ...] = ()
    touched: tuple[int, ...] = ()


def observe_tokens(entries: Sequence[OrganisationToken], *, read_by: str, source: Source, at: datetime) -> Observed:
    """Write a page of the listing down; reading the same page again changes only when it was seen.

    Args:
        entries: at most 1,000.
        read_by: which read showed them, such as ``organisation listing`` or ``radar``.
        source: how what is new came to our knowledge.
        at: when the read began.

    Returns: how many were found, may be what a request waits for, were known, and were listed again.
    """
    return observe_page(entries, read_by=read_by, source=source, at=at).counts


def observe_page(entries: Sequence[OrganisationToken], *, read_by: str, source: Source, at: datetime) -> Page:
    """The same, with the numbers of the rows."""
    by_id = {entry.id: entry for entry in entries}
    if not by_id:
        return Page(Observed())
    with Change(SYSTEM) as change:
        _one_at_a_time()
        return _write(_Reading(change, by_id, read_by, source, at, own_accounts()))


@dataclass(frozen=True)
class _Reading:
    change: Change
    by_id: dict[str, OrganisationToken]
    read_by: str
    source: Source
    at: datetime
    own: OwnAccounts


def _one_at_a_time() -> None:
    """Radar and sync may hold the same page: the second one finds what the first one wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('tokens.observing', 0))")


def _write(reading: _Reading) -> Page:
    people = remember_people(
        Named(entry.user_id, entry.user_name, entry.user_email) for entry in reading.by_id.values()
    )
    known = {
        row.listing_id: row
        for row in Credential.objects.select_for_update(of=("self",), no_key=True)
        .filter(listing_id__in=list(reading.by_id))
        .select_related("holder")
        .defer("search_text", "scope_list", "candidates")
        .order_by("pk")
    }
    returned, moved = _refresh(known.values(), reading, people)
    new = [entry for listing_id, entry in reading.by_id.items() if listing_id not in known]
    wishes = open_wishes(new)
    waiting: dict[Wish, list[OrganisationToken]] = {}
    unknown = []
    for entry in new:
        wish = wish_for(entry, wishes)
        if wish is None:
            unknown.append(entry)
        else:
            waiting.setdefault(wish, []).append(entry)
    found = _insert(unknown, reading, people)
    handed = hand_over(waiting, at=reading.at)
    return Page(
        Observed(found=len(found), bound=handed, refreshed=len(known), returned=returned),
        found=tuple(found),
        touched=(*found, *moved),
    )


def _refresh(known: Iterable[Credential], reading: _Reading, people: dict[str, Person]) -> tuple[int, list[int]]:
    """Give how many are listed again, and the rows of which something moved."""
    rows = list(known)
    times, words, back = [], [], []
    for row in rows:
        entry = reading.by_id[row.listing_id or ""]
        told = told_by(entry)
        if take_times(row, told):
            times.append(row)
        if take_words(row, told) | _take_standing(row, entry, reading, people):
            words.append(row)
        if is_back(row):
            back.append(row)
    mark_seen((row.pk for row in rows), at=reading.at, read_by=reading.read_by)
    write_times(times)
    write_words(words)
    for row in back:
        take_back_end(row, reading.change, read_by=reading.read_by)
    return len(back), sorted({row.pk for row in (*times, *words, *back)})


def _take_standing(row: Credential, entry: OrganisationToken, reading: _Reading, people: dict[str, Person]) -> bool:
    before = (row.standing, row.holder_id)
    is_own = reading.own.holds(entry.user_id, entry.user_email)
    row.standing = standing_after(row.standing, row.answer, entry.scopes, is_own=is_own)
    if row.request_id is None and entry.user_id in people:
        row.holder = people[entry.user_id]
    return before != (row.standing, row.holder_id)


def told_by(entry: OrganisationToken) -> Told:
    """What an entry says that may change."""
    return Told(entry.last_active_at, entry.expires_at, clean_label(entry.label), clean_scopes(entry.scopes))


def _insert(entries: list[OrganisationToken], reading: _Reading, people: dict[str, Person]) -> list[int]:
    """Rows for what nobody asked for here; one that another transaction has just bound stays as it is."""
    if not entries:
        return []
    Credential.objects.bulk_create(
        [_row(entry, reading, people) for entry in sorted(entries, key=lambda one: one.id)], ignore_conflicts=True
    )
    rows = Credential.objects.filter(listing_id__in=[entry.id for entry in entries], request=None)
    found = sorted(rows.values_list("pk", flat=True))
    if found:
        standings = [str(one) for one in rows.values_list("standing", flat=True)]
        reading.change.event(
            Tag.CREDENTIAL_FOUND,
            Subject("inventory", reading.read_by, f"{len(found)} found"),
            count=len(found),
            ids=list(found[:MOST_IDS_IN_EVENT]),
            read_by=reading.read_by,
            **{one.value: standings.count(one.value) for one in Standing if one.value in standings},
        )
    return found


def _row(entry: OrganisationToken, reading: _Reading, people: dict[str, Person]) -> Credential:
    told = told_by(entry)
    is_over = entry.expires_at is not None and entry.expires_at <= reading.at
    return Credential(
        holder=people.get(entry.user_id),
        standing=standing_of(entry.scopes, is_own=reading.own.holds(entry.user_id, entry.user_email)),
        source=reading.source,
        kind=KIND,
        name=told.label or f"API token {entry.id}"[:200],
        scopes=told.scopes or [],
        listed_scopes=told.scopes,
        state=CredentialState.EXPIRED if is_over else CredentialState.ACTIVE,
        holder_proof=HolderProof.LISTING,
        registered_at=reading.at,
        created_at=entry.created_at,
        expires_at=entry.expires_at,
        expiry_is_read=entry.expires_at is not None,
        binding=BindingState.BOUND,
        bound_at=reading.at,
        listing_id=entry.id,
        listing_label=told.label,
        last_used_at=entry.last_active_at,
        seen_at=reading.at,
        seen_by=reading.read_by[:60],
    )
