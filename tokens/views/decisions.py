"""What waits for an approver, and the two words they can say."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require, signed_in_user
from tokens import queries
from tokens.forms import DenyForm
from tokens.operations.requests import approve_request, deny_request, look_at_request
from tokens.presentation import request_row
from tokens.views.requests import detail_context
from tokens.views.shared import attempt, found


@require_safe
@require("tokens.approve_request")
def approvals(request: HttpRequest) -> HttpResponse:
    """Requests that wait for this approver, oldest first, and those to look at afterwards."""
    person = signed_in_user(request).person
    context = {
        "waiting": [request_row(row) for row in queries.requests_waiting_for(person)],
        "to_look_at": [request_row(row) for row in queries.requests_to_look_at(person)],
    }
    return render(request, "tokens/approvals.html", context)


@require_POST
@require("tokens.approve_request")
def approve(request: HttpRequest, code: str) -> HttpResponse:
    """Say yes."""
    user = signed_in_user(request)
    row = found(lambda: queries.visible_request(code, user))
    return attempt(
        request,
        lambda: approve_request(row, acting_user=user),
        then=row.get_absolute_url(),
        done="Your yes is recorded.",
    )


@require_POST
@require("tokens.approve_request")
def deny(request: HttpRequest, code: str) -> HttpResponse:
    """Say no, and why."""
    user = signed_in_user(request)
    row = found(lambda: queries.visible_request(code, user))
    form = DenyForm(request.POST)
    if not form.is_valid():
        return render(request, "tokens/request_detail.html", detail_context(row, user, form), status=422)
    return attempt(
        request,
        lambda: deny_request(row, acting_user=user, reason=form.cleaned_data["reason"]),
        then=row.get_absolute_url(),
        done="The request is denied, and the person is told why.",
    )


@require_POST
@require("tokens.approve_request")
def look(request: HttpRequest, code: str) -> HttpResponse:
    """Say that one has looked at what a rule approved."""
    user = signed_in_user(request)
    row = found(lambda: queries.visible_request(code, user))
    return attempt(
        request,
        lambda: look_at_request(row, acting_user=user),
        then=row.get_absolute_url(),
        done="Recorded: you have looked at it.",
    )
