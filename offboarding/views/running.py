"""Starting, stopping, resuming and calling off a plan."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import require, signed_in_user
from offboarding.forms import BecauseForm
from offboarding.models import Countersign, Plan
from offboarding.operations.planning import cancel_plan
from offboarding.operations.starting import confirm_start, start_plan
from offboarding.operations.stopping import release_clean_up, resume_plan, stop_plan
from offboarding.permissions import RUN
from offboarding.states import PlanState
from offboarding.views.common import UNPROCESSABLE, plan_or_404
from offboarding.views.plans import page_context
from tokens.views.shared import attempt


@require_POST
@require(RUN)
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Cut now; where it needs a second admin, one is asked."""
    plan, user = plan_or_404(pk), signed_in_user(request)

    def act() -> None:
        started = start_plan(plan, acting_user=user)
        if started.state == PlanState.DRAFT:
            messages.warning(request, f"A second admin has to confirm it: {started.waits_for_second_because}.")
        else:
            messages.success(request, f"The cut has begun. {started.person} cannot sign in here any more.")

    return attempt(request, act, then=plan.get_absolute_url())


@require_POST
@require(RUN)
def confirm(request: HttpRequest, pk: int, asked: int) -> HttpResponse:
    """The second admin's yes to a start."""
    rows = Countersign.objects.select_related("plan__person").filter(purpose=Countersign.Purpose.START)
    row = get_object_or_404(rows, pk=asked, plan_id=pk)
    return attempt(
        request,
        lambda: confirm_start(row, acting_user=signed_in_user(request)),
        then=row.plan.get_absolute_url(),
        done="Confirmed: the cut has begun.",
    )


@require_POST
@require(RUN)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop at the next step."""
    user = signed_in_user(request)
    return _because(
        request,
        pk,
        "stop",
        lambda plan, because: stop_plan(plan, because=because, acting_user=user),
        "Stopped. What was done stays done, and the person stays shut out.",
    )


@require_POST
@require(RUN)
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on where it was."""
    plan = plan_or_404(pk)
    return attempt(
        request,
        lambda: resume_plan(plan, acting_user=signed_in_user(request)),
        then=plan.get_absolute_url(),
        done="It goes on where it was.",
    )


@require_POST
@require(RUN)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the clean-up although the cut is open."""
    user = signed_in_user(request)
    return _because(
        request,
        pk,
        "release",
        lambda plan, because: release_clean_up(plan, because=because, acting_user=user),
        "The clean-up has begun.",
    )


@require_POST
@require(RUN)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off: the person stays."""
    user = signed_in_user(request)
    return _because(
        request,
        pk,
        "cancel",
        lambda plan, because: cancel_plan(plan, because=because, acting_user=user),
        "Cancelled. What was done until now stands below.",
    )


def _because(request: HttpRequest, pk: int, name: str, act: Callable[[Plan, str], object], done: str) -> HttpResponse:
    plan, form = plan_or_404(pk), BecauseForm(request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        if not plan.is_open:
            return redirect(plan)
        shape = "draft" if plan.state == PlanState.DRAFT else "started"
        context = page_context(plan, signed_in_user(request), **{f"{name}_form": form})
        return render(request, f"offboarding/plan_{shape}.html", context, status=UNPROCESSABLE)
    return attempt(request, lambda: act(plan, form.cleaned_data["because"]), then=plan.get_absolute_url(), done=done)
