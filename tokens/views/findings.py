"""Reading findings: the list, one finding, tokens of an unknown product."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import require, require_signed_in, signed_in_user
from accounts.models import User
from tokens import finding_presentation as presentation
from tokens.finding_filters import Wanted, open_by_kind
from tokens.finding_forms import AcceptForm, BecauseForm, FindingFilterForm
from tokens.finding_queries import (
    COUNTED_UP_TO,
    Page,
    Place,
    page_of_findings,
    place_from_text,
    visible_finding,
)
from tokens.forms import ReasonForm
from tokens.found_presentation import unknown_row
from tokens.found_queries import unknown_product_page
from tokens.inventory.modes import may_tell_holders
from tokens.models import Finding, FindingKind
from tokens.views.shared import found


@require_safe
@require("tokens.view_inventory")
def findings(request: HttpRequest) -> HttpResponse:
    """Differences worth a person, oldest or riskiest first."""
    user = signed_in_user(request)
    form = FindingFilterForm(request.GET)
    wanted = form.wanted()
    after, before = (place_from_text(request.GET.get(name, "")) for name in ("after", "before"))
    page = page_of_findings(wanted, after=after, before=before)
    counts = open_by_kind()
    context = {
        "form": form,
        "rows": [presentation.list_row(row, user) for row in page.rows],
        "words": _found_words(page),
        "newer_url": _address(request.GET, "before", page.before),
        "older_url": _address(request.GET, "after", page.after),
        "clear_url": reverse("findings") if wanted.is_narrowed else "",
        "chips": _chips(counts, wanted),
        "here": request.get_full_path(),
        "ask_url": _ask_url(request, user, page),
        "mode_is_observe": not may_tell_holders(),
        "handles": user.has_perm("tokens.handle_finding"),
    }
    return render(request, "tokens/findings.html", context)


def kept_query(query: QueryDict) -> dict[str, str]:
    """The filter that an address carries, without the place in the list."""
    return {name: query.get(name, "") for name in FindingFilterForm.base_fields if query.get(name, "")}


def _address(query: QueryDict, name: str, place: Place | None) -> str:
    return f"?{urlencode({**kept_query(query), name: str(place)})}" if place else ""


def _ask_url(request: HttpRequest, user: User, page: Page) -> str:
    if not page.rows or not user.has_perm("tokens.handle_finding") or not may_tell_holders():
        return ""
    return f"{reverse('findings_ask')}?{urlencode(kept_query(request.GET))}"


def _found_words(page: Page) -> str:
    if page.total > COUNTED_UP_TO:
        return f"More than {COUNTED_UP_TO:,} findings"
    return "1 finding" if page.total == 1 else f"{page.total:,} findings"


def _chips(counts: dict[str, int], wanted: Wanted) -> list[dict[str, Any]]:
    page = reverse("findings")
    shown = replace(wanted, order=Wanted.order)
    everything = {"label": "Everything open", "number": sum(counts.values()), "url": page, "current": shown == Wanted()}
    kinds = [
        {
            "label": FindingKind(kind).label,
            "number": number,
            "url": f"{page}?{urlencode({'kind': kind})}",
            "current": shown == Wanted(kind=kind),
        }
        for kind, number in counts.items()
    ]
    return [everything, *kinds] if kinds else []


@require_safe
@require_signed_in
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding with everything that is known about it."""
    user = signed_in_user(request)
    row = found(lambda: visible_finding(pk, user))
    return render(request, "tokens/finding.html", detail_context(row, user))


def detail_context(row: Finding, user: User, **forms: Any) -> dict[str, Any]:
    """Everything the page of one finding shows this user; `forms` that were sent stand in for empty ones."""
    return {
        **presentation.detail(row, user),
        "oversees": user.has_perm("tokens.view_inventory"),
        "accept_form": forms.get("accept_form") or AcceptForm(),
        "decline_form": forms.get("decline_form") or BecauseForm(auto_id="decline_%s"),
        "explain_form": forms.get("explain_form") or BecauseForm(auto_id="explain_%s"),
        "end_form": forms.get("end_form") or BecauseForm(auto_id="end_%s"),
        "revoke_form": ReasonForm(auto_id="revoke_%s"),
    }


@require_safe
@require("tokens.view_inventory")
def unknown_product(request: HttpRequest) -> HttpResponse:
    """Tokens of which nobody can tell the product, grouped by holder."""
    after = request.GET.get("after", "")
    page = unknown_product_page(int(after) if after.isdecimal() and len(after) < 19 else None)  # noqa: PLR2004, RUF100
    context = {
        "page": page,
        "holders": [
            {
                "person": holder.person,
                "total": holder.total,
                "more": holder.total - len(holder.tokens),
                "rows": [unknown_row(token) for token in holder.tokens],
            }
            for holder in page.holders
        ],
        "older_url": f"?after={page.after}" if page.after else "",
        "newer_url": reverse("unknown_product") if after else "",
        "handles": signed_in_user(request).has_perm("tokens.handle_finding"),
        "can_ask": may_tell_holders(),
    }
    return render(request, "tokens/unknown_product.html", context)
