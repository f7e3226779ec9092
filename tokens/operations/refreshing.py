"""What a listing says anew about credentials that are known: few statements, however many rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest

from tokens.models import Credential

_TIMES = """
UPDATE tokens_credential AS known
SET last_used_at = told.used, expires_at = told.ends, expiry_is_read = told.is_read
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::boolean[]) AS told (id, used, ends, is_read)
WHERE known.id = told.id
"""
_KEY_FINGERPRINTS = """
UPDATE tokens_credential AS known SET key_fingerprint = told.print
FROM unnest(%s::bigint[], %s::text[]) AS told (id, print)
WHERE known.id = told.id
"""
_FIELDS = ("listing_label", "name", "listed_scopes", "scopes", "standing", "holder")


@dataclass(frozen=True)
class Told:
    """What the listing says about one credential now; None and empty where it does not tell."""

    last_used_at: datetime | None
    expires_at: datetime | None
    label: str
    scopes: list[str] | None


def mark_seen(ids: Iterable[int], *, at: datetime, read_by: str) -> None:
    """Say when, and by which read, rows that are locked were seen last; it never goes back in time."""
    Credential.objects.filter(pk__in=list(ids)).update(
        seen_at=Greatest(Coalesce(F("seen_at"), at), at), seen_by=read_by[:60]
    )


def write_times(changed: list[Credential]) -> None:
    """Write last use and end of many rows in one statement: in a large company most of them move every day."""
    if not changed:
        return
    columns = (
        [row.pk for row in changed],
        [row.last_used_at for row in changed],
        [row.expires_at for row in changed],
        [row.expiry_is_read for row in changed],
    )
    with connection.cursor() as cursor:
        cursor.execute(_TIMES, columns)


def write_key_fingerprints(changed: list[Credential]) -> None:
    """Write the fingerprints of many keys in one statement: the first read after an update tells all of them."""
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(_KEY_FINGERPRINTS, ([row.pk for row in changed], [row.key_fingerprint for row in changed]))


def write_words(changed: list[Credential]) -> None:
    """Write labels, scopes, standing and holder of the few rows where they moved."""
    if changed:
        Credential.objects.bulk_update(changed, _FIELDS, batch_size=250)


def take_times(row: Credential, told: Told) -> bool:
    """Put last use and end into a row. What the listing does not tell stays.

    Returns: whether anything changed.
    """
    before = (row.last_used_at, row.expires_at, row.expiry_is_read)
    row.last_used_at = told.last_used_at or row.last_used_at
    if told.expires_at is not None:
        row.expires_at, row.expiry_is_read = told.expires_at, True
    return before != (row.last_used_at, row.expires_at, row.expiry_is_read)


def take_words(row: Credential, told: Told) -> bool:
    """Put label and scopes into a row: what was found takes them as its own, what was approved only as listed.

    Returns: whether anything changed.
    """
    before = (row.listing_label, row.listed_scopes, row.name, row.scopes)
    row.listing_label = told.label or row.listing_label
    if told.scopes is not None:
        row.listed_scopes = told.scopes
    if row.request_id is None:
        row.name = told.label or row.name
        row.scopes = row.scopes if told.scopes is None else told.scopes
    return before != (row.listing_label, row.listed_scopes, row.name, row.scopes)


def take_key_fingerprint(row: Credential, told: str) -> bool:
    """Put a key's fingerprint into a row that has none; the key of an entry never changes.

    Args:
        row: of a key.
        told: ``SHA256:…``, empty where the listed key could not be read.

    Returns: whether anything changed.
    """
    if row.key_fingerprint or not told:
        return False
    row.key_fingerprint = told
    return True
