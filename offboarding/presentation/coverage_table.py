"""The coverage statement as tables."""

from typing import Any, Final

from offboarding.coverage import Coverage, Covered, Minutes
from offboarding.models import Plan
from offboarding.presentation.looks import COVERED
from offboarding.statement import text_of

_SINCE: Final = {"leaves_at": "They leave", "reported_at": "It was reported", "started_at": "The start"}


def coverage_context(plan: Plan, coverage: Coverage) -> dict[str, Any]:
    """What the statement's template shows."""
    return {
        "lines": [
            {
                "name": line.name,
                "badge": COVERED[line.covered],
                "words": line.words,
                "owner": str(line.owner or ""),
                "due_at": line.due_at,
            }
            for line in coverage.lines
        ],
        "summary": _summary(coverage),
        "minutes": [_minutes_row(one) for one in coverage.minutes if one.moment is not None],
        "requests": coverage.requests,
        "is_final": coverage.is_final,
        "text": text_of(plan, coverage),
    }


def _summary(coverage: Coverage) -> list[dict[str, Any]]:
    """How many kinds ended how, the strongest first."""
    numbers = {covered: sum(1 for line in coverage.lines if line.covered == covered) for covered in Covered}
    return [{"badge": COVERED[covered], "number": number} for covered, number in numbers.items() if number]


def _minutes_row(one: Minutes) -> dict[str, Any]:
    ends = (one.last_token_gone, one.account_off, one.last_grant_gone, one.last_manual_step)
    return {"since": _SINCE.get(one.since, one.since), "moment": one.moment, "ends": [_words(end) for end in ends]}


def _words(minutes: int | None) -> str:
    if minutes is None:
        return "not yet"
    return f"{-minutes:,} min before" if minutes < 0 else f"{minutes:,} min"
