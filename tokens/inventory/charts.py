"""Shapes of charts: from numbers to coordinates that a template draws. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# A plot's own units; the page stretches them to whatever room there is.
PLOT_WIDTH, PLOT_HEIGHT = 100.0, 40.0
# Of a column's step, how much is the column.
_FILLED = 0.72
_NICE = (1, 2, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Stack:
    """One bar made of parts, in the order of the chart's legend."""

    label: str
    parts: tuple[int, ...]
    url: str = ""


def bars(rows: Sequence[tuple[str, int]], *, tone: str = "") -> list[dict[str, Any]]:
    """Bars beside each other; the longest one fills the line."""
    most = max((value for _, value in rows), default=0)
    return [{"label": label, "value": value, "share": _percent(value, most), "tone": tone} for label, value in rows]


def stacked(rows: Sequence[Stack], tones: Sequence[str]) -> list[dict[str, Any]]:
    """Bars made of parts; the longest one fills the line.

    Args:
        rows: their numbers.
        tones: of the parts, in their order.
    """
    most = max((sum(row.parts) for row in rows), default=0)
    return [{"label": row.label, "url": row.url, **_stack(row.parts, tones, most)} for row in rows]


def columns(values: Sequence[int], labels: Sequence[str]) -> dict[str, Any]:
    """Columns from left to right below a rounded top."""
    top = nice_top(max(values, default=0))
    step = PLOT_WIDTH / max(1, len(values))
    rects = [
        {
            "x": round(number * step + step * (1 - _FILLED) / 2, 2),
            "y": round(PLOT_HEIGHT - PLOT_HEIGHT * value / top, 2),
            "width": round(step * _FILLED, 2),
            "height": round(PLOT_HEIGHT * value / top, 2),
        }
        for number, value in enumerate(values)
    ]
    return {"top": top, "rects": rects, "rows": list(zip(labels, values, strict=True))}


def line(values: Sequence[int], top: int) -> dict[str, str]:
    """A line through values at even distances, and the surface below it."""
    step = PLOT_WIDTH / max(1, len(values) - 1)
    heights = [PLOT_HEIGHT - PLOT_HEIGHT * value / top for value in values]
    points = " ".join(f"{number * step:.2f},{height:.2f}" for number, height in enumerate(heights))
    return {"points": points, "surface": f"0,{PLOT_HEIGHT} {points} {PLOT_WIDTH},{PLOT_HEIGHT}"}


def nice_top(most: int) -> int:
    """The next number from ``most`` on that reads well at the top of an axis; at least 1."""
    size = 1
    while True:
        for digit in _NICE:
            if digit * size >= most:
                return digit * size
        size *= 10


def _stack(parts: Sequence[int], tones: Sequence[str], most: int) -> dict[str, Any]:
    drawn, before = [], 0.0
    for value, tone in zip(parts, tones, strict=True):
        width = _percent(value, most)
        if value:
            drawn.append({"x": round(before, 2), "width": width, "tone": tone})
        before += width
    return {"value": sum(parts), "parts": drawn, "numbers": list(parts)}


def _percent(value: int, most: int) -> float:
    return round(100 * value / most, 2) if most else 0.0
