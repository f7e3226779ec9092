"""What are these for? Each holder's found credentials, answered many at once, without a script."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require, require_signed_in, signed_in_user
from accounts.models import User
from tokens import queries
from tokens.adoption import form_url
from tokens.finding_forms import AnswerForm
from tokens.found_presentation import declared_row
from tokens.found_queries import ANSWERED_AT_ONCE, count_to_declare, to_declare
from tokens.models import Answer, Credential
from tokens.operations.adopting import why_not_adoptable
from tokens.operations.answers import answer_credential
from tokens.operations.change import NotAllowed, Stale, record_refusal
from tokens.states import IllegalMove
from tokens.views.shared import CHANGED, found

UNPROCESSABLE = 422


@require_safe
@require_signed_in
def declare(request: HttpRequest) -> HttpResponse:
    """Everything that was found in one's own account, with four answers each."""
    user = signed_in_user(request)
    return render(request, "tokens/declare.html", _context(user, _forms(user)))


def _forms(user: User) -> list[AnswerForm]:
    return [AnswerForm(credential=row) for row in to_declare(user.person)[:ANSWERED_AT_ONCE]]


@require_POST
@require_signed_in
def answer(request: HttpRequest) -> HttpResponse:
    """Keep every answer that was given; what is refused is said in words, and the others are kept all the same."""
    user = signed_in_user(request)
    rows = [row for row in to_declare(user.person) if f"c{row.pk}-words" in request.POST]
    forms = [AnswerForm(request.POST, credential=row) for row in rows]
    valid = [form.is_valid() for form in forms]
    if not all(valid):
        return render(request, "tokens/declare.html", _context(user, forms), status=UNPROCESSABLE)
    given = [form for form in forms if form.is_answered]
    if not given:
        context = _context(user, _forms(user)) | {"nothing_given": True}
        return render(request, "tokens/declare.html", context, status=UNPROCESSABLE)
    kept = [form.credential for form in given if _keep(request, user, form)]
    if kept:
        one = len(kept) == 1
        messages.success(request, "Your answer is kept." if one else f"{len(kept)} answers are kept.")
    return redirect(_next_page(user, kept, given))


def _next_page(user: User, kept: list[Credential], given: list[AnswerForm]) -> str:
    """The only one answered is one that is used: go on to registering it."""
    if len(kept) == 1 and given[0].cleaned_data["answer"] == Answer.USES:
        can_ask = user.has_perm("tokens.request_credential")
        if can_ask and not why_not_adoptable(kept[0], user.person):
            return reverse("declare_register", args=[kept[0].pk])
    return reverse("declare")


def _keep(request: HttpRequest, user: User, form: AnswerForm) -> bool:
    data, credential = form.cleaned_data, form.credential
    try:
        answer_credential(credential, Answer(data["answer"]), words=data["words"], acting_user=user)
    except NotAllowed as refusal:
        record_refusal(user, path=request.path, because=str(refusal))
        messages.error(request, f"“{credential.name}”: {refusal}")
    except Stale as refusal:
        messages.error(request, f"“{credential.name}”: {refusal}")
    except IllegalMove:
        messages.error(request, f"“{credential.name}”: {CHANGED}")
    else:
        return True
    return False


def _context(user: User, forms: list[AnswerForm]) -> dict[str, Any]:
    answered, number = count_to_declare(user.person)
    shown: list[dict[str, Any]] = [{"form": form, "row": declared_row(form.credential)} for form in forms]
    return {
        "open": [item for item in shown if not item["row"]["answer"] and not item["row"]["is_ending"]],
        "answered_rows": [item for item in shown if item["row"]["answer"] or item["row"]["is_ending"]],
        "has_errors": any(form.errors for form in forms if form.is_bound),
        "answered": answered,
        "number": number,
        "left": number - len(forms),
        "can_request": user.has_perm("tokens.request_credential"),
    }


@require_safe
@require("tokens.request_credential")
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """The request form that fits a found token best, with its scopes filled in."""
    user = signed_in_user(request)
    credential = found(lambda: queries.adoptable_credential(pk, user))
    why_not = why_not_adoptable(credential, user.person)
    if why_not:
        messages.error(request, why_not)
        return redirect("declare")
    return redirect(form_url(credential))
