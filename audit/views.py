"""The trail in the browser."""

import json
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit.forms import TrailForm
from audit.models import Event
from audit.queries import TrailFilter, trail_page
from audit.tags import Tag


@require_safe
@login_required
@permission_required("audit.view_event", raise_exception=True)
def trail(request: HttpRequest) -> HttpResponse:
    """Every event, newest first, narrowed by a filter."""
    form = TrailForm(request.GET)
    wanted = TrailFilter(**form.cleaned_data) if form.is_valid() else TrailFilter()
    page = trail_page(wanted, before=_number(request, "before"), after=_number(request, "after"))
    kept = {key: value for key, value in request.GET.items() if key in form.fields and value}
    context = {
        "form": form,
        "rows": [{"event": event, "words": words_of(event)} for event in page.events],
        "older_url": _page_url({**kept, "before": page.older}) if page.older else "",
        "newer_url": _page_url({**kept, "after": page.newer}) if page.newer else "",
        "clear_url": reverse("trail") if kept else "",
    }
    return render(request, "audit/trail.html", context)


@require_safe
@login_required
@permission_required("audit.view_event", raise_exception=True)
def event(request: HttpRequest, seq: int) -> HttpResponse:
    """One event with its details and its place in the chain."""
    row = get_object_or_404(Event, seq=seq)
    context = {
        "event": row,
        "words": words_of(row),
        "details": json.dumps(row.details, indent=2, sort_keys=True, ensure_ascii=False),
    }
    return render(request, "audit/event.html", context)


def words_of(row: Event) -> str:
    """The tag in words; an old tag that is no longer used keeps its own name."""
    return Tag(row.tag).words if row.tag in Tag else row.tag


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _page_url(parameters: dict[str, object]) -> str:
    return f"{reverse('trail')}?{urlencode(parameters)}"
