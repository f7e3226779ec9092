"""The walk at Atlassian, the one paste, and what came of it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require, require_signed_in, signed_in_user
from accounts.models import User, Workspace
from tokens import presentation, queries
from tokens.access_token_outcomes import words_for_access_token
from tokens.capabilities import listing_is_connected
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.catalogue.rules import grouped
from tokens.catalogue.shape import classify_secret, clean_secret
from tokens.clients import verification_transport
from tokens.fingerprints import all_fingerprints
from tokens.forms import PasteForm
from tokens.inventory.ticking import look_at_newest
from tokens.models import BoundaryProof, Request, Verification
from tokens.operations.change import NotAllowed, Stale
from tokens.operations.verifications import accept_smaller, count_paste, record_not_sent, record_verification
from tokens.outcomes import TOO_MANY, UNREADABLE, OutcomeWords, words_for_outcome
from tokens.policy import PERSONAL_KIND
from tokens.seen_entry import refused_by_listing, words_for_seen
from tokens.states import REGISTERED, RequestState
from tokens.verification import verify_secret
from tokens.views.making import accept_access_token, create_access_token
from tokens.views.shared import attempt, found, page_or_live_part

UNPROCESSABLE = 422
# While somebody's create page is open the newest tokens are looked at this often, once for everybody.
PAGE_LOOK_SECONDS = 20
NOTE_AGAIN_AFTER = timedelta(seconds=10)


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@require_signed_in
def create(request: HttpRequest, code: str) -> HttpResponse:
    """Show the walk; take the paste. An access token is made by others than the person who asked."""
    if _is_for_access_token(code):
        return create_access_token(request, code, signed_in_user(request))
    return _create_own(request, code)


def _is_for_access_token(code: str) -> bool:
    return Request.objects.filter(code=code, kind__in=ACCESS_TOKEN_KINDS).exists()


@require("tokens.request_credential")
def _create_own(request: HttpRequest, code: str) -> HttpResponse:
    user = signed_in_user(request)
    row = found(lambda: queries.own_requests(user.person).get(code=code))
    if row.state != RequestState.APPROVED or row.kind != PERSONAL_KIND:
        return _moved_on(request, row)
    if request.method == "GET":
        _look(row)
    form = PasteForm(request.POST or None, emails=user.person.confirmed_emails or [user.person.email])
    if request.method == "POST" and form.is_valid():
        return _check(request, row, user, form)
    return _page(request, row, form, None, UNPROCESSABLE if form.errors else 200)


def _moved_on(request: HttpRequest, row: Request) -> HttpResponse:
    """It takes no token any more; an open page goes to where a registered one is put to use."""
    if not request.headers.get("HX-Request"):
        return redirect(row)
    credential = row.credentials.filter(state__in=REGISTERED).first()
    there = reverse("credential_use", args=[credential.pk]) if credential else row.get_absolute_url()
    return HttpResponse(headers={"HX-Redirect": there})


def _look(row: Request) -> None:
    """Somebody waits on this page: let the radar look often. Nothing else changes, so a GET may do it."""
    now = timezone.now()
    if not listing_is_connected():
        return
    look_at_newest(now, every_seconds=PAGE_LOOK_SECONDS)
    if row.create_page_seen_at is None or now - row.create_page_seen_at > NOTE_AGAIN_AFTER:
        Request.objects.filter(pk=row.pk).update(create_page_seen_at=now)


@sensitive_variables("secret", "form", "fingerprints")
def _check(request: HttpRequest, row: Request, user: User, form: PasteForm) -> HttpResponse:
    """Shape first: what is no API token is sent nowhere. Then one call, then one operation with its result."""
    email, secret = form.cleaned_data["email"], clean_secret(form.cleaned_data["secret"])
    empty = PasteForm(emails=[choice for choice, _ in form.fields["email"].choices])  # type: ignore[attr-defined]
    shape = classify_secret(secret)
    if not shape.sendable:
        record_not_sent(row, shape.kind, acting_user=user)
        words = OutcomeWords("danger", "This was not sent anywhere", shape.words)
        return _page(request, row, empty, words, UNPROCESSABLE)
    if not count_paste(user.person):
        return _page(request, row, empty, TOO_MANY, 429)
    with verification_transport() as transport:
        judgement = verify_secret(
            transport, email=email, secret=secret, approved=row.scopes, account_id=user.person.account_id
        )
    fingerprints = all_fingerprints(secret, settings.FINGERPRINT_PEPPERS)
    try:
        result = record_verification(row, judgement, fingerprints, acting_user=user)
    except (NotAllowed, Stale) as refusal:
        words = OutcomeWords("danger", "This request takes no token now", str(refusal))
        return _page(request, row, empty, words, UNPROCESSABLE)
    if result is None:
        return _page(request, row, empty, UNREADABLE, 503)
    return redirect("verification", code=row.code, pk=result.pk)


def _page(request: HttpRequest, row: Request, form: PasteForm, words: OutcomeWords | None, status: int) -> HttpResponse:
    context = {
        "request_row": row,
        "steps": presentation.create_steps(row, deep_link=deep_link(row)),
        "deep_link": deep_link(row),
        "groups": grouped(row.scopes),
        "workspaces": Workspace.objects.filter(uuid__in=settings.BITBUCKET_WORKSPACES),
        "form": form,
        "words": words,
        "reach_sentence": presentation.reach_sentence(row.person, row.scopes, own=True),
        **_seen_context(row),
    }
    return render(request, page_or_live_part(request, "tokens/create.html"), context, status=status)


def _seen_context(row: Request) -> dict[str, Any]:
    """What the organisation's listing shows of it, where one is connected."""
    if not listing_is_connected():
        return {"seen": None}
    return {"seen": words_for_seen(row), "seen_refused": refused_by_listing(row)}


def deep_link(row: Request) -> str:
    """Atlassian's page with app and days filled in. Never with its parameter that ticks every scope.

    The parameters are seen in Atlassian's own VS Code extension (https://github.com/atlassian/atlascode); where they
    are ignored, the page opens all the same.
    """
    assert row.approved_until is not None
    days = max(1, (row.approved_until - timezone.now().date()).days)
    base = f"{settings.ATLASSIAN_ID_URL}/manage-profile/security/api-tokens"
    return f"{base}?autofillToken&expiryDays={days}&appId=bitbucket"


@require_safe
@require_signed_in
def verification(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What one check said, and what to do now."""
    if _is_for_access_token(code):
        return _verification_page(request, _check_of_access_token(request, code, pk))
    return _own_verification_page(request, code, pk)


@require("tokens.request_credential")
def _own_verification_page(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    return _verification_page(request, _own_verification(request, code, pk))


def _verification_page(request: HttpRequest, row: Verification) -> HttpResponse:
    return render(request, page_or_live_part(request, "tokens/verification.html"), verification_context(row))


def verification_context(row: Verification) -> dict[str, Any]:
    """What the page of one check shows."""
    refused = row.request.credentials.filter(fingerprint=row.fingerprint, state="refused").first()
    credential = None if refused else row.registered_as
    is_access_token = row.request.kind in ACCESS_TOKEN_KINDS
    return {
        "request_row": row.request,
        "check": row,
        "words": words_for_access_token(row) if is_access_token else words_for_outcome(row),
        "granted_groups": grouped(row.granted),
        "missing_groups": grouped(row.missing),
        "excess_groups": grouped(row.excess),
        "can_accept": row.outcome == "missing"
        and row.granted
        and not row.registered_as_id
        and not row.waits_for_listing
        and not row.waiting_reason
        and row.boundary_proof != BoundaryProof.ELSEWHERE,
        "is_access_token": is_access_token,
        "credential": credential,
        "refused": refused,
        "live": row.waits_for_listing or (credential is not None and credential.binding == "looking"),
        "again_url": reverse("create", args=[row.request.code]),
    }


@require_POST
@require_signed_in
def accept(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Register the smaller set."""
    if _is_for_access_token(code):
        return accept_access_token(request, _check_of_access_token(request, code, pk), signed_in_user(request))
    return _accept_own(request, code, pk)


@require("tokens.request_credential")
def _accept_own(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    row = _own_verification(request, code, pk)
    user = signed_in_user(request)
    return attempt(
        request,
        lambda: accept_smaller(row, acting_user=user),
        then=reverse("verification", args=[code, pk]),
    )


def _verifications() -> QuerySet[Verification]:
    return Verification.objects.select_related(
        "request__template_version__template", "request__person", "registered_as"
    )


def _own_verification(request: HttpRequest, code: str, pk: int) -> Verification:
    person = signed_in_user(request).person
    return get_object_or_404(_verifications(), pk=pk, request__code=code, request__person=person)


def _check_of_access_token(request: HttpRequest, code: str, pk: int) -> Verification:
    """For who pasted the token, and for whose request it was pasted."""
    person = signed_in_user(request).person
    rows = _verifications().filter(Q(request__person=person) | Q(pasted_by=person))
    return get_object_or_404(rows, pk=pk, request__code=code)
