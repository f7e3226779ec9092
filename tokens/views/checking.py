"""What can this do? A credential is pasted, looked at once, and forgotten."""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.access import require, signed_in_user
from accounts.models import Person, User, Workspace
from tokens import queries
from tokens.catalogue.model import Risk
from tokens.catalogue.rules import risk_sentences
from tokens.catalogue.shape import classify_for_check, clean_secret
from tokens.check_steps import NextStep, next_steps, steps_for_not_sent
from tokens.check_words import holder_words, kind_words, words_for_check, words_for_not_sent
from tokens.checking import CheckOutcome, CheckResult, Pasted, PastedAs, check_credential
from tokens.clients import verification_transport
from tokens.fingerprints import all_fingerprints
from tokens.forms import CheckForm
from tokens.models import Credential, Request
from tokens.operations.checks import record_check, record_check_not_sent
from tokens.operations.verifications import count_paste
from tokens.outcomes import TOO_MANY, OutcomeWords
from tokens.presentation import RISK_TONES
from tokens.states import RequestState

UNPROCESSABLE = 422
STATUSES = {CheckOutcome.UNREADABLE: 503}


@dataclass(frozen=True)
class Shown:
    """What the page says after a paste; nothing of the paste itself."""

    words: OutcomeWords
    status: int
    steps: list[NextStep] = field(default_factory=list)
    result: CheckResult | None = None

    @property
    def has_primary(self) -> bool:
        """Whether one of the steps is the page's one big button; else it is the form's."""
        return any(step.is_primary for step in self.steps)


# Admins without a seat and auditors have no use for it: a token is read beside the e-mail of one's own account, and
# what the page advises is to ask for a credential.
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@require("tokens.request_credential")
def check(request: HttpRequest) -> HttpResponse:
    """Take the paste; say what the credential can do, on the same page."""
    user = signed_in_user(request)
    emails = user.person.confirmed_emails or [user.person.email]
    form = CheckForm(request.POST or None, emails=emails)
    if request.method == "POST" and form.is_valid():
        shown = _look(user, form)
        return _page(request, CheckForm(emails=emails, initial={"email": form.cleaned_data["email"]}), shown)
    return _page(request, form, None)


@sensitive_variables("secret", "form", "pasted")
def _look(user: User, form: CheckForm) -> Shown:
    """Shape first: what may not be sent goes nowhere. Then one look, then one line in the trail."""
    secret = clean_secret(form.cleaned_data["secret"])
    shape = classify_for_check(secret, is_said_to_be_access_token=form.cleaned_data["kind"] == "access_token")
    if not shape.sendable:
        record_check_not_sent(shape.kind, acting_user=user)
        return Shown(words_for_not_sent(shape), UNPROCESSABLE, steps_for_not_sent(shape))
    if not count_paste(user.person):
        return Shown(TOO_MANY, 429)
    pasted_as: PastedAs = "access_token" if shape.kind == "access_token" else "api_token"
    pasted = Pasted(pasted_as, form.cleaned_data["email"], secret)
    versions = list(queries.current_versions())
    served = dict(Workspace.objects.filter(uuid__in=settings.BITBUCKET_WORKSPACES).values_list("uuid", "slug"))
    with verification_transport() as transport:
        result = check_credential(
            transport, pasted, account_id=user.person.account_id, versions=versions, workspaces=served
        )
    record_check(pasted_as=pasted_as, result=result.outcome, credential_type=result.credential_type, acting_user=user)
    steps = next_steps(result, registered=_registered(user.person, secret), requests=_requests(user.person, result))
    return Shown(words_for_check(result), STATUSES.get(result.outcome, 200), steps, result)


@sensitive_variables("secret")
def _registered(person: Person, secret: str) -> Credential | None:
    """The person's own credential that this is, where the portal knows it. Its fingerprint is compared, not kept."""
    fingerprints = all_fingerprints(secret, settings.FINGERPRINT_PEPPERS)
    return queries.own_credentials(person).filter(fingerprint__in=fingerprints).first()


def _requests(person: Person, result: CheckResult) -> list[Request]:
    """The person's approved requests for exactly these scopes."""
    waiting = queries.own_requests(person).filter(state=RequestState.APPROVED, kind=result.kind)
    return [request for request in waiting if sorted(request.scopes) == list(result.scopes)]


def _page(request: HttpRequest, form: CheckForm, shown: Shown | None) -> HttpResponse:
    context: dict[str, object] = {"form": form, "shown": shown}
    if shown and shown.result and shown.result.risk:
        context["about"] = _about(shown.result, shown.result.risk)
    status = shown.status if shown else UNPROCESSABLE if form.errors else 200
    response = render(request, "tokens/check.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _about(result: CheckResult, risk: Risk) -> dict[str, object]:
    return {
        "risk_word": f"{risk.level.capitalize()} risk",
        "risk_tone": RISK_TONES[risk.level],
        "facts": [
            {"label": "Kind", "value": kind_words(result)},
            {"label": "Bitbucket's word for it", "value": result.credential_type or "none given", "code": True},
            {"label": "Whose", "value": holder_words(result)},
            {"label": "Why that risk", "value": capfirst("; ".join(risk.reasons))},
        ],
        "groups": result.groups,
        "surprises": risk_sentences(result.scopes),
    }
