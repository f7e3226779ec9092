"""The list of plans, and the page of one."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import require, signed_in_user
from accounts.models import User
from audit.presentation import event_row, trail_url
from audit.queries import Filter, page_of_events
from offboarding.coverage import coverage_of
from offboarding.forms import BecauseForm, PlanFilterForm, PlanForm
from offboarding.models import Plan
from offboarding.permissions import VIEW
from offboarding.plan_queries import page_of_plans, plan_counts
from offboarding.presentation import plan_page as show
from offboarding.presentation.coverage_table import coverage_context
from offboarding.presentation.looks import plan_badge
from offboarding.presentation.plan_list import chips, list_row
from offboarding.presentation.steps import phase_cards, waiting_row
from offboarding.report_presentation import report_context
from offboarding.states import Phase, PlanState
from offboarding.step_queries import counts_by_kind, first_steps, open_countersigns, what_waits
from offboarding.views.common import number, plan_or_404
from tokens.views.shared import is_update

EVENTS = 15
# The forms of a plan's dialogs: their fields are told apart by these.
DIALOGS = ("cancel", "stop", "release")
# Which page a plan has; when that changes while somebody looks, the whole page is loaded anew.
_SHAPES = {
    PlanState.DRAFT: "draft",
    PlanState.RUNNING: "started",
    PlanState.WAITING: "started",
    PlanState.COMPLETED: "ended",
    PlanState.CANCELLED: "ended",
}


@require_safe
@require(VIEW)
def plan_list(request: HttpRequest) -> HttpResponse:
    """Every plan, by where it stands."""
    form = PlanFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    wanted, text = asked.get("show") or "open", asked.get("q", "")
    before = number(request.GET.get("before"))
    page = page_of_plans(wanted, text, before=before)
    kept = {"show": wanted} | ({"q": text} if text else {})
    here = f"{reverse('offboardings')}?{urlencode(kept)}"
    context = {
        "form": form,
        "rows": [list_row(plan) for plan in page.plans],
        "chips": chips(plan_counts(), wanted, text),
        "show": wanted,
        "text": text,
        "newer_url": here if before else "",
        "older_url": f"{here}&before={page.before}" if page.before else "",
    }
    return render(request, "offboarding/plans.html", context)


@require_safe
@require(VIEW)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan; htmx asks for the parts that move alone."""
    found, user = plan_or_404(pk), signed_in_user(request)
    shape = _SHAPES[PlanState(found.state)]
    template = f"offboarding/plan_{shape}.html"
    if not is_update(request):
        return render(request, template, page_context(found, user))
    if request.GET.get("as") != shape:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if request.GET.get("part") == "coverage":
        return render(request, f"{template}#coverage", {"plan": found, "shape": shape, **_coverage(found)})
    return render(request, f"{template}#live", _live_context(found, user))


def page_context(found: Plan, user: User, **forms: Any) -> dict[str, Any]:
    """Everything of a plan's page; ``forms`` are those that were filled in wrongly."""
    context = {**_live_context(found, user), **_history(found, user)}
    if found.started_at is not None:
        context |= {**report_context(found, user), **_coverage(found)}
    made: dict[str, Any] = {f"{name}_form": BecauseForm(auto_id=f"{name}_%s") for name in DIALOGS}
    return {**context, **made, "change_form": PlanForm.of_plan(found), **forms}


def _live_context(found: Plan, user: User) -> dict[str, Any]:
    asked = open_countersigns(found)
    context = {
        "plan": found,
        "shape": _SHAPES[PlanState(found.state)],
        "badge": plan_badge(found),
        "facts": show.facts(found),
        "asked": [show.second_row(one, user) for one in asked],
        **show.actions(found, user, asked),
    }
    if found.state == PlanState.DRAFT:
        return context | _draft_context(found)
    return context | _steps_context(found)


def _draft_context(found: Plan) -> dict[str, Any]:
    preview, rehearsal = show.preview_card(found), show.rehearsal_card(found)
    return {
        "preview": preview,
        "rehearsal": rehearsal,
        "cut_words": show.what_the_cut_does(found),
        "next": show.next_of_draft(found),
        "every": 0 if preview["at"] and rehearsal["at"] else 5,
    }


def _steps_context(found: Plan) -> dict[str, Any]:
    counts, steps, waiting = counts_by_kind(found), first_steps(found), what_waits(found)
    looks = sorted(one.job.next_attempt_at for one in steps if one.phase == Phase.PROOF and one.closed_at is None)
    is_ended = not found.is_open
    return {
        "phases": phase_cards(found, counts, steps),
        "waiting": [] if is_ended else [waiting_row(one) for one in waiting],
        "next": show.next_of_ended(found, looks) if is_ended else show.next_of_started(found, counts, steps, waiting),
        "every": 2 if found.state == PlanState.RUNNING else 15,
    }


def _coverage(found: Plan) -> dict[str, Any]:
    return {"coverage": coverage_context(found, coverage_of(found))}


def _history(found: Plan, user: User) -> dict[str, Any]:
    if not user.has_perm("audit.view_event"):
        return {"events": [], "trail_url": ""}
    about = f"person:{found.person.account_id}"
    newest = page_of_events(Filter(subject=about), size=EVENTS).events
    return {"events": [event_row(event) for event in newest], "trail_url": trail_url(subject=about)}
