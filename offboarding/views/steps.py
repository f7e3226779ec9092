"""The steps of a plan: the list, and the page of one with what shows that it held."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import require, signed_in_user
from accounts.models import User
from offboarding.forms import BecauseForm, DecideKeyForm, FindPersonForm, WordsForm
from offboarding.models import Step
from offboarding.permissions import VIEW
from offboarding.presentation import step_page as show
from offboarding.presentation.looks import step_badge
from offboarding.presentation.plan_page import second_row
from offboarding.presentation.steps import step_row
from offboarding.states import StepKind
from offboarding.step_queries import (
    PAGE_SIZE,
    STEP_FILTERS,
    assignable_people,
    counts_by_kind,
    open_countersigns,
    page_of_steps,
)
from offboarding.views.common import number, plan_or_404, step_or_404

EVIDENCE_SHOWN = 200
ITEMS_A_PAGE = 25


@require_safe
@require(VIEW)
def step_list(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan's steps, by kind and by where they stand, a hundred at a time."""
    plan = plan_or_404(pk)
    kind, wanted = request.GET.get("kind", ""), request.GET.get("show", "")
    kind = kind if kind in StepKind.values else ""
    wanted = wanted if wanted in STEP_FILTERS else "all"
    after = number(request.GET.get("after"))
    steps, following = page_of_steps(plan, kind, wanted, after=after)
    page, now = reverse("plan_steps", args=[pk]), timezone.now()
    here = f"{page}?kind={kind}&show={wanted}"
    counts = counts_by_kind(plan)
    context = {
        "plan": plan,
        "rows": [step_row(step, now=now) for step in steps],
        "title": StepKind(kind).label if kind else "Steps",
        "total": counts[StepKind(kind)].total if kind in counts else sum(one.total for one in counts.values()),
        "chips": [
            {"label": label, "url": f"{page}?kind={kind}&show={name}", "current": name == wanted}
            for name, label in STEP_FILTERS.items()
        ],
        "newer_url": (f"{here}&after={max(0, after - PAGE_SIZE)}") if after else "",
        "older_url": f"{here}&after={following}" if following else "",
    }
    return render(request, "offboarding/steps.html", context)


@require_safe
@require(VIEW)
def step(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """One step."""
    found = step_or_404(pk, step)
    context = step_context(found, signed_in_user(request), q=request.GET.get("q"), page=request.GET.get("items"))
    return render(request, "offboarding/step.html", context)


def step_context(
    found: Step, user: User, *, q: str | None = None, page: str | None = None, **forms: Any
) -> dict[str, Any]:
    """Everything of a step's page; ``forms`` are those that were filled in wrongly.

    Args:
        found: the step.
        user: who looks.
        q: whom they look for, to give the step to.
        page: from which place of the rotate list on.
        forms: by their name in the template.
    """
    plan = found.plan
    asked = [one for one in open_countersigns(plan) if one.step_id == found.pk]
    evidence = list(found.evidence.all()[: EVIDENCE_SHOWN + 1])
    may = show.actions(found, plan, user, asked)
    return {
        "plan": plan,
        "step": found,
        "badge": step_badge(found),
        "facts": show.facts(found),
        "asked": [second_row(one, user) for one in asked],
        "evidence": [show.evidence_row(row) for row in evidence[:EVIDENCE_SHOWN]],
        "more_evidence": len(evidence) > EVIDENCE_SHOWN,
        **may,
        **(_candidates(found, q) if may["can_assign"] else {}),
        **(items_context(found, user, page) if may["has_items"] else {}),
        "decide_form": DecideKeyForm(leaver=plan.person, auto_id="decide_%s"),
        "attest_form": WordsForm(auto_id="attest_%s"),
        "skip_form": BecauseForm(auto_id="skip_%s"),
        "force_form": BecauseForm(auto_id="force_%s"),
        **forms,
    }


def _candidates(found: Step, q: str | None) -> dict[str, Any]:
    form = FindPersonForm({"q": q} if q else None, auto_id="find_%s")
    text = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    people = assignable_people(text, leaver=found.plan.person) if text else []
    return {"find_form": form, "text": text, "candidates": people}


def items_context(found: Step, user: User, page: str | None) -> dict[str, Any]:
    """A page of the rotate list, the most urgent place first."""
    after = number(page)
    rows = found.items.select_related("repository", "workspace", "owner", "done_by")
    items = list(rows[after : after + ITEMS_A_PAGE + 1])
    here = reverse("plan_step", args=[found.plan_id, found.pk])
    return {
        "items": [show.item_row(item, user) for item in items[:ITEMS_A_PAGE]],
        "items_back": f"{here}?items={max(0, after - ITEMS_A_PAGE)}" if after else "",
        "items_more": f"{here}?items={after + ITEMS_A_PAGE}" if len(items) > ITEMS_A_PAGE else "",
    }
