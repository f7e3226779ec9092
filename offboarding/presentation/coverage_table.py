"""The coverage statement as tables."""

from typing import Any

from django.utils.text import capfirst

from offboarding.coverage import Coverage, Covered, Minutes
from offboarding.models import Plan
from offboarding.presentation.looks import COVERED
from offboarding.statement import ENDS, SINCE, text_of


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
    ends = [_words(getattr(one, name)) for name, _ in ENDS]
    return {"since": capfirst(SINCE[one.since]), "moment": one.moment, "ends": ends}


def _words(minutes: int | None) -> str:
    if minutes is None:
        return "not yet"
    return f"{-minutes:,} min before" if minutes < 0 else f"{minutes:,} min"
