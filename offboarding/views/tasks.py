"""What somebody was asked to do when a colleague leaves: for anybody, not only for admins."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require_signed_in, signed_in_user
from accounts.models import User
from offboarding.forms import WordsForm
from offboarding.models import RotateItem, Step
from offboarding.operations.attesting import attest_step
from offboarding.operations.rotating import attest_item
from offboarding.permissions import VIEW
from offboarding.plan_queries import open_tasks_of
from offboarding.presentation import step_page as show
from offboarding.presentation.looks import step_badge
from offboarding.views.common import UNPROCESSABLE, refused_context
from tokens.views.shared import attempt

MOST = 200
THANKS = "Thank you. It stands in the evidence with your name."


@require_safe
@require_signed_in
def tasks(request: HttpRequest) -> HttpResponse:
    """My open tasks, the earliest due first."""
    found = list(open_tasks_of(signed_in_user(request).person)[: MOST + 1])
    context = {"rows": [show.task_row(step) for step in found[:MOST]], "is_cut": len(found) > MOST}
    return render(request, "offboarding/tasks.html", context)


@require_safe
@require_signed_in
def task(request: HttpRequest, step: int) -> HttpResponse:
    """One task: what, why, until when, where."""
    user = signed_in_user(request)
    return render(request, "offboarding/task.html", _context(_visible(step, user), user))


@require_POST
@require_signed_in
def attest(request: HttpRequest, step: int) -> HttpResponse:
    """Say that it is done."""
    user = signed_in_user(request)
    found, form = _visible(step, user), WordsForm(request.POST)
    return _with_words(
        request,
        found,
        form,
        lambda: attest_step(found, acting_user=user, **form.cleaned_data),
        stands_on=lambda page: page["can_attest"],
        attest_form=form,
    )


@require_POST
@require_signed_in
def attest_place(request: HttpRequest, step: int, item: int) -> HttpResponse:
    """Say that the secrets of one place have new values."""
    user = signed_in_user(request)
    found, form = _visible(step, user), WordsForm(request.POST, auto_id=f"words_{item}_%s")
    places = RotateItem.objects.select_related("step", "repository", "workspace")
    row = get_object_or_404(places, pk=item, step_id=step)
    return _with_words(
        request,
        found,
        form,
        lambda: attest_item(row, acting_user=user, **form.cleaned_data),
        stands_on=lambda page: (
            page["is_open"] and any(one["pk"] == item and not one["done_at"] for one in page["items"])
        ),
        words_form=form,
        wrong_item=item,
    )


def _with_words(  # noqa: PLR0913, RUF100 - each is one part of an answer
    request: HttpRequest,
    found: Step,
    form: WordsForm,
    act: Callable[[], object],
    *,
    stands_on: Callable[[dict[str, Any]], bool],
    **shown: Any,
) -> HttpResponse:
    """Do it, or show the page again with the words; where it has no such form any more, they stand beside it."""
    user = signed_in_user(request)

    def again(words: str = "") -> HttpResponse:
        if words:
            form.add_error(None, words)
        context = _context(_visible(found.pk, user), user, **shown)
        if not stands_on(context):
            context |= refused_context(form, words)
        return render(request, "offboarding/task.html", context, status=UNPROCESSABLE)

    if not form.is_valid():
        return again()
    return attempt(request, act, then=reverse("task", args=[found.pk]), done=THANKS, refused=again)


def _visible(pk: int, user: User) -> Step:
    """The step, for whoever has it or may see every plan; for others it is not there."""
    rows = Step.objects.select_related("plan__person", "plan__planned_by", "job", "assignee", "attested_by")
    found = get_object_or_404(rows, pk=pk)
    is_theirs = found.assignee_id == user.person_id or found.items.filter(owner=user.person).exists()
    if not is_theirs and not user.has_perm(VIEW):
        raise Http404
    return found


def _context(found: Step, user: User, **forms: Any) -> dict[str, Any]:
    may = show.actions(found, found.plan, user, [])
    mine = found.items.filter(owner=user.person).select_related("repository", "workspace", "owner", "done_by")
    return {
        "step": found,
        "plan": found.plan,
        "badge": step_badge(found),
        "facts": [one for one in show.facts(found) if one["label"] in ("Until", "Risk", "Closed")],
        "can_attest": may["can_attest"],
        "items": [show.item_row(item, user) for item in mine[:MOST]],
        "is_open": found.closed_at is None and found.plan.is_started,
        "sees_plan": user.has_perm(VIEW),
        "attest_form": WordsForm(),
        **forms,
    }
