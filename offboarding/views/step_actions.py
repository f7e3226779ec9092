"""What people do about one step."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import require, signed_in_user
from accounts.models import Person
from offboarding.forms import BecauseForm, DecideKeyForm, OwnerForm, WordsForm
from offboarding.models import Countersign, KeyDecision, RotateItem, Step
from offboarding.operations.attesting import attest_step, confirm_step, force_close
from offboarding.operations.deploy_key_decisions import decide_key
from offboarding.operations.rotating import assign_item, attest_item
from offboarding.operations.step_actions import assign_step, retry_step, skip_step
from offboarding.permissions import FORCE, RUN
from offboarding.views.common import UNPROCESSABLE, refused_context, step_or_404
from offboarding.views.steps import ITEMS_A_PAGE, step_context
from tokens.views.shared import attempt

# What a user must be able to do for a form to stand on the page.
_SHOWN_WHERE = {
    "attest_form": "can_attest",
    "skip_form": "can_skip",
    "force_form": "can_force",
    "decide_form": "can_decide",
    "owner_form": "can_rotate",
    "words_form": "can_rotate",
}
SECOND_ASKED = "A second person has to confirm it. The other admins were told."


@require_POST
@require(RUN)
def retry(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Let the machine try once more."""
    found = step_or_404(pk, step)
    return attempt(
        request,
        lambda: retry_step(found, acting_user=signed_in_user(request)),
        then=_page(found),
        done="It is tried again now.",
    )


@require_POST
@require(RUN)
def attest(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Say how one knows that it is done."""
    found, user = step_or_404(pk, step), signed_in_user(request)
    form = WordsForm(request.POST, auto_id="attest_%s")
    return _with_form(
        request, found, "attest_form", form, lambda: attest_step(found, acting_user=user, **form.cleaned_data)
    )


@require_POST
@require(RUN)
def skip(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Leave a task out that does not apply."""
    found, user = step_or_404(pk, step), signed_in_user(request)
    form = BecauseForm(request.POST, auto_id="skip_%s")
    return _with_form(
        request, found, "skip_form", form, lambda: skip_step(found, acting_user=user, **form.cleaned_data)
    )


@require_POST
@require(FORCE)
def force(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Ask for it to be closed without a proof."""
    found, user = step_or_404(pk, step), signed_in_user(request)
    form = BecauseForm(request.POST, auto_id="force_%s")
    return _with_form(
        request,
        found,
        "force_form",
        form,
        lambda: force_close(found, acting_user=user, **form.cleaned_data),
        done=SECOND_ASKED,
    )


@require_POST
@require(RUN)
def confirm(request: HttpRequest, pk: int, step: int, asked: int) -> HttpResponse:
    """The second person's yes."""
    found = step_or_404(pk, step)
    row = get_object_or_404(Countersign.objects.select_related("plan__person", "step"), pk=asked, step=found)
    return attempt(
        request,
        lambda: confirm_step(row, acting_user=signed_in_user(request)),
        then=_page(found),
        done="Confirmed, with both your names.",
    )


@require_POST
@require(RUN)
def assign(request: HttpRequest, pk: int, step: int, account_id: str) -> HttpResponse:
    """Give it to somebody."""
    found = step_or_404(pk, step)
    person = get_object_or_404(Person, account_id=account_id)
    return attempt(
        request,
        lambda: assign_step(found, person, acting_user=signed_in_user(request)),
        then=_page(found),
        done=f"{person} has it now, and was told.",
    )


@require_POST
@require(RUN)
def decide(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Decide about a deploy key."""
    found, user = step_or_404(pk, step), signed_in_user(request)
    form = DecideKeyForm(request.POST, leaver=found.plan.person, auto_id="decide_%s")

    def act() -> object:
        said = form.cleaned_data
        decision = KeyDecision(said["decision"])
        return decide_key(found, decision, because=said["because"], new_owner=said["new_owner"], acting_user=user)

    return _with_form(request, found, "decide_form", form, act, done="Decided.")


@require_POST
@require(RUN)
def item_assign(request: HttpRequest, pk: int, step: int, item: int) -> HttpResponse:
    """Give one place of the rotate list to somebody."""
    found, row, user = step_or_404(pk, step), _item(step, item), signed_in_user(request)
    form = OwnerForm(request.POST, leaver=found.plan.person, auto_id=f"owner_{item}_%s")
    return _with_form(
        request,
        found,
        "owner_form",
        form,
        lambda: assign_item(row, form.cleaned_data["owner"], acting_user=user),
        about=row,
    )


@require_POST
@require(RUN)
def item_attest(request: HttpRequest, pk: int, step: int, item: int) -> HttpResponse:
    """Say that the secrets of one place have new values."""
    found, row, user = step_or_404(pk, step), _item(step, item), signed_in_user(request)
    form = WordsForm(request.POST, auto_id=f"words_{item}_%s")
    return _with_form(
        request,
        found,
        "words_form",
        form,
        lambda: attest_item(row, acting_user=user, **form.cleaned_data),
        about=row,
    )


def _item(step: int, pk: int) -> RotateItem:
    return get_object_or_404(RotateItem.objects.select_related("step", "repository", "workspace"), pk=pk, step_id=step)


def _with_form(
    request: HttpRequest,
    found: Step,
    name: str,
    form: Form,
    act: Callable[[], object],
    *,
    done: str = "",
    about: RotateItem | None = None,
) -> HttpResponse:
    """Do it where the form is right; where it is not, or is refused, show the page again with what was typed."""
    page = str((about.rank - 1) // ITEMS_A_PAGE * ITEMS_A_PAGE) if about is not None and about.rank else None

    def again(words: str = "") -> HttpResponse:
        if words:
            form.add_error(None, words)
        fresh, user = step_or_404(found.plan_id, found.pk), signed_in_user(request)
        wrong: dict[str, Any] = {name: form, "wrong": name, "wrong_item": about.pk if about else None}
        context = step_context(fresh, user, page=page, **wrong)
        if not context[_SHOWN_WHERE[name]]:
            context |= refused_context(form, words)
        return render(request, "offboarding/step.html", context, status=UNPROCESSABLE)

    if not form.is_valid():
        return again()
    then = f"{_page(found)}?items={page}#item-{about.pk}" if about else _page(found)
    return attempt(request, act, then=then, done=done, refused=again)


def _page(step: Step) -> str:
    return reverse("plan_step", args=[step.plan_id, step.pk])
