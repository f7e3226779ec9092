"""What pages of rooms below offboarding show of it: they cannot ask it themselves."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse

from accounts.models import Person, User
from offboarding.plan_queries import page_of_plans, plan_to_show, steps_waiting
from offboarding.presentation.looks import plan_badge
from offboarding.presentation.plan_list import list_row, needing_row

register = template.Library()
_SHOWN = 5


@register.simple_tag(takes_context=True)
def leaving_of(context: Context, person: Person) -> dict[str, Any]:
    """How it stands with somebody's offboarding, for their page.

    Args:
        context: of the page; whoever may not see plans gets nothing.
        person: whose page it is.

    Returns:
        ``plan`` (the open one, or else the completed one) with its ``badge``, and ``new_url`` where the user may plan
        and nothing is open.
    """
    user = context["request"].user
    if not isinstance(user, User) or not user.has_perm("offboarding.view_plan"):
        return {}
    plan = plan_to_show(person)
    is_open = plan is not None and plan.is_open
    can_plan = user.has_perm("offboarding.plan") and not is_open
    return {
        "plan": plan,
        "is_open": is_open,
        "badge": plan_badge(plan) if plan else None,
        "new_url": reverse("plan_new", query={"person": person.account_id}) if can_plan else "",
    }


@register.simple_tag
def offboardings_for_home() -> dict[str, Any]:
    """What of offboarding stands on the home page: steps that need a person, the oldest first, and open plans."""
    page, stuck = page_of_plans("open", "", size=_SHOWN), steps_waiting(_SHOWN + 1)
    return {
        "plans": [list_row(plan) for plan in page.plans],
        "more_plans": page.before is not None,
        "needing": [needing_row(step) for step in stuck[:_SHOWN]],
        "more_needing": len(stuck) > _SHOWN,
    }
