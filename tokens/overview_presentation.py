"""From the inventory's numbers to what its pages show: words, tones, charts and the tables behind them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from tokens.catalogue.data import KIND_BY_SLUG
from tokens.inventory import charts
from tokens.inventory.figures import WEEK, FindingAges, Headline, Totals
from tokens.inventory.forecast import Forecast
from tokens.inventory.freshness import Freshness
from tokens.inventory.hourly import HourlyBudget
from tokens.inventory.trend import TrendPoint
from tokens.models import FindingKind, PartKind, Standing
from tokens.models.verification import Outcome

AGE_WORDS = ("Up to a day", "Up to a week", "Up to a month", "Older")
_AGE_HEADS = ("≤ 1 day", "≤ 1 week", "≤ 1 month", "Older")
AGE_TONES = ("accent", "neutral", "caution", "danger")
MODES = {
    "observe": ("Observe", "The portal reads and counts. It mails nobody and ends nothing."),
    "advise": ("Advise", "Holders are told what was found of theirs and asked what it is for. Nothing ends by itself."),
    "enforce": ("Enforce", "Holders are told and asked. What is still not approved after its date is revoked."),
}
_OUTCOME_TONES = {Outcome.EXACT: "good", Outcome.MISSING: "good", Outcome.EXCESS: "danger"}
_OUTCOME_WORDS = {
    Outcome.EXACT: "Exactly as approved",
    Outcome.MISSING: "Smaller than approved",
    Outcome.EXCESS: "Broader than approved",
}


def headline_card(found: Headline, *, everything_was_read: bool) -> dict[str, Any]:
    """The figure with its words; where there is nothing to count it is no percentage.

    Args:
        found: the figure.
        everything_was_read: whether there can be no more than what was counted; else the figure says so.
    """
    return {
        "figure": "None yet" if found.share is None else f"{found.share:g} %",
        "share": found.share,
        "is_all": everything_was_read and found.counted > 0 and found.approved == found.counted,
        "may_be_more": not everything_was_read,
        "approved": found.approved,
        "counted": found.counted,
        "rest": found.counted - found.approved,
        "unknown_product": found.unknown_product,
        "other_product": found.other_product,
    }


def kind_chart(found: Totals) -> dict[str, Any]:
    """Live credentials by kind, the approved part of each first."""
    stacks = [
        charts.Stack(_kind_name(one.name), (one.approved, one.counted - one.approved), _list(kind=one.name))
        for one in found.kinds
    ]
    return _stacked(stacks, ("Approved and verified", "The rest"), ("good", "neutral"), heading="Kind")


def standing_bars(found: Totals) -> list[dict[str, Any]]:
    """Live credentials by standing, also those outside the headline."""
    rows = charts.bars([(Standing(name).label, many) for name, many in found.standings.items()])
    for row, name in zip(rows, found.standings, strict=True):
        row["url"] = _list(standing=name)
    return rows


def verification_bars(found: Totals) -> list[dict[str, Any]]:
    """Counted credentials by what reading them back said."""
    known = [outcome for outcome in Outcome.values if found.verifications.get(outcome)]
    names = [*sorted(known, key=lambda name: -found.verifications[name]), ""]
    rows = charts.bars([(_outcome_words(name), found.verifications.get(name, 0)) for name in names])
    for row, name in zip(rows, names, strict=True):
        row["tone"] = _OUTCOME_TONES.get(Outcome(name), "caution") if name else "neutral"
        row["url"] = _list(verification=name or "not_verified")
    return rows


def expiry_chart(found: Totals, now: datetime) -> dict[str, Any]:
    """How many end in each of the next weeks."""
    firsts = [now + WEEK * number for number in range(len(found.weeks))]
    chart = charts.columns(found.weeks, [_day(first) for first in firsts])
    most = max(found.weeks)
    busiest = f" Most, {most:,}, in the week from {_day(firsts[found.weeks.index(most)])}." if most else ""
    return {
        **chart,
        "ends": (_day(firsts[0]), _day(firsts[-1] + WEEK - timedelta(days=1))),
        "words": f"{sum(found.weeks):,} in all.{busiest}",
        "head": ("Week from", "Ending"),
    }


def finding_chart(found: Sequence[FindingAges]) -> dict[str, Any]:
    """Open findings by kind, each bar made of ages."""
    stacks = [
        charts.Stack(FindingKind(one.kind).label, one.ages, f"{reverse('findings')}?{urlencode({'kind': one.kind})}")
        for one in found
        if one.total
    ]
    chart = _stacked(stacks, AGE_WORDS, AGE_TONES, heading="Kind")
    return {
        **chart,
        "head": ("Kind", *_AGE_HEADS, "All"),
        "total": sum(one.total for one in found),
        "old": sum(one.ages[-1] for one in found),
        "accepted": sum(one.accepted for one in found),
    }


def trend_chart(points: Sequence[TrendPoint]) -> dict[str, Any]:
    """Two lines on one scale."""
    top = charts.nice_top(max((point.live for point in points), default=0))
    first, last = points[0], points[-1]
    return {
        "top": top,
        "words": f"From {first.live:,} to {last.live:,} live, from {first.approved:,} to {last.approved:,} approved.",
        "lines": [
            {"name": "Live", "tone": "neutral", "now": last.live, **charts.line([one.live for one in points], top)},
            {
                "name": "Approved and verified",
                "tone": "good",
                "now": last.approved,
                **charts.line([one.approved for one in points], top),
            },
        ],
        "ends": (_day(points[0].at), "today"),
        "head": ("Week", "Live", "Approved and verified"),
        "rows": [(_day(point.at), point.live, point.approved) for point in points],
    }


def freshness_rows(found: Sequence[Freshness]) -> list[dict[str, Any]]:
    """Each kind of part with its age; good only where all of it was read in time."""
    return [{"label": PartKind(one.kind).label, "one": one, **_fresh_look(one)} for one in found]


def budget_rows(found: Sequence[HourlyBudget]) -> list[dict[str, Any]]:
    """Each principal's hour as a bar."""
    return [
        {"one": one, "spent_share": min(100, 100 * one.spent / one.limit), "keeps": 100 * one.reserve / one.limit}
        for one in found
    ]


def forecast_words(found: Forecast) -> str:
    """The forecast as a sentence."""
    if found.requests is None or found.hours is None:
        return (
            "How long it takes is not known yet. The lists of members, projects and repositories are read first, "
            "which takes a few requests; the forecast follows from them."
        )
    return (
        f"{found.repositories:,} repositories and {found.projects:,} projects take {found.requests:,} requests: "
        f"{hours_words(found.hours)} at {found.per_hour:,} requests an hour."
    )


def hours_words(hours: float) -> str:
    """Hours as people say them: "less than an hour", "about 4 hours"."""
    if hours < 1:
        return "less than an hour"
    whole = round(hours)
    return "about an hour" if whole == 1 else f"about {whole} hours"


def baseline_ends(found: Sequence[Freshness]) -> datetime | None:
    """Until when what was there at the first look has to be declared; None before the first look."""
    first = min((one.first for one in found if one.kind == PartKind.ORGANISATION_TOKENS and one.first), default=None)
    return first + timedelta(days=settings.BASELINE_DAYS) if first else None


def _stacked(stacks: list[charts.Stack], names: Sequence[str], tones: Sequence[str], *, heading: str) -> dict[str, Any]:
    rows = charts.stacked(stacks, tones)
    return {
        "bars": rows,
        "legend": [{"name": name, "tone": tone} for name, tone in zip(names, tones, strict=True)],
        "head": (heading, *names, "All"),
        "rows": [(row["label"], *row["numbers"], row["value"]) for row in rows],
    }


def _fresh_look(one: Freshness) -> dict[str, str]:
    if one.never == one.parts:
        return {"tone": "neutral", "icon": "clock", "word": "Not read yet"}
    if one.unread:
        return {"tone": "caution", "icon": "alert", "word": f"{one.unread:,} unread"}
    if one.fresh < one.parts:
        return {"tone": "neutral", "icon": "clock", "word": f"{one.share} % fresh"}
    return {"tone": "good", "icon": "check", "word": "All fresh"}


def _list(**wanted: str) -> str:
    return f"{reverse('credentials')}?{urlencode(wanted)}"


def _kind_name(slug: str) -> str:
    return KIND_BY_SLUG[slug].name if slug in KIND_BY_SLUG else slug


def _outcome_words(name: str) -> str:
    return _OUTCOME_WORDS.get(Outcome(name), Outcome(name).label) if name else "Never read back"


def _day(moment: datetime) -> str:
    return f"{moment:%-d %b}"
