"""The inventory: every credential, narrowed, in order, page by page, and as a file."""

from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from accounts.access import require, signed_in_user
from accounts.models import User
from tokens.inventory.bulk import MOST_AT_ONCE
from tokens.inventory.exports import FORMATS, Export
from tokens.inventory.filter_forms import FilterForm, PlaceForm
from tokens.inventory.listing import COUNTED_UP_TO, Page, Place, page_of_credentials
from tokens.inventory.rows import inventory_row
from tokens.inventory.surroundings import surroundings
from tokens.operations.inventory_exports import record_export

PAGE = "tokens/credentials.html"


@require_safe
@require("tokens.view_inventory")
def inventory(request: HttpRequest) -> HttpResponse:
    """The list. A filter or a place that makes no sense shows what is wrong and no rows."""
    form, place = FilterForm(request.GET), PlaceForm(request.GET)
    if not (form.is_valid() and place.is_valid()):
        return render(request, PAGE, {"form": form, "wrong": _wrong(form, place), "clear_url": reverse("credentials")})
    around = surroundings(form.wanted())
    form.offer(templates=around.templates, workspaces=around.workspaces)
    page = _page(form, place, around.total)
    context = {**_list_context(form, page, around.total), **_rights(signed_in_user(request))}
    return render(request, PAGE, context)


@require_GET
@require("tokens.view_inventory")
def export(request: HttpRequest) -> HttpResponse:
    """The rows of the same filter, all of them, as a file."""
    form, format_name = FilterForm(request.GET), request.GET.get("format", "csv")
    if not form.is_valid() or format_name not in FORMATS:
        return redirect(f"{reverse('credentials')}?{urlencode(request.GET.dict())}")
    rows = Export(form.wanted(), form.sort_wanted(), format_name=format_name)
    try:
        record_export(form.asked(), rows=rows.rows, format_name=format_name, acting_user=signed_in_user(request))
    except BaseException:
        rows.close()
        raise
    name = f"credentials-{timezone.now():%Y-%m-%d}.{format_name}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    answer = StreamingHttpResponse(rows, content_type=FORMATS[format_name], headers=headers)
    return cast("HttpResponse", answer)  # Django has one name for both, but no type


def _page(form: FilterForm, place: PlaceForm, total: int) -> Page:
    if not total:
        return Page([])
    return page_of_credentials(form.wanted(), form.sort_wanted(), total=total, **place.cleaned_data)


def _list_context(form: FilterForm, page: Page, total: int) -> dict[str, Any]:
    asked = form.asked()
    narrowed = [name for name in asked if name != "sort"]
    return {
        "form": form,
        "rows": [inventory_row(row) for row in page.rows],
        "total": min(total, COUNTED_UP_TO),
        "is_more": total > COUNTED_UP_TO,
        "chips": [_chip(form, asked, name) for name in narrowed],
        "more_count": len([name for name in narrowed if name not in FilterForm.FIRST]),
        "clear_url": address({"sort": asked["sort"]} if "sort" in asked else {}) if narrowed else "",
        "first_url": address(asked),
        "newer_url": _turned(asked, "before", page.before),
        "older_url": _turned(asked, "after", page.after),
        "exports": [
            (words, f"{reverse('credentials_export')}?{urlencode({**asked, 'format': name})}")
            for name, words in (("csv", "CSV"), ("jsonl", "JSON lines"))
        ],
        "query": urlencode(asked),
    }


def _rights(user: User) -> dict[str, Any]:
    may_revoke, may_ask = user.has_perm("tokens.revoke_credential"), user.has_perm("tokens.handle_finding")
    return {"may_revoke": may_revoke, "may_ask": may_ask, "may_select": may_revoke or may_ask, "limit": MOST_AT_ONCE}


def _wrong(form: FilterForm, place: PlaceForm) -> list[str]:
    of_filter = [f"{form[name].label}: {error}" for name, errors in form.errors.items() for error in errors]
    return of_filter + [str(error) for errors in place.errors.values() for error in errors]


def address(asked: dict[str, str]) -> str:
    """The list's address for what is asked."""
    return f"{reverse('credentials')}?{urlencode(asked)}" if asked else reverse("credentials")


def _turned(asked: dict[str, str], way: str, place: Place | None) -> str:
    return address({**asked, way: str(place)}) if place else ""


def _chip(form: FilterForm, asked: dict[str, str], name: str) -> dict[str, str]:
    without = {each: value for each, value in asked.items() if each != name}
    return {"label": str(form.fields[name].label), "words": form.words(name), "remove_url": address(without)}
