"""Picking a template, asking, looking at one request, taking it back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require, require_signed_in, signed_in_user
from accounts.models import User
from tokens import presentation, queries
from tokens.catalogue.rules import grouped
from tokens.forms import DenyForm, RequestForm
from tokens.models import Request
from tokens.operations.change import NotAllowed
from tokens.operations.requests import Ask, submit_request, withdraw_request
from tokens.states import RequestState
from tokens.views.shared import attempt, found


@require_safe
@require("tokens.request_credential")
def get_access(request: HttpRequest) -> HttpResponse:
    """The shelf of purposes."""
    cards = [presentation.template_card(version) for version in queries.current_versions()]
    groups = [
        {"title": "For you", "templates": [card for card in cards if not card["used_by_machine"]]},
        {"title": "For a machine", "templates": [card for card in cards if card["used_by_machine"]]},
    ]
    return render(request, "tokens/get_access.html", {"groups": [group for group in groups if group["templates"]]})


@require_http_methods(["GET", "HEAD", "POST"])
@require("tokens.request_credential")
def request_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Why, how long, where; then the rule or a person decides."""
    user = signed_in_user(request)
    version = found(lambda: queries.current_version(slug))
    form = RequestForm(request.POST or None, version=version)
    if request.method == "POST" and form.is_valid():
        try:
            made = submit_request(Ask(version=version, **form.cleaned_data), acting_user=user)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(made)
    context = {
        "template": presentation.template_card(version),
        "form": form,
        "reach_sentence": presentation.reach_sentence(user.person, version.scopes, own=True),
        "can_be_made_here": "api_token" in version.kinds,
    }
    return render(request, "tokens/request_form.html", context, status=422 if form.errors else 200)


@require_safe
@require_signed_in
def request_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Where a request stands and who acts next."""
    user = signed_in_user(request)
    row = found(lambda: queries.visible_request(code, user))
    return render(request, "tokens/request_detail.html", detail_context(row, user))


def detail_context(row: Request, user: User, deny_form: DenyForm | None = None) -> dict[str, Any]:
    """Everything the page of one request shows this user."""
    own = row.person_id == user.person_id
    may_decide = user.has_perm("tokens.approve_request") and not own
    spoken = row.approvals.filter(approver=user.person).exists()
    credential = row.credentials.order_by("-registered_at").first()
    return {
        "request_row": row,
        "item": presentation.request_row(row),
        "own": own,
        "template": presentation.template_card(row.template_version),
        "groups": grouped(row.scopes),
        "classic": presentation.classic_dialect(row.scopes),
        "reach_sentence": presentation.reach_sentence(row.person, row.scopes, own=own),
        "events": presentation.request_events(row),
        "deny_form": deny_form or DenyForm(),
        "can_decide": may_decide and not spoken and row.state == RequestState.PENDING and not row.reopens_id,
        "has_spoken": spoken,
        "can_look": may_decide and row.look_due_at is not None and row.looked_at is None,
        "can_withdraw": own and row.state in (RequestState.PENDING, RequestState.APPROVED),
        "can_create": own and row.state == RequestState.APPROVED,
        "credential": presentation.credential_row(credential) if credential else None,
        "holds": [presentation.credential_row(held) for held in queries.own_credentials(row.person)[:10]]
        if may_decide
        else [],
        "waits_for_lost": bool(row.reopens_id) and row.state == RequestState.PENDING,
    }


@require_POST
@require_signed_in
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take one's own request back."""
    user = signed_in_user(request)
    row = found(lambda: queries.visible_request(code, user))
    return attempt(
        request,
        lambda: withdraw_request(row, acting_user=user),
        then=row.get_absolute_url(),
        done="The request is withdrawn.",
    )
