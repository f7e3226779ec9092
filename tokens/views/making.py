"""An access token from its place's settings into the inventory, and the proof of its end: who can make it does both."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts.access import require_signed_in, signed_in_user
from accounts.models import User
from tokens import queries
from tokens.access_token_forms import AccessTokenForm, PresentForm
from tokens.access_token_outcomes import NOT_PROVEN, PROVEN, STILL_WORKS, not_sendable
from tokens.access_token_verification import present_access_token, verify_access_token
from tokens.boundaries import UnknownPlace, boundary_of
from tokens.catalogue.shape import classify_for_check, clean_secret
from tokens.clients import verification_transport
from tokens.fingerprints import all_fingerprints
from tokens.maker_presentation import making, making_steps
from tokens.makers import may_make, may_present
from tokens.models import Credential, Request, Verification
from tokens.operations.access_tokens import accept_smaller_token, record_access_token
from tokens.operations.change import NotAllowed, Stale
from tokens.operations.presenting import record_presented, require_presentable
from tokens.operations.verifications import count_paste, record_not_sent
from tokens.outcomes import TOO_MANY, UNREADABLE, OutcomeWords
from tokens.presentation import kind_card, request_row
from tokens.states import RequestState
from tokens.views.credentials import detail_context
from tokens.views.shared import attempt, found

UNPROCESSABLE = 422


@sensitive_variables("form")
def create_access_token(request: HttpRequest, code: str, user: User) -> HttpResponse:
    """The walk through the place's settings, and the one paste; for who can make it. Others are led to the request."""
    row = found(lambda: queries.visible_request(code, user))
    if row.state != RequestState.APPROVED or not may_make(row, user) or row.approved_until is None:
        return redirect(row)
    form = AccessTokenForm(request.POST or None, until=row.approved_until)
    if request.method == "POST" and form.is_valid():
        return _check(request, row, user, form)
    return _page(request, row, user, form, None, UNPROCESSABLE if form.errors else 200)


@sensitive_variables("secret", "form", "fingerprints")
def _check(request: HttpRequest, row: Request, user: User, form: AccessTokenForm) -> HttpResponse:
    """Shape first: what is no access token is sent nowhere. Then the calls, then one operation with their result."""
    assert row.approved_until is not None
    secret, day = clean_secret(form.cleaned_data["secret"]), form.cleaned_data["expires_on"]
    empty = AccessTokenForm(until=row.approved_until, initial={"expires_on": day})
    shape = classify_for_check(secret, is_said_to_be_access_token=True)
    if shape.kind != "access_token" or not shape.sendable:
        record_not_sent(row, shape.kind, acting_user=user)
        return _page(request, row, user, empty, not_sendable(shape), UNPROCESSABLE)
    try:
        place = boundary_of(row)
    except UnknownPlace as problem:
        words = OutcomeWords("danger", "There is no such place here", f"{problem} So it was not sent anywhere.")
        return _page(request, row, user, empty, words, UNPROCESSABLE)
    if not count_paste(user.person):
        return _page(request, row, user, empty, TOO_MANY, 429)
    with verification_transport() as transport:
        judgement = verify_access_token(transport, secret=secret, place=place, approved=row.scopes)
    fingerprints = all_fingerprints(secret, settings.FINGERPRINT_PEPPERS)
    try:
        result = record_access_token(row, judgement, fingerprints, place=place, declared_end=day, acting_user=user)
    except (NotAllowed, Stale) as refusal:
        words = OutcomeWords("danger", "This token cannot be registered here", str(refusal))
        return _page(request, row, user, empty, words, UNPROCESSABLE)
    if result is None:
        return _page(request, row, user, empty, UNREADABLE, 503)
    return redirect("verification", code=row.code, pk=result.pk)


def _page(
    request: HttpRequest, row: Request, user: User, form: AccessTokenForm, words: OutcomeWords | None, status: int
) -> HttpResponse:
    context = {
        "request_row": row,
        "item": request_row(row),
        "steps": making_steps(row),
        "kind": kind_card(row.kind, list(row.scopes)),
        "making": making(row, user),
        "own": row.person_id == user.person_id,
        "form": form,
        "words": words,
    }
    response = render(request, "tokens/create_access_token.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def accept_access_token(request: HttpRequest, row: Verification, user: User) -> HttpResponse:
    """Register the smaller set of an access token."""

    def accept() -> None:
        try:
            place = boundary_of(row.request)
        except UnknownPlace as problem:
            raise Stale(str(problem)) from problem
        accept_smaller_token(row, place=place, acting_user=user)

    return attempt(request, accept, then=reverse("verification", args=[row.request.code, row.pk]))


@require_POST
@require_signed_in
@sensitive_variables("secret", "form", "fingerprints")
def present(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the very same token once more: a 401 of Bitbucket's proves that it is gone."""
    user = signed_in_user(request)
    credential = found(lambda: _presentable(pk, user))
    form = PresentForm(request.POST)
    if not form.is_valid():
        return _again(request, credential, user, None, UNPROCESSABLE, form)
    secret = clean_secret(form.cleaned_data["secret"])
    shape = classify_for_check(secret, is_said_to_be_access_token=True)
    if shape.kind != "access_token" or not shape.sendable:
        record_not_sent(credential.approved_request, shape.kind, acting_user=user)
        return _again(request, credential, user, not_sendable(shape), UNPROCESSABLE)
    if not count_paste(user.person):
        return _again(request, credential, user, TOO_MANY, 429)
    fingerprints = all_fingerprints(secret, settings.FINGERPRINT_PEPPERS)
    try:
        require_presentable(credential, fingerprints, user)
        with verification_transport() as transport:
            presented = present_access_token(transport, secret=secret)
        credential = record_presented(credential, presented, fingerprints, acting_user=user)
    except (NotAllowed, Stale) as refusal:
        words = OutcomeWords("danger", "This shows nothing", str(refusal))
        return _again(request, credential, user, words, UNPROCESSABLE)
    if presented.is_refused:
        return _again(request, credential, user, PROVEN, 200)
    return _again(
        request, credential, user, STILL_WORKS if presented.is_alive else NOT_PROVEN, 200 if presented.is_alive else 503
    )


def _presentable(pk: int, user: User) -> Credential:
    credential = queries.visible_credential(pk, user)
    if not may_present(credential, user):
        raise Credential.DoesNotExist(pk)
    return credential


def _again(
    request: HttpRequest,
    credential: Credential,
    user: User,
    words: OutcomeWords | None,
    status: int,
    form: PresentForm | None = None,
) -> HttpResponse:
    """The credential's page with the answer on it; what was pasted is on no page ever again."""
    shown = found(lambda: queries.visible_credential(credential.pk, user))
    context: dict[str, Any] = detail_context(shown, user, present_form=form)
    response = render(request, "tokens/credential_detail.html", context | {"presented": words}, status=status)
    response["Cache-Control"] = "no-store"
    return response
