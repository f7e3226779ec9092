"""The first page, by role."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import require_signed_in, signed_in_user
from accounts.models import User
from tokens import overview_presentation, queries
from tokens.found_queries import count_open_to_declare
from tokens.inventory.figures import findings_by_age, headline
from tokens.inventory.modes import may_tell_holders
from tokens.inventory.parts import unread_parts
from tokens.models import Sync
from tokens.presentation import credential_row, request_row
from tokens.states import RequestState

ROWS = 10
OPEN = (RequestState.PENDING, RequestState.APPROVED)


@require_safe
@require_signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What is mine, what waits for me, what needs an admin."""
    return render(request, "tokens/home.html", _context(signed_in_user(request)))


def _context(user: User) -> dict[str, Any]:
    person = user.person
    context: dict[str, Any] = {
        "person": person,
        "can_request": user.has_perm("tokens.request_credential"),
        "credentials": [credential_row(row) for row in queries.own_credentials(person)[:ROWS]],
        "requests": [request_row(row) for row in queries.own_requests(person).filter(state__in=OPEN)[:ROWS]],
        "to_make": [request_row(row) for row in queries.requests_to_make(person)[:ROWS]],
        "waiting_approvals": [],
        "to_declare": count_open_to_declare(person) if may_tell_holders() else 0,
        "oversight": None,
    }
    if user.has_perm("tokens.approve_request"):
        context["waiting_approvals"] = [request_row(row) for row in queries.requests_waiting_for(person)[:ROWS]]
    if user.has_perm("tokens.view_inventory"):
        context["oversight"] = _oversight()
    return context


def _oversight() -> dict[str, Any]:
    newest = Sync.objects.first()
    was_read = newest is not None and not unread_parts().exists()
    return {
        "needs_human": [credential_row(row) for row in queries.credentials_needing_a_person()[:ROWS]],
        "headline": overview_presentation.headline_card(headline(), everything_was_read=was_read),
        "findings": overview_presentation.finding_chart(findings_by_age()),
        "newest": newest,
        "everything_was_read": was_read,
    }
