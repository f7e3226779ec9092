"""Looking at one request, taking it back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require_signed_in, signed_in_user
from accounts.models import User
from tokens import adoption, presentation, queries
from tokens.adviser_presentation import needed_rows_of_request
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.catalogue.rules import grouped
from tokens.forms import DenyForm
from tokens.key_presentation import fingerprint_of, registration_of, registration_steps
from tokens.maker_presentation import making
from tokens.models import KeyRegistration, Request
from tokens.models.key_registration import RegistrationOutcome
from tokens.operations.key_asking import may_retry, retry_registration
from tokens.operations.makers import look_for_makers_again
from tokens.operations.requests import withdraw_request
from tokens.place_reach import reach_words
from tokens.policy import PERSONAL_KIND
from tokens.states import RequestState
from tokens.views.shared import attempt, found


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
    key_row = registration_of(row)
    return {
        "request_row": row,
        "item": presentation.request_row(row),
        "own": own,
        "template": presentation.template_card(row.template_version),
        "groups": grouped(row.scopes),
        "classic": presentation.classic_dialect(row.scopes),
        "kind": presentation.kind_card(row.kind, row.scopes),
        "needed": needed_rows_of_request(row),
        "reach_sentence": presentation.reach_sentence(row.person, row.scopes, own=own),
        "events": presentation.request_events(row),
        "deny_form": deny_form or DenyForm(),
        "can_decide": may_decide and not spoken and row.state == RequestState.PENDING and not row.reopens_id,
        "has_spoken": spoken,
        "can_look": may_decide and row.look_due_at is not None and row.looked_at is None,
        "can_withdraw": own and row.state in (RequestState.PENDING, RequestState.APPROVED),
        "can_create": own and row.state == RequestState.APPROVED and row.kind == PERSONAL_KIND,
        "making": making(row, user),
        "machine_walk": presentation.machine_walk(row) if _is_made_by_hand(row, key_row) else None,
        "reach_words": reach_words(row.person, row.boundary) if row.public_key and may_decide else "",
        "key_row": key_row,
        "can_add_key": key_row is not None and may_retry(key_row, user),
        "key_steps": registration_steps(key_row),
        "fingerprint": fingerprint_of(row),
        "credential": presentation.credential_row(credential) if credential else None,
        "holds": [presentation.credential_row(held) for held in queries.own_credentials(row.person)[:10]]
        if may_decide
        else [],
        "adopts": adoption.request_words(row),
        "waits_for_lost": bool(row.reopens_id) and row.state == RequestState.PENDING,
    }


def _is_made_by_hand(row: Request, key_row: KeyRegistration | None) -> bool:
    """Whether people create it at Bitbucket: a key that the portal cannot add."""
    if row.state != RequestState.APPROVED or row.kind in (PERSONAL_KIND, *ACCESS_TOKEN_KINDS):
        return False
    return key_row is None or key_row.outcome == RegistrationOutcome.NEEDS_HUMAN


@require_POST
@require_signed_in
def add_key(request: HttpRequest, code: str) -> HttpResponse:
    """Have a key tried again that could not be added."""
    user = signed_in_user(request)
    row = found(lambda: queries.visible_request(code, user))
    registration = found(lambda: KeyRegistration.objects.get(request=row))
    return attempt(request, lambda: retry_registration(registration, acting_user=user), then=row.get_absolute_url())


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


@require_POST
@require_signed_in
def makers_again(request: HttpRequest, code: str) -> HttpResponse:
    """Let it be looked up once more who can make the access token."""
    user = signed_in_user(request)
    row = found(lambda: queries.visible_request(code, user))
    return attempt(request, lambda: look_for_makers_again(row, acting_user=user), then=row.get_absolute_url())
