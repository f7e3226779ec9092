"""The list of requests."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import require_signed_in, signed_in_user
from tokens import queries
from tokens.presentation import request_row


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
