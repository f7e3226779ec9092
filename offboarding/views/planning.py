"""Making a plan for one person or many, changing a draft, reading ahead once more."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require, signed_in_user
from accounts.models import Person
from accounts.queries import people_page
from offboarding.forms import FindPersonForm, ManyForm, PlanForm
from offboarding.operations.csv_lines import COLUMNS, LINES_AT_MOST
from offboarding.operations.many import LineAnswer, plan_many, rows_from_csv
from offboarding.operations.planning import Channel, change_plan, look_ahead_again, plan_offboarding
from offboarding.permissions import PLAN
from offboarding.plan_queries import newest_ended_plan_of, open_plan_of
from offboarding.presentation.looks import badge
from offboarding.states import PlanState
from offboarding.views.common import UNPROCESSABLE, plan_or_404
from offboarding.views.plans import page_context
from tokens.views.shared import attempt

_ANSWERS = {
    "planned": badge("good", "check", "Planned"),
    "done": badge("neutral", "check", "Done"),
    "unknown": badge("caution", "alert", "Unknown"),
    "not a member": badge("neutral", "user", "Not a member"),
    "refused": badge("danger", "cross", "Refused"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@require(PLAN)
def new(request: HttpRequest) -> HttpResponse:
    """Plan for one person; whoever has an open plan already leads there."""
    account_id = request.GET.get("person", "")
    if not account_id:
        return _choose_person(request)
    person = get_object_or_404(Person, account_id=account_id)
    if request.method == "POST":
        return _plan(request, person)
    known = open_plan_of(person)
    return redirect(known) if known else render(request, "offboarding/plan_new.html", _new_context(person, PlanForm()))


def _choose_person(request: HttpRequest) -> HttpResponse:
    form = FindPersonForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"form": form, "text": text, "people": people_page(text).rows[:20] if text else []}
    return render(request, "offboarding/plan_choose.html", context)


def _new_context(person: Person, form: PlanForm) -> dict[str, Any]:
    return {
        "person": person,
        "form": form,
        "seats": [str(seat.workspace) for seat in person.seats.select_related("workspace")],
        "ended": newest_ended_plan_of(person),
    }


def _plan(request: HttpRequest, person: Person) -> HttpResponse:
    form = PlanForm(request.POST)

    def again(words: str = "") -> HttpResponse:
        if words:
            form.add_error(None, words)
        return render(request, "offboarding/plan_new.html", _new_context(person, form), status=UNPROCESSABLE)

    if not form.is_valid():
        return again()
    made = ""

    def act() -> None:
        nonlocal made
        made = plan_offboarding(person, wanted=form.wanted(), acting_user=signed_in_user(request)).get_absolute_url()

    answer = attempt(request, act, then=reverse("offboardings"), refused=again)
    return redirect(made) if made else answer


@require_http_methods(["GET", "HEAD", "POST"])
@require(PLAN)
def many(request: HttpRequest) -> HttpResponse:
    """Plan for a list; every line gets its own answer."""
    if request.method != "POST":
        return render(request, "offboarding/plan_many.html", _many_context(ManyForm()))
    form = ManyForm(request.POST, request.FILES)
    rows: list[dict[str, str]] = []
    if form.is_valid():
        try:
            rows = rows_from_csv(form.cleaned_data["text"])
        except ValueError as problem:
            form.add_error(None, str(problem))
    if form.is_valid() and not rows:
        form.add_error(None, "There is no line below the line of columns.")
    if not form.is_valid():
        return render(request, "offboarding/plan_many.html", _many_context(form), status=UNPROCESSABLE)
    answers = plan_many(rows, channel=Channel(), acting_user=signed_in_user(request))
    context = {
        "answers": [_answer_row(one) for one in answers],
        "planned": sum(1 for one in answers if one.answer == "planned"),
        "others": sum(1 for one in answers if one.answer != "planned"),
    }
    return render(request, "offboarding/plan_many_done.html", context)


def _many_context(form: ManyForm) -> dict[str, Any]:
    example = "email,leaves_at,reference\nlee@example.com,2026-11-30T17:00:00Z,HR-4711\n"
    return {"form": form, "columns": COLUMNS, "most": LINES_AT_MOST, "example": example}


def _answer_row(one: LineAnswer) -> dict[str, Any]:
    url = one.plan.get_absolute_url() if one.plan else ""
    return {"line": one.line, "who": one.who, "badge": _ANSWERS[one.answer], "words": one.words, "url": url}


@require_POST
@require(PLAN)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said of a draft."""
    plan, form = plan_or_404(pk), PlanForm(request.POST)
    user = signed_in_user(request)

    def again(words: str = "") -> HttpResponse:
        if plan.state != PlanState.DRAFT:
            return redirect(plan)
        if words:
            form.add_error(None, words)
        context = page_context(plan, user, change_form=form)
        return render(request, "offboarding/plan_draft.html", context, status=UNPROCESSABLE)

    if not form.is_valid():
        return again()
    return attempt(
        request,
        lambda: change_plan(plan, form.wanted(), acting_user=user),
        then=plan.get_absolute_url(),
        done="Changed.",
        refused=again if plan.state == PlanState.DRAFT else None,
    )


@require_POST
@require(PLAN)
def rehearse(request: HttpRequest, pk: int) -> HttpResponse:
    """Read everything once more for a draft, and change nothing at Bitbucket."""
    plan = plan_or_404(pk)
    return attempt(
        request,
        lambda: look_ahead_again(plan, acting_user=signed_in_user(request)),
        then=plan.get_absolute_url(),
        done="It reads everything once more. What stands here is the last answer until then.",
    )
