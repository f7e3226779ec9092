"""The page of service tokens: which there are, making one, ending one. A new one is shown once, in the answer."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts import operations, queries
from accounts.access import require, signed_in_user
from accounts.forms import ServiceTokenForm, number_from
from accounts.models import ServiceToken
from accounts.policy import words_from_scopes


@require_http_methods(["GET", "HEAD", "POST"])
@require("accounts.manage_service_tokens")
@sensitive_variables("text")
def service_tokens(request: HttpRequest) -> HttpResponse:
    """All of them. A POST makes one; to send the same form again makes no second one, because names are not reused."""
    form = ServiceTokenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _list(request, form)
    wanted = form.cleaned_data
    try:
        token, text = operations.make_service_token(
            wanted["name"], wanted["scopes"], wanted["days"], acting_user=signed_in_user(request)
        )
    except operations.NotPossible as problem:
        # The form has refused whatever else makes no sense; what is left is a name that is taken.
        form.add_error("name", str(problem))
        return _list(request, form)
    return _shown_once(request, token, text)


@require_POST
@require("accounts.manage_service_tokens")
def revoke_service_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one now."""
    token = get_object_or_404(ServiceToken, pk=token_id)
    if operations.revoke_service_token(token, acting_user=signed_in_user(request)):
        messages.success(request, f"“{token}” is revoked. It opens nothing any more.")
    else:
        messages.info(request, f"“{token}” was revoked before.")
    return redirect("service_tokens")


def _list(request: HttpRequest, form: ServiceTokenForm) -> HttpResponse:
    before = number_from(request.GET.get("before"))
    working = queries.working_service_tokens()
    ended, older = queries.ended_service_tokens(before=before)
    context = {
        "form": form,
        "working": working,
        "orphans": [row.token.name for row in working if row.maker_left],
        "ended": ended,
        "newer_url": request.path if before else "",
        "older_url": f"?before={older}" if older else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _kept_nowhere(render(request, "accounts/service_tokens.html", context, status=status))


@sensitive_variables("text", "context")
def _shown_once(request: HttpRequest, token: ServiceToken, text: str) -> HttpResponse:
    """No redirect leads here: whatever carried the token to the next page would have to keep it."""
    context = {"token": token, "text": text, "scopes": words_from_scopes(token.scopes)}
    return _kept_nowhere(render(request, "accounts/service_token_made.html", context))


def _kept_nowhere(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
