"""Entries that may be what somebody was approved for: who waits for one, and who looks closer."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from bitbucket.resources import OrganisationToken
from tokens.binding import Wanted
from tokens.capabilities import is_automatic
from tokens.codes import codes_in
from tokens.inventory.labels import clean_label, clean_scopes
from tokens.inventory.matching import Wish
from tokens.models import Capability, Credential, Request
from tokens.policy import PERSONAL_KIND
from tokens.states import RequestState
from workqueue.claims import enqueue

# A create page that was looked at so lately may still be open.
PAGE_IS_OPEN_FOR: Final = timedelta(minutes=10)


def open_wishes(entries: Iterable[OrganisationToken]) -> list[Wish]:
    """The requests that still look for a credential and whose codes these entries carry. At most two queries."""
    codes = frozenset().union(*(codes_in(entry.label) for entry in entries))
    if not codes:
        return []
    looking = Credential.objects.filter(
        request__code__in=codes, kind=PERSONAL_KIND, listing_id=None, ended_at=None
    ).order_by("pk")
    unbound: dict[int, list[int]] = {}
    for request, pk in looking.values_list("request", "pk"):
        unbound.setdefault(request or 0, []).append(pk)
    rows = Request.objects.filter(
        Q(state=RequestState.APPROVED) | Q(pk__in=unbound),
        code__in=codes,
        kind=PERSONAL_KIND,
        decided_at__isnull=False,
    )
    return [
        Wish(pk, code, account_id, since, tuple(unbound.get(pk, ())))
        for pk, code, account_id, since in rows.values_list("pk", "code", "person__account_id", "decided_at")
        if since is not None
    ]


def wanted_for(
    request: Request, *, verified_at: datetime, scopes: Collection[str] | None = None, may_be_too_long: bool = False
) -> Wanted:
    """What the listing is searched for, for an approved request.

    Args:
        verified_at: the credential existed by then.
        scopes: what it was read to have; None where only the listing tells.
        may_be_too_long: whatever its end, for one that is refused.
    """
    assert request.decided_at is not None
    assert request.approved_until is not None
    return Wanted(
        code=request.code,
        account_id=request.person.account_id,
        approved_at=request.decided_at,
        verified_at=verified_at,
        approved_until=request.approved_until,
        scopes=None if scopes is None else frozenset(scopes),
        may_be_too_long=may_be_too_long,
    )


def hand_over(waiting: dict[Wish, list[OrganisationToken]], *, at: datetime) -> int:
    """Note what was seen for each of these requests, and let a worker look at every entry with its code.

    The keys of the rows of work name the entries, so that the same sight asks once.

    Returns: how many entries that were.
    """
    may_register = bool(waiting) and is_automatic(Capability.Name.LISTING_SCOPES)
    for wish, entries in sorted(waiting.items(), key=lambda item: item[0].request):
        _note(wish, entries, at)
        sight = hashlib.sha256("\n".join(sorted(entry.id for entry in entries)).encode()).hexdigest()[:24]
        for pk in wish.unbound:
            enqueue("bind_credential", key=f"bind:credential:{pk}:{sight}", payload={"credential": pk})
        if may_register and not wish.unbound and any(entry.scopes for entry in entries):
            enqueue("register_listed", key=f"register:{wish.request}:{sight}", payload={"request": wish.request})
    return sum(len(entries) for entries in waiting.values())


def _note(wish: Wish, entries: list[OrganisationToken], at: datetime) -> None:
    """What the create page says: the newest entry, and how many there are."""
    newest = max(entries, key=lambda entry: (entry.created_at, entry.id))
    seen = {
        "id": newest.id,
        "label": clean_label(newest.label),
        "created_at": newest.created_at.isoformat(),
        "expires_at": newest.expires_at.isoformat() if newest.expires_at else "",
        "scopes": clean_scopes(newest.scopes),
        "count": len(entries),
    }
    row = Request.objects.filter(pk=wish.request)
    known = row.values_list("seen_entry", flat=True).first() or {}
    if {**known, "seen_at": ""} != {**seen, "seen_at": ""}:
        row.update(seen_entry={**seen, "seen_at": at.isoformat()})


def forget_unlisted(newest: Sequence[OrganisationToken], *, has_more: bool, now: datetime) -> None:
    """Forget what open create pages say they see, where the newest page would hold it and does not: it was deleted.

    Args:
        newest: the newest page of the listing, as it was read just now.
        has_more: whether older entries stand on further pages.
    """
    listed = {entry.id for entry in newest}
    oldest = min((entry.created_at for entry in newest), default=now) if has_more else None
    rows = Request.objects.filter(create_page_seen_at__gt=now - PAGE_IS_OPEN_FOR, state=RequestState.APPROVED)
    for row in rows.exclude(seen_entry={}).order_by("pk"):
        is_on_page = oldest is None or datetime.fromisoformat(row.seen_entry["created_at"]) > oldest
        if row.seen_entry["id"] not in listed and is_on_page:
            Request.objects.filter(pk=row.pk, seen_entry__id=row.seen_entry["id"]).update(seen_entry={})
