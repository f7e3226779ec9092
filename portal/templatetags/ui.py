"""Template tags of the design system: icons, times, days and the names of scopes."""

from datetime import UTC, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.icons import ICONS

register = template.Library()

_JUST_NOW_SECONDS = 45
_HOUR = 3600
_DAY = 24 * _HOUR
# (from how many seconds on, seconds of the unit, its name): a little early, so that nobody reads "24 hours".
_STEPS = (
    (60 * _DAY, 30 * _DAY, "month"),
    (0.97 * _DAY, _DAY, "day"),
    (0.97 * _HOUR, _HOUR, "hour"),
    (_JUST_NOW_SECONDS, 60, "minute"),
)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon; words beside it carry the meaning, so it is hidden from screen readers.

    Args:
        name: a key of ``portal.icons.ICONS``.
        css: a further class.

    Raises:
        KeyError: there is no such icon; a typing error should not pass unseen.
    """
    inside = mark_safe(ICONS[name])  # noqa: S308  # nosec B308 B703 - our own drawing
    return format_html(
        '<svg class="icon icon-{}{}" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">{}</svg>',
        name,
        f" {css}" if css else "",
        inside,
    )


@register.filter
def when(moment: datetime | None) -> SafeString | str:
    """Show a moment as relative words, with its absolute UTC time on hover and focus.

    Args:
        moment: an aware time, or nothing.

    Returns:
        A ``<time>`` element, or "never" for nothing.
    """
    if not moment:
        return "never"
    absolute = moment.astimezone(UTC)
    return format_html(
        '<time class="when" datetime="{}" tabindex="0">{}<span class="when-absolute"> {}</span></time>',
        absolute.isoformat(timespec="seconds"),
        relative_words(moment, now=timezone.now()),
        absolute.strftime("%-d %b %Y, %H:%M UTC"),
    )


def relative_words(moment: datetime, *, now: datetime) -> str:
    """Say how far away a moment is: "3 hours ago", "in 12 days", "just now".

    Args:
        moment: the time to speak of.
        now: the time to measure from.
    """
    seconds = (moment - now).total_seconds()
    distance = abs(seconds)
    if distance < _JUST_NOW_SECONDS:
        return "just now"
    unit_seconds, unit = next((size, name) for least, size, name in _STEPS if distance >= least)
    words = counted(max(1, round(distance / unit_seconds)), unit)
    return f"in {words}" if seconds > 0 else f"{words} ago"


def counted(number: int, noun: str) -> str:
    """Put a number before a noun that takes an s: "1 day", "12 days".

    Args:
        number: how many.
        noun: the singular.
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


@register.filter
def days(number: int | None) -> str:
    """Say a number of days: "1 day", "90 days"; nothing becomes "not known"."""
    return "not known" if number is None else counted(int(number), "day")


@register.filter
def days_left(number: int | None) -> str:
    """Say how long something still lasts: "12 days left", "ends today", "ended 3 days ago"."""
    if number is None:
        return ""
    if number == 0:
        return "ends today"
    return f"{counted(number, 'day')} left" if number > 0 else f"ended {counted(-number, 'day')} ago"


@register.filter
def scope_name(name: str) -> SafeString:
    """Show a scope with its suffix set back, and a place to break the line before it."""
    stem, found, _ = name.partition(":bitbucket")
    suffix = format_html('<wbr><span class="chip-suffix">{}</span>', ":bitbucket") if found else ""
    return format_html("{}{}", stem, suffix)


@register.filter
def initials(name: str) -> str:
    """Return up to two initials of a person's name: "Emma Example" becomes "EE"."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def plural(number: int | None, words: str) -> str:
    """Choose and count: ``{{ 214|plural:"repository,repositories" }}`` is "214 repositories".

    Args:
        number: how many; nothing counts as none.
        words: singular and plural, with a comma between.
    """
    one, many = words.split(",")
    count = number or 0
    return f"{count:,} {one if count == 1 else many}"


_STRONG_VERBS = ("admin", "delete")


@register.filter
def is_strong_scope(name: str) -> bool:
    """True for a scope that administers or deletes, in either dialect."""
    return name.startswith(_STRONG_VERBS) or name.endswith(tuple(f":{verb}" for verb in _STRONG_VERBS))
