"""Plans as lines of a list."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from offboarding.models import Plan, Step
from offboarding.plan_filters import SHOWN
from offboarding.presentation.looks import plan_badge
from offboarding.states import PlanState


def list_row(plan: Plan) -> dict[str, Any]:
    """One line; the plan carries the figures of `plan_queries.with_figures`."""
    label, at = _moment(plan)
    return {
        "url": plan.get_absolute_url(),
        "person": str(plan.person),
        "email": plan.person.email,
        "badge": plan_badge(plan),
        "reference": plan.reference,
        "when_label": label,
        "at": at,
        "total": getattr(plan, "steps_total", None) or 0,
        "closed": getattr(plan, "steps_closed", None) or 0,
        "people_needed": getattr(plan, "people_needed", None) or 0,
        "waits_since": getattr(plan, "waits_since", None),
        "second": plan.waits_for_second_because if plan.state == PlanState.DRAFT else "",
    }


def _moment(plan: Plan) -> tuple[str, datetime | None]:
    """The one time that matters now, and what it is."""
    if plan.state == PlanState.COMPLETED:
        return "completed", plan.completed_at
    if plan.state == PlanState.CANCELLED:
        return "cancelled", plan.cancelled_at
    if plan.started_at is not None:
        return "started", plan.started_at
    return ("starts by itself", plan.starts_at) if plan.starts_at else ("planned", plan.planned_at)


def chips(counts: dict[str, int], current: str, text: str) -> list[dict[str, Any]]:
    """The sorts of plans with how many there are; one that is empty is left out, unless it is shown."""
    page = reverse("offboardings")
    return [
        {
            "label": label,
            "number": counts[name],
            "current": name == current,
            "url": f"{page}?{urlencode({'show': name} | ({'q': text} if text else {}))}",
        }
        for name, label in SHOWN.items()
        if counts[name] or name in ("open", current)
    ]


def needing_row(step: Step) -> dict[str, Any]:
    """A step that needs a person, for the home page; it carries ``waits_since``."""
    return {
        "url": reverse("plan_step", args=[step.plan_id, step.pk]),
        "title": step.title,
        "person": str(step.plan.person),
        "because": step.job.reason,
        "since": getattr(step, "waits_since", None),
    }
