"""Reading the trail: filters and keyset pages, flat in the number of events."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from audit.models import Event, EvidencePack
from audit.tags import Tag
from audit.trail import Subject

PAGE_SIZE = 50
_TRIGRAM = 3
LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True)
class Filter:
    """Which events are wanted; an empty field asks for all.

    Attributes:
        tag: a tag, or a noun with a colon (``credential:``) for everything about it.
        actor: an account id, or a part of a name.
        subject: an id, ``type:id``, or a part of a name.
        since: not older than this.
        until: older than this.
        request_id: recorded while this request was answered.
    """

    tag: str = ""
    actor: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    request_id: str = ""


@dataclass(frozen=True)
class Page:
    """One page, the newest event first, and from which numbers the next ones start; None where there is none."""

    events: list[Event]
    newer_than: int | None
    older_than: int | None


def events_matching(wanted: Filter) -> QuerySet[Event]:
    """The events that a filter lets through, the newest first."""
    events = Event.objects.all()
    if wanted.tag:
        events = events.filter(tag__in=_tags(wanted.tag))
    if wanted.actor:
        events = events.filter(Q(actor_account_id=wanted.actor) | _named("actor_label", wanted.actor))
    if wanted.subject:
        events = events.filter(_about(wanted.subject))
    if wanted.request_id:
        events = events.filter(request_id=wanted.request_id)
    if wanted.since or wanted.until:
        events = events.filter(seq__range=numbers_between(wanted.since, wanted.until))
    return events.order_by("-seq")


def _about(text: str) -> Q:
    """Ids alone are not unique, so links name the type. An account id has a colon too, but begins with digits."""
    kind, colon, number = text.partition(":")
    same_id = Q(subject_type=kind, subject_id=number) if colon and kind.isidentifier() else Q(subject_id=text)
    return same_id | _named("subject_label", text)


def _named(column: str, text: str) -> Q:
    """Less than three letters have no trigram of their own, so they are looked for at the beginning only."""
    return Q(**{f"{column}__{'icontains' if len(text) >= _TRIGRAM else 'istartswith'}": text})


def _tags(wanted: str) -> list[str]:
    if not wanted.endswith(":"):
        return [wanted]
    return [tag.value for tag in Tag if f"{tag.noun}:" == wanted]


def numbers_between(since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """The first and last number an event of that time may have; events are in order of both.

    Args:
        since: not older than this.
        until: older than this.
    """
    first, last = 0, LARGEST_NUMBER
    numbers = Event.objects.values_list("seq", flat=True)
    if since:
        first = numbers.filter(at__gte=since).order_by("at", "seq").first() or LARGEST_NUMBER
    if until:
        last = numbers.filter(at__lt=until).order_by("-at", "-seq").first() or 0
    return first, last


def page_of_events(
    wanted: Filter, *, older_than: int | None = None, newer_than: int | None = None, size: int = PAGE_SIZE
) -> Page:
    """One page of matching events.

    Args:
        wanted: the filter.
        older_than: only events with a smaller number; the first page has none.
        newer_than: the events right after this number, for going back.
        size: how many at most.
    """
    events = events_matching(wanted)
    if newer_than is not None:
        found = list(events.filter(seq__gt=newer_than).order_by("seq")[: size + 1])
        return _page(found[:size][::-1], has_newer=len(found) > size, has_older=True)
    if older_than is not None:
        events = events.filter(seq__lt=older_than)
    found = list(events[: size + 1])
    return _page(found[:size], has_newer=older_than is not None, has_older=len(found) > size)


def _page(events: list[Event], *, has_newer: bool, has_older: bool) -> Page:
    return Page(
        events=events,
        newer_than=events[0].seq if events and has_newer else None,
        older_than=events[-1].seq if events and has_older else None,
    )


def newest_pack(subject: Subject) -> EvidencePack | None:
    """The pack made last about something, without its content; None where there is none."""
    packs = EvidencePack.objects.filter(subject_type=subject.type, subject_id=subject.id)
    return packs.defer("content").order_by("-id").first()
