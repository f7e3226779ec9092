"""Paste what git, curl, a build or an IDE said; read why, and do something about it. Nothing is kept."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.access import require_signed_in, signed_in_user
from accounts.models import User
from tokens.catalogue.diagnosis import Action, Diagnosis, diagnose, shown_text
from tokens.catalogue.diagnosis.causes import title_of
from tokens.catalogue.rules import grouped

LONGEST = 20_000
UNPROCESSABLE = 422
_NEEDS_REQUESTING = frozenset({"request_scopes", "get_access"})


class DiagnoseForm(forms.Form):
    """The one text. It is masked before the form sees it, so that what is shown again holds no secret."""

    text = forms.CharField(
        label="What it said",
        strip=False,
        max_length=LONGEST,
        help_text="The command and all of its answer. A secret in it is hidden before anything else happens.",
        error_messages={
            "required": "Nothing was pasted. Copy the message, and the lines around it, and paste them here.",
            "max_length": "This is too long. We kept its end, where the error mostly stands: send that, or paste less.",
        },
        widget=forms.Textarea(
            attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off", "autocapitalize": "none", "maxlength": ""}
        ),
    )


@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
@require_signed_in
def diagnose_text(request: HttpRequest) -> HttpResponse:
    """Show the form; answer on the same page."""
    if request.method != "POST":
        return _page(request, DiagnoseForm(), {}, 200)
    return _answer(request)


@sensitive_variables("raw", "shown", "form")
def _answer(request: HttpRequest) -> HttpResponse:
    raw = request.POST.get("text", "")
    shown = shown_text(raw)
    shown = shown if shown.strip() else ""
    form = DiagnoseForm({"text": shown})
    if form.is_valid():
        found = diagnose(raw)
        return _page(request, DiagnoseForm(initial={"text": shown}), _context(found, signed_in_user(request)), 200)
    form.data = {"text": shown[-LONGEST:]}
    return _page(request, form, {}, UNPROCESSABLE)


def _page(request: HttpRequest, form: DiagnoseForm, answer: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "tokens/diagnose.html", {"form": form, **answer}, status=status)


def _context(found: Diagnosis, user: User) -> dict[str, Any]:
    """What the page says about one diagnosis."""
    gap = found.gap
    links = [_link(action) for action in found.actions if action.kind != "copy" and _is_open_to(user, action)]
    return {
        "found": found,
        "telling_line": "" if found.telling is None else found.lines[found.telling].strip(),
        "telling_number": None if found.telling is None else found.telling + 1,
        "missing_groups": grouped(gap.api_token) if gap else [],
        "links": links,
        "copies": [action for action in found.actions if action.kind == "copy"],
        "others": [{"title": title_of(other.cause), "tell": other.tell} for other in found.also_possible],
    }


def _is_open_to(user: User, action: Action) -> bool:
    return action.kind not in _NEEDS_REQUESTING or user.has_perm("tokens.request_credential")


def _link(action: Action) -> dict[str, Any]:
    addresses = {"get_access": "get_access", "my_credentials": "home", "request_scopes": "advise"}
    if action.kind == "open":
        return {"label": action.label, "url": action.value, "outside": True}
    url = reverse(addresses[action.kind])
    if action.kind == "request_scopes":
        url = f"{url}?{urlencode({'scopes': action.value}, safe=',:')}"
    return {"label": action.label, "url": url, "outside": False}
