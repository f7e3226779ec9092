"""Many credentials at once: what would happen to each, then a reason, then what became of them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import REFUSED_WORDS, record_refusal, require, signed_in_user
from tokens.forms import ReasonForm
from tokens.inventory.bulk import (
    MOST_AT_ONCE,
    Prospect,
    Verdict,
    asking_prospects,
    chosen_credentials,
    findings_to_ask_about,
    matching_credentials,
    revocation_prospects,
)
from tokens.inventory.filter_forms import FilterForm
from tokens.inventory.filters import credentials_matching
from tokens.inventory.listing import bounded
from tokens.inventory.modes import may_tell_holders
from tokens.models import Credential
from tokens.operations.asking_holders import OBSERVING, ask_holders
from tokens.operations.bulk import revoke_many
from tokens.operations.change import NotAllowed
from tokens.operations.change import record_refusal as record_refused_words
from tokens.views.inventory import address

PERMISSIONS = {"revoke": "tokens.revoke_credential", "ask": "tokens.handle_finding"}
# Well below the time after which the web server gives a request up.
WITHIN_SECONDS = 15.0
_REMEMBERED = "bulk_results"
_REMEMBERED_AT_MOST = 5
_UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@require("tokens.view_inventory")
def bulk(request: HttpRequest) -> HttpResponse:
    """The preview, or with ``confirm`` the deed; GET shows what became of one that was done."""
    if request.method != "POST":
        return _result(request)
    permission = PERMISSIONS.get(request.POST.get("action", ""))
    if permission is None:
        return redirect("credentials")
    user = signed_in_user(request)
    if not user.has_perm(permission):
        record_refusal(user, permission=permission, path=request.path)
        raise PermissionDenied(REFUSED_WORDS)
    rows, matching = _selection(request)
    if not rows:
        messages.error(request, "Nothing was chosen. Tick credentials first, or “Choose all of them”.")
        return redirect(_back(request))
    confirm = _CONFIRMED[request.POST["action"]] if "confirm" in request.POST else None
    return confirm(request, rows) if confirm else _preview(request, rows, matching)


def _selection(request: HttpRequest) -> tuple[list[Credential], int]:
    """The chosen rows, at most `MOST_AT_ONCE`, and how many there were to choose from."""
    if "all" not in request.POST:
        rows = chosen_credentials(_numbers(request.POST.getlist("pick")))
        return rows, len(rows)
    form = _filter(request)
    if not form.is_valid():
        return [], 0
    return matching_credentials(form.wanted(), form.sort_wanted()), bounded(credentials_matching(form.wanted())).count()


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]  # noqa: PLR2004, RUF100


def _filter(request: HttpRequest) -> FilterForm:
    return FilterForm(dict(parse_qsl(request.POST.get("filter", "")[:2000])))


def _back(request: HttpRequest) -> str:
    form = _filter(request)
    return address(form.asked()) if form.is_valid() else reverse("credentials")


def _prospects(action: str, rows: list[Credential]) -> list[Prospect]:
    return revocation_prospects(rows) if action == "revoke" else asking_prospects(rows, timezone.now())


def _preview(
    request: HttpRequest, rows: list[Credential], matching: int, *, form: ReasonForm | None = None
) -> HttpResponse:
    action = request.POST["action"]
    prospects = _prospects(action, rows)
    context = {
        "action": action,
        "groups": _groups(prospects),
        "going": [each.credential.pk for each in prospects if each.verdict != Verdict.NOT],
        "by_machine": any(each.verdict == Verdict.WILL for each in prospects),
        "left_out": matching > len(rows),
        "limit": MOST_AT_ONCE,
        "warned": sum(bool(each.warning) for each in prospects),
        "form": form or ReasonForm(),
        "key": request.POST.get("key") or uuid4().hex,
        "filter": request.POST.get("filter", ""),
        "back": _back(request),
        "why_not": OBSERVING if action == "ask" and not may_tell_holders() else "",
    }
    return render(request, "tokens/inventory/bulk.html", context, status=_UNPROCESSABLE if form else 200)


_TITLES = {
    Verdict.WILL: "Will be done by the portal",
    Verdict.PERSON: "Need a person",
    Verdict.NOT: "Stay as they are",
}


def _groups(prospects: list[Prospect]) -> list[dict[str, Any]]:
    groups = [
        {"verdict": verdict.value, "title": title, "rows": [each for each in prospects if each.verdict == verdict]}
        for verdict, title in _TITLES.items()
    ]
    return [group for group in groups if group["rows"]]


def _revoke(request: HttpRequest, rows: list[Credential]) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _preview(request, rows, len(rows), form=form)
    if _is_done(request):
        return _to_result(request)
    done = revoke_many(
        rows, reason=form.cleaned_data["reason"], acting_user=signed_in_user(request), within_seconds=WITHIN_SECONDS
    )
    return _remember(
        request,
        {
            "counts": [
                ("Being deleted and proven", len(done.started)),
                ("Waiting for a person", len(done.person)),
                ("Refused", len(done.refused)),
                ("Not reached in time", len(done.left)),
            ],
            "refused": done.refused,
            "left": done.left,
        },
    )


def _ask(request: HttpRequest, rows: list[Credential]) -> HttpResponse:
    if _is_done(request):
        return _to_result(request)
    user, now = signed_in_user(request), timezone.now()
    ids = [finding.pk for row in rows for finding in findings_to_ask_about(row, now)]
    try:
        people, findings = ask_holders(ids, acting_user=user)
    except NotAllowed as refusal:
        record_refused_words(user, path=request.path, because=str(refusal))
        messages.error(request, str(refusal))
        return redirect(_back(request))
    counts = [("People asked", people), ("Findings they were asked about", findings)]
    return _remember(request, {"counts": counts, "refused": [], "left": []})


_CONFIRMED = {"revoke": _revoke, "ask": _ask}


def _is_done(request: HttpRequest) -> bool:
    """Whether this very form was sent before: a double click, or the browser's back button."""
    return request.POST.get("key", "") in request.session.get(_REMEMBERED, {})


def _remember(request: HttpRequest, result: Mapping[str, Any]) -> HttpResponse:
    kept = dict(list(request.session.get(_REMEMBERED, {}).items())[1 - _REMEMBERED_AT_MOST :])
    told = {**result, "action": request.POST["action"], "back": _back(request)}
    request.session[_REMEMBERED] = {**kept, request.POST.get("key", ""): told}
    return _to_result(request)


def _to_result(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('credentials_bulk')}?{urlencode({'done': request.POST.get('key', '')})}")


def _result(request: HttpRequest) -> HttpResponse:
    result = request.session.get(_REMEMBERED, {}).get(request.GET.get("done", ""))
    if result is None:
        return redirect("credentials")
    names = Credential.objects.in_bulk([pk for pk, _ in result["refused"]] + result["left"])
    context = {
        **result,
        "refused": [(names[pk], words) for pk, words in result["refused"] if pk in names],
        "left": [names[pk] for pk in result["left"] if pk in names],
    }
    return render(request, "tokens/inventory/bulk_done.html", context)
