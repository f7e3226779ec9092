"""A plan as lines of text, for a terminal."""

from typing import Any

from django.conf import settings

from offboarding.models import Plan
from offboarding.operations.many import LineAnswer


def plan_words(plan: Plan) -> list[str]:
    """What it is, how it stands, and its steps."""
    lines = [
        f"{plan} of {plan.person}: {plan.get_state_display().lower()}. {settings.PORTAL_URL}{plan.get_absolute_url()}"
    ]
    if plan.waits_for_second_because:
        lines.append(f"  waits: {plan.waits_for_second_because}")
    for step in plan.steps.select_related("job").order_by("position", "pk"):
        said = step.get_verdict_display() if step.verdict else step.job.get_state_display()
        because = step.verdict_words or step.job.reason
        lines.append(f"  {step.get_phase_display():9} {said:14} {step.title}" + (f" ({because})" if because else ""))
    return lines


def line_words(line: LineAnswer) -> str:
    """What became of one line of a list."""
    return f"line {line.line}: {line.who}: {line.answer}. {line.words}"


def rehearsal_words(plan: Plan) -> list[str]:
    """What the rehearsal met."""
    lines = [f"  rehearsed: {_said(line)}" for line in plan.rehearsal.get("lines", [])]
    lines += [f"  PROBLEM: {problem}" for problem in plan.rehearsal.get("problems", [])]
    return lines or ["  nothing was rehearsed yet"]


def _said(line: Any) -> str:
    if not isinstance(line, dict):
        return str(line)
    return ": ".join(str(line[name]) for name in ("title", "detail") if line.get(name))
