"""The pages of this room: parse, authorise, call one operation, render."""

from http import HTTPStatus
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import operations, queries
from accounts.access import require, require_signed_in, signed_in_user
from accounts.actors import SIGN_IN
from accounts.forms import SearchForm, SigninCodeForm, number_from
from accounts.gate import turn_away
from accounts.models import Person
from accounts.notifications import approvers as current_approvers
from accounts.operations.reading import mark_read
from accounts.redirects import own_path
from accounts.refusals import Reason


@require_GET
def signin(request: HttpRequest) -> HttpResponse:
    """The sign-in page: one button."""
    path = own_path(request.GET.get("next"))
    if request.user.is_authenticated:
        return redirect(path or resolve_url(settings.LOGIN_REDIRECT_URL))
    return render(request, "accounts/signin.html", {"next": path})


@require_http_methods(["GET", "POST"])
def signin_link(request: HttpRequest) -> HttpResponse:
    """Sign in with a one-time code, while Bitbucket's sign-in is down."""
    form = SigninCodeForm(request.POST or None)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
        return render(request, "accounts/signin_link.html", {"form": form}, status=status)
    try:
        user = operations.use_signin_code(form.cleaned_data["code"], acting_user=SIGN_IN)
    except operations.NotPossible:
        return turn_away(request, Reason.WRONG_CODE)
    adapter = get_adapter(request)
    adapter.logout(request)
    adapter.login(request, user)
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_POST
def signout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    get_adapter(request).logout(request)
    return redirect("signed_out")


@require_GET
def signed_out(request: HttpRequest) -> HttpResponse:
    """Says that the session has ended."""
    return render(request, "accounts/signed_out.html")


@require_GET
@require("accounts.manage_approvers")
def approvers(request: HttpRequest) -> HttpResponse:
    """Who decides on requests, and whom an admin can name."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "approvers": current_approvers(),
        "without_effect": queries.named_without_effect(),
        "candidates": queries.approver_candidates(text),
        "form": form,
        "text": text,
    }
    return render(request, "accounts/approvers.html", context)


@require_POST
@require("accounts.manage_approvers")
def name_approver(request: HttpRequest, account_id: str) -> HttpResponse:
    """Name an approver."""
    person = get_object_or_404(Person, account_id=account_id)
    try:
        operations.name_approver(person, acting_user=signed_in_user(request))
    except operations.NotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"{person} decides on requests from now on.")
    return redirect("approvers")


@require_POST
@require("accounts.manage_approvers")
def remove_approver(request: HttpRequest, account_id: str) -> HttpResponse:
    """Take the approver's role away."""
    person = get_object_or_404(Person, account_id=account_id)
    operations.remove_approver(person, acting_user=signed_in_user(request))
    messages.success(request, f"{person} does not decide on requests any more.")
    return redirect("approvers")


@require_GET
@require("accounts.view_people")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody the portal knows."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    after = number_from(request.GET.get("after"))
    page = queries.people_page(text, after=after)
    context = {
        "page": page,
        "form": form,
        "text": text,
        "newer_url": f"?{urlencode({'q': text})}" if after else "",
        "older_url": f"?{urlencode({'q': text, 'after': page.after})}" if page.after else "",
    }
    return render(request, "accounts/people.html", context)


@require_GET
@require_signed_in
def notifications(request: HttpRequest) -> HttpResponse:
    """What the signed-in person was told."""
    before = number_from(request.GET.get("before"))
    rows, older = queries.notifications_of(signed_in_user(request).person, before=before)
    context = {
        "rows": rows,
        "newer_url": reverse("notifications") if before else "",
        "older_url": f"?{urlencode({'before': older})}" if older else "",
    }
    return render(request, "accounts/notifications.html", context)


@require_POST
@require_signed_in
def open_notification(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    row = mark_read(notification_id, acting_user=signed_in_user(request))
    if row is None:
        raise Http404
    return redirect(own_path(row.path, default="/"))


@require_POST
@require_signed_in
def read_notifications(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    mark_read(None, acting_user=signed_in_user(request))
    return redirect("notifications")
