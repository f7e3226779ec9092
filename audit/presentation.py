"""How an event is shown: words, tone and links instead of columns."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from audit.models import Event
from audit.tags import Tag, words_of

_BAD = frozenset(
    {
        Tag.SESSION_REFUSED,
        Tag.ACCESS_REFUSED,
        Tag.CREDENTIAL_REFUSED,
        Tag.CREDENTIAL_REVOCATION_FAILED,
        Tag.REQUEST_DENIED,
    }
)
_NOTABLE = frozenset(
    {
        Tag.SIGNIN_LINK_MADE,
        Tag.ROLE_GRANTED,
        Tag.ROLE_REMOVED,
        Tag.SETTINGS_CHANGED,
        Tag.CREDENTIAL_NOT_SENT,
        Tag.CREDENTIAL_UNBOUND,
        Tag.CREDENTIAL_GONE,
        Tag.FINDING_OPENED,
    }
)
_GOOD = frozenset(
    {Tag.CREDENTIAL_REGISTERED, Tag.CREDENTIAL_BOUND, Tag.CREDENTIAL_REVOKED, Tag.REQUEST_APPROVED, Tag.FINDING_CLOSED}
)


@dataclass(frozen=True)
class EventRow:
    """One event in the list; ``tone`` is a badge's."""

    seq: int
    url: str
    at: datetime
    tag: str
    words: str
    tone: str
    who: str
    who_url: str
    about: str
    about_type: str
    about_url: str


def event_row(event: Event) -> EventRow:
    """The row of an event."""
    return EventRow(
        seq=event.seq,
        url=reverse("trail_event", args=[event.seq]),
        at=event.at,
        tag=event.tag,
        words=words_of(event.tag),
        tone=_tone(event.tag),
        who=event.actor_label or event.actor_account_id or event.actor_kind,
        who_url=trail_url(actor=event.actor_account_id or event.actor_label),
        about=event.subject_label or event.subject_id,
        about_type=event.subject_type.replace("_", " "),
        about_url=trail_url(subject=_address_of_subject(event)),
    )


def _address_of_subject(event: Event) -> str:
    return f"{event.subject_type}:{event.subject_id}" if event.subject_id else event.subject_label


def trail_url(**narrowing: str) -> str:
    """The list, narrowed to one thing; empty where there is nothing to narrow it to."""
    return f"{reverse('trail')}?{urlencode(narrowing)}" if all(narrowing.values()) else ""


def _tone(tag: str) -> str:
    for tone, tags in (("danger", _BAD), ("caution", _NOTABLE), ("good", _GOOD)):
        if tag in tags:
            return tone
    return "neutral"


def event_facts(event: Event) -> list[dict[str, Any]]:
    """Who, what and the details, as the facts component takes them."""
    row = event_row(event)
    return [
        {"label": "When", "at": event.at, "value": ""},
        {"label": "Who", "value": row.who, "url": row.who_url},
        *_given("Account", event.actor_account_id),
        {"label": "About", "value": f"{row.about_type} {row.about}", "url": row.about_url},
        *_given("Its id", event.subject_id),
        *({"label": _label(key), "value": _value(value)} for key, value in event.details.items()),
    ]


def integrity_facts(event: Event) -> list[dict[str, Any]]:
    """What ties the event to the one before it."""
    return [
        {"label": "Number", "value": str(event.seq)},
        {"label": "Tag", "value": event.tag, "code": True},
        {"label": "Time", "value": event.at.isoformat(timespec="microseconds")},
        *_given("Request", event.request_id, url=trail_url(request_id=event.request_id)),
        {"label": "Hash", "value": event.hash, "code": True},
        {"label": "Hash of the event before", "value": event.previous_hash, "code": True},
    ]


def _given(label: str, value: str, url: str = "") -> list[dict[str, Any]]:
    return [{"label": label, "value": value, "url": url, "code": not url}] if value else []


def _label(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _value(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        return ", ".join(str(item) for item in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
