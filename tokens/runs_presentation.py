"""From inventory runs to what their pages show."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse

from tokens.inventory.freshness import NEVER_TRIED
from tokens.inventory.hourly import name_of
from tokens.inventory.progress import Progress
from tokens.models import Part, PartKind, Sync

# A run's own words for what it counted (`Sync.result`), in the order in which people ask: the database keeps none.
_RESULT_WORDS = {
    "counts": "There are",
    "credentials": "Credentials",
    "seats": "Seats",
    "findings": "Findings",
    "parts": "Parts",
    "unread": "Not read",
    "requests": "Requests spent",
}
_ORDER = ("members", "projects", "repositories", "tokens", "deploy_keys", "user_grants", "group_grants",
          "new", "ended", "given", "taken", "opened", "closed", "open", "read", "unread")  # fmt: skip


def run_row(run: Sync) -> dict[str, Any]:
    """A run as one line of a list."""
    tone, icon, word = _look(run)
    return {
        "pk": run.pk,
        "title": run.get_mode_display(),
        "asked_by": str(run.asked_by) if run.asked_by else "the portal",
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "tone": tone,
        "icon": icon,
        "word": word,
        "unread": _unread(run.result),
        "requests": _count(run.result.get("requests")),
        "url": reverse("inventory_run", args=[run.pk]),
    }


def result_facts(run: Sync) -> list[dict[str, str]]:
    """What an ended run found, as it wrote it down."""
    told = ((words, _told(name, run.result[name])) for name, words in _RESULT_WORDS.items() if name in run.result)
    return [{"label": words, "value": value} for words, value in told if value]


def kind_rows(done: Progress) -> list[dict[str, Any]]:
    """Each kind of part with its counts."""
    return [{"label": PartKind(one.kind).label, "one": one} for one in done.kinds]


def unread_row(part: Part) -> dict[str, Any]:
    """A part that could not be read, with its reason."""
    place = part.place or part.workspace
    return {
        "kind": part.get_kind_display(),
        "place": str(place) if place else "the organisation",
        "reason": part.problem or NEVER_TRIED,
        "observed_at": part.observed_at,
    }


def speed_words(done: Progress) -> str:
    """Parts a minute, as people say them."""
    if not done.per_minute:
        return "nothing in the last ten minutes"
    return f"{done.per_minute:,.0f} parts a minute" if done.per_minute >= 1 else "less than a part a minute"


def _look(run: Sync) -> tuple[str, str, str]:
    if run.finished_at is None:
        return "accent", "refresh", "Running"
    if run.result.get("stopped"):
        return "neutral", "cross", "Stopped"
    if run.result.get("complete") is True:
        return "good", "check", "Complete"
    return "caution", "alert", "Not everything was read"


def _count(found: Any) -> int | None:
    """The result is written by several hands: a number, or a count by kind."""
    if isinstance(found, Mapping):
        return sum(value for value in found.values() if isinstance(value, int))
    return found if isinstance(found, int) else None


def _unread(result: Mapping[str, Any]) -> int | None:
    """How many parts could not be read; the reasons count them where the parts do not."""
    parts, reasons = result.get("parts"), result.get("unread")
    if isinstance(parts, Mapping):
        return _count(parts.get("unread"))
    return sum(number for number, _ in _reasons(reasons)) if isinstance(reasons, list) else _count(reasons)


def _told(name: str, found: Any) -> str:
    """What a run wrote down under one name, in words; nothing where there is nothing to say."""
    if found is None:
        return "they could not be worked out; the next run does it" if name == "findings" else "not known"
    if isinstance(found, list):
        return "; ".join(f"{words} ({number:,})" for number, words in _reasons(found))
    if name == "requests" and isinstance(found, Mapping):
        rows = sorted(found.items(), key=lambda row: -row[1])
        return ", ".join(f"{name_of(who).lower()} {number:,}" for who, number in rows) or "none"
    return _words(found)


def _reasons(found: list[Any]) -> Iterator[tuple[int, str]]:
    for one in found:
        if isinstance(one, Mapping):
            yield int(one.get("parts", 0)), f"{_plain(str(one.get('kind', '')))}: {one.get('reason', '')}"


def _words(found: Any) -> str:
    if isinstance(found, Mapping):
        rows = sorted(found.items(), key=lambda row: _ORDER.index(row[0]) if row[0] in _ORDER else len(_ORDER))
        return ", ".join(f"{value:,} {_plain(name)}" for name, value in rows if isinstance(value, int)) or "none"
    return f"{found:,}" if isinstance(found, int) else str(found)


def _plain(name: str) -> str:
    return PartKind(name).label.lower() if name in PartKind.values else name.replace("_", " ")
