"""The lists: requests, credentials, findings, one person's holdings."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import require, require_signed_in, signed_in_user
from accounts.models import Person
from tokens import queries
from tokens.presentation import credential_row, finding_row, request_row
from tokens.states import CredentialState


@require_safe
@require_signed_in
def request_list(request: HttpRequest) -> HttpResponse:
    """One's own requests; everybody's for those who may see them."""
    user = signed_in_user(request)
    sees_all = user.has_perm("tokens.view_all_requests")
    rows = queries.all_requests() if sees_all else queries.own_requests(user.person)
    page = queries.page_of(rows, request.GET.get("page", "1"))
    context = {"rows": [request_row(row) for row in page], "page": page, "sees_all": sees_all}
    return render(request, "tokens/requests.html", context)


@require_safe
@require("tokens.view_inventory")
def inventory(request: HttpRequest) -> HttpResponse:
    """Every credential the portal knows."""
    text, state = request.GET.get("q", "").strip()[:100], request.GET.get("state", "")
    state = state if state in CredentialState.values else ""
    page = queries.page_of(queries.found_credentials(text=text, state=state), request.GET.get("page", "1"))
    context = {
        "rows": [credential_row(row) for row in page],
        "page": page,
        "text": text,
        "state": state,
        "states": CredentialState.choices,
        "query": "&" + urlencode({"q": text, "state": state}) if text or state else "",
    }
    return render(request, "tokens/credentials.html", context)


@require_safe
@require("tokens.view_inventory")
def findings(request: HttpRequest) -> HttpResponse:
    """Differences worth a person, oldest first."""
    page = queries.page_of(queries.open_findings(), request.GET.get("page", "1"))
    return render(request, "tokens/findings.html", {"rows": [finding_row(row) for row in page], "page": page})


@require_safe
@require("accounts.view_people")
def person(request: HttpRequest, account_id: str) -> HttpResponse:
    """What one person holds, asked for and left behind."""
    row = get_object_or_404(Person, account_id=account_id)
    context = {
        "person": row,
        "credentials": [credential_row(held) for held in queries.credentials_of(row)[: queries.PAGE_SIZE]],
        "requests": [request_row(asked) for asked in queries.own_requests(row)[: queries.PAGE_SIZE]],
        "findings": [finding_row(seen) for seen in queries.open_findings().filter(person=row)],
        "seats": row.seats.select_related("workspace"),
    }
    return render(request, "tokens/person.html", context)
