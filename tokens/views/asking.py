"""Asking for a credential: the shelf, a template's form, and the form for exactly what is needed."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import require, signed_in_user
from tokens import adoption, presentation, queries
from tokens.adviser_presentation import needed_rows
from tokens.adviser_questions import question_from
from tokens.asking_choices import choices_from, form_page
from tokens.capabilities import revocation_is_automatic
from tokens.catalogue.adviser.kinds import choose_kind, scopes_to_ask_for
from tokens.catalogue.adviser.needs import Needs
from tokens.forms import RequestForm
from tokens.key_presentation import keygen_line
from tokens.models import Credential, Request, TemplateVersion
from tokens.operations.asking import Ask, submit_request
from tokens.operations.change import NotAllowed
from tokens.operations.custom_requests import custom_draft, submit_custom_request, unsaved_version
from tokens.policy import LONGEST_UNWATCHED_DAYS, rule_for
from tokens.views.shared import found

UNPROCESSABLE = 422
# What the page of a request can still show at a glance.
REASONS_KEPT, REASON_LENGTH = 6, 160
LONGEST_NUMBER = 19


@require_safe
@require("tokens.request_credential")
def get_access(request: HttpRequest) -> HttpResponse:
    """The shelf of purposes."""
    adopts = _adopts(request)
    versions = [row for row in queries.current_versions() if adopts is None or adopts.kind in row.kinds]
    cards = [presentation.template_card(version) for version in versions]
    if adopts is not None:
        more = urlencode({"kind": adopts.kind, "adopts": adopts.pk})
        cards = [card | {"url": f"{card['url']}?{more}"} for card in cards]
    groups = [
        {"title": "For you", "templates": [card for card in cards if not card["used_by_machine"]]},
        {"title": "For a machine", "templates": [card for card in cards if card["used_by_machine"]]},
    ]
    shown = {"groups": [group for group in groups if group["templates"]], "adopts": adopts}
    return render(request, "tokens/get_access.html", shown)


# Somebody may paste the private half of a key by mistake.
@sensitive_post_parameters("public_key")
@require_http_methods(["GET", "HEAD", "POST"])
@require("tokens.request_credential")
def request_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Why, how long, where; then the rule or a person decides."""
    version = found(lambda: queries.current_version(slug))
    user = signed_in_user(request)
    return _form_page(request, version, lambda ask: submit_request(ask, acting_user=user))


@sensitive_post_parameters("public_key")
@require_http_methods(["GET", "HEAD", "POST"])
@require("tokens.request_credential")
def request_exactly(request: HttpRequest) -> HttpResponse:
    """The same for a set that no template covers: it always goes to a person."""
    question = question_from(request.GET)
    needs = question.needs()
    if not needs.api_token_scopes:
        return redirect("advise")
    chosen = choose_kind(needs, question.used_by).slug
    kind = request.GET.get("kind", "") or chosen
    scopes = scopes_to_ask_for(needs, kind, chosen=chosen)
    try:
        version = unsaved_version(custom_draft(scopes, kind=kind))
    except NotAllowed:
        return redirect(f"{reverse('advise')}?{question.query()}")
    user = signed_in_user(request)
    return _form_page(request, version, lambda ask: submit_custom_request(ask, scopes, acting_user=user))


@sensitive_variables("form", "said")
def _form_page(request: HttpRequest, version: TemplateVersion, submit: Callable[[Ask], Request]) -> HttpResponse:
    person = signed_in_user(request).person
    adopts = _adopts(request)
    choices = choices_from(request.GET, version, page=form_page(version))
    kind, question = choices.kind, question_from(request.GET)
    needs = question.needs()
    first = adoption.first_words(adopts, version)
    form = RequestForm(
        request.POST or None,
        version=version,
        kind=kind,
        used_by=choices.used_by,
        person=person,
        adopts=adopts is not None,
        initial=first,
    )
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        key = said.pop("public_key", None)
        ask = Ask(
            version=version,
            kind=kind,
            used_by=choices.used_by,
            public_key=key.text if key else "",
            needed=needed_to_keep(needs),
            adopts=adopts,
            **said,
        )
        try:
            return redirect(submit(ask))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    context: dict[str, Any] = {
        "template": presentation.template_card(version),
        "form": form,
        "rule_words": _rule_words(version, kind, choices.used_by),
        "kind": presentation.kind_card(kind, version.scopes),
        "choices": None if adopts else choices,
        "keygen": keygen_line(version.name) if "public_key" in form.fields else "",
        "kind_rows": [] if adopts else choices.kind_rows(),
        "needed": needed_rows(needs, version.scopes),
        "answer_url": "" if question.is_empty else f"{reverse('advise')}?{question.query()}",
        "reach_sentence": presentation.reach_sentence(person, version.scopes, own=True),
        "is_custom": version.template.is_custom,
        "adopts": adoption.outlook(adopts, version, person),
    }
    return render(request, "tokens/request_form.html", context, status=UNPROCESSABLE if form.errors else 200)


def _rule_words(version: TemplateVersion, kind: str, used_by: str) -> str:
    """Who says yes to a request of the usual length, and why that is not what the template says where it is not."""
    decision = rule_for(
        version,
        lifetime_days=min(LONGEST_UNWATCHED_DAYS, version.max_days),
        revocation_is_automatic=revocation_is_automatic(),
        kind=kind,
        used_by=used_by,
    )
    return f"{decision.rule.label}{f', because {decision.because}' if decision.because else ''}"


def _adopts(request: HttpRequest) -> Credential | None:
    """The person's own found credential that the address names, to be registered by this request."""
    pk = request.GET.get("adopts", "")
    if not pk:
        return None
    number = int(pk) if pk.isascii() and pk.isdigit() and len(pk) < LONGEST_NUMBER else 0
    user = signed_in_user(request)
    return found(lambda: queries.adoptable_credential(number, user))


def needed_to_keep(needs: Needs) -> dict[str, Any]:
    """What the adviser worked out, as a request keeps it; empty where nobody asked the adviser."""
    if not needs.api_token_scopes:
        return {}
    because = {scope: [words[:REASON_LENGTH] for words in why[:REASONS_KEPT]] for scope, why in needs.because.items()}
    return {"scopes": list(needs.api_token_scopes), "because": because}
