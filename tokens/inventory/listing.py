"""Pages of the inventory by key: no offset, no count of everything, the same cost on the first page and the last."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, DurationField, F, Func, OuterRef, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThan

from tokens.inventory.filters import Filter, credentials_matching
from tokens.models import Credential, Finding
from tokens.models.credential import NEVER_USED, NO_END

PAGE_SIZE = 50
COUNTED_UP_TO = 10_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Fewer than this are put in order after they are found. PostgreSQL guesses badly how many rows hold a scope or a word,
# and would walk along the whole order in search of the few.
_FEW = 1_000


@dataclass(frozen=True)
class Sort:
    """One order of the list: by a moment, then by the row's number."""

    slug: str
    words: str
    column: str
    if_empty: datetime | None = None
    descending: bool = False

    @property
    def key(self) -> Combinable:
        """The moment that rows are ordered by."""
        if self.if_empty is None:
            return F(self.column)
        return Coalesce(self.column, Value(self.if_empty), output_field=DateTimeField())

    def ordered(self, rows: "QuerySet[Credential]", *, backwards: bool = False) -> "QuerySet[Credential]":
        """The rows in this order, or in the opposite one."""
        sign = "-" if self.descending != backwards else ""
        return rows.order_by(f"{sign}place_key", f"{sign}pk")


SORTS = {
    sort.slug: sort
    for sort in (
        Sort("newest", "Newest first", "registered_at", descending=True),
        Sort("ends", "Ends first", "expires_at", NO_END),
        Sort("unused", "Last used longest ago", "last_used_at", NEVER_USED),
    )
}
NEWEST = SORTS["newest"]


@dataclass(frozen=True)
class Place:
    """Where in an order a row stands."""

    key: datetime
    pk: int

    def __str__(self) -> str:
        """As it stands in an address: microseconds since 1970, and the row's number."""
        return f"{(self.key - _EPOCH) // _MICROSECOND}-{self.pk}"


def place_from_text(text: str) -> Place:
    """A place from an address.

    Raises:
        ValueError: it names none.
    """
    key, dash, pk = text.rpartition("-")
    if not (dash and key.lstrip("-").isascii() and key.lstrip("-").isdigit() and pk.isascii() and pk.isdigit()):
        raise ValueError("not a place in the list")
    if int(pk) >= 2**63:
        raise ValueError("not a place in the list")
    try:
        return Place(_EPOCH + int(key) * _MICROSECOND, int(pk))
    except OverflowError:
        raise ValueError("not a place in the list") from None


@dataclass(frozen=True)
class Page:
    """One page in its order.

    Attributes:
        rows: the credentials, each with ``open_kinds``, the kinds of its open findings.
        before: the previous page ends before this place; None where there is none.
        after: the next page begins after this place; None where there is none.
    """

    rows: list[Credential]
    before: Place | None = None
    after: Place | None = None


def bounded(rows: "QuerySet[Credential]") -> "QuerySet[Credential]":
    """As many as are counted and one more, so that a page says "more than 10,000" and never counts them all."""
    return rows.order_by()[: COUNTED_UP_TO + 1]


def page_of_credentials(
    wanted: Filter,
    sort: Sort = NEWEST,
    *,
    after: Place | None = None,
    before: Place | None = None,
    size: int = PAGE_SIZE,
    total: int = COUNTED_UP_TO,
) -> Page:
    """One page of what a filter lets through, in one query.

    Args:
        wanted: the filter.
        sort: the order.
        after: begin after this place; neither for the first page.
        before: end before this place, for going back.
        size: how many rows at most.
        total: how many match, where that is known: few are found another way than many.
    """
    edge, backwards = (before, True) if before else (after, False)
    key = sort.key if total >= _FEW else _not_by_index(sort.key)
    narrow = credentials_matching(wanted).annotate(place_key=key)
    if edge is not None:
        narrow = narrow.filter(_beyond(sort, key, edge, backwards=backwards))
    # First the keys alone, which an index answers by itself; then the wide rows of this one page.
    keys = sort.ordered(narrow, backwards=backwards).values("pk")[: size + 1]
    rows = _for_showing(Credential.objects.filter(pk__in=keys).annotate(place_key=sort.key))
    found = list(sort.ordered(rows))
    has_more = len(found) > size
    # Backwards the one too many is the first, because the page itself is in order already.
    shown = found[-size:] if backwards else found[:size]
    return _page(shown, has_before=has_more if backwards else edge is not None, has_after=backwards or has_more)


def _page(rows: list[Any], *, has_before: bool, has_after: bool) -> Page:
    if not rows:
        return Page([])
    return Page(
        rows,
        before=Place(rows[0].place_key, rows[0].pk) if has_before else None,
        after=Place(rows[-1].place_key, rows[-1].pk) if has_after else None,
    )


def _not_by_index(key: Combinable) -> Combinable:
    return key + Value(timedelta(0), DurationField())


def _beyond(sort: Sort, key: Combinable, edge: Place, *, backwards: bool) -> GreaterThan | LessThan:
    """Both columns as one value: an index finds the place even where ten thousand rows share the moment."""
    lookup = LessThan if sort.descending != backwards else GreaterThan
    here = _pair(key, F("pk"))
    return lookup(here, _pair(Value(edge.key, DateTimeField()), Value(edge.pk)))


def _pair(*parts: Combinable) -> Func:
    return Func(*parts, template="(%(expressions)s)", output_field=DateTimeField())


def open_kinds() -> ArraySubquery:
    """The kinds of a credential's open findings, beside each row."""
    return ArraySubquery(
        Finding.objects.filter(credential=OuterRef("pk"), closed_at=None).order_by("kind").values("kind")
    )


def _for_showing(rows: "QuerySet[Credential]") -> "QuerySet[Credential]":
    """With what a row of the list shows and nothing more: the table's rows are wide."""
    return (
        rows.annotate(open_kinds=open_kinds())
        .select_related("holder", "request", "repository", "project")
        .only(*_SHOWN)
    )


_SHOWN = (
    "name",
    "kind",
    "standing",
    "state",
    "scope_list",
    "verification_outcome",
    "binding",
    "expires_at",
    "ended_at",
    "last_used_at",
    "holder__account_id",
    "holder__display_name",
    "request__code",
    "repository__full_name",
    "project__key",
    "project__name",
)
