"""What the views of this room share."""

from typing import Any

from django.forms import Form
from django.shortcuts import get_object_or_404

from accounts.forms import number_from
from offboarding.models import Plan, Step

UNPROCESSABLE = 422


def plan_or_404(pk: int) -> Plan:
    """A plan with the people it names."""
    return get_object_or_404(Plan.objects.select_related("person", "planned_by"), pk=pk)


def step_or_404(pk: int, step: int) -> Step:
    """A step of this plan, and of no other."""
    rows = Step.objects.select_related(
        "plan__person", "plan__planned_by", "job", "assignee", "credential", "workspace", "attested_by"
    )
    return get_object_or_404(rows, pk=step, plan_id=pk)


def number(text: str | None) -> int:
    """A number out of an address; 0 for what is none."""
    return number_from(text) or 0


def refused_context(form: Form, words: str) -> dict[str, Any]:
    """A refusal on a page that has no such form any more: why, and what was typed, so that nothing of it is lost.

    Args:
        form: as it was sent.
        words: what the operation said; empty where the form was wrong.
    """
    typed = (
        []
        if form.errors.get("words") or form.errors.get("because")
        else [form.data.get(name, "") for name in form.fields]
    )
    return {
        "refused": words or "This cannot be done here any more.",
        "typed": [f"You wrote: {text}" for text in typed if text],
    }
