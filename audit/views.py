"""The trail's pages: a filtered list, and one event with everything it holds."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit.forms import PlaceForm, TrailFilterForm
from audit.models import Event
from audit.presentation import event_facts, event_row, integrity_facts
from audit.queries import Filter, Page, page_of_events


@require_safe
@login_required
@permission_required("audit.view_event", raise_exception=True)
def trail(request: HttpRequest) -> HttpResponse:
    """The list, the newest event first. A filter or a place that makes no sense shows what is wrong and no events."""
    form, place = TrailFilterForm(request.GET), PlaceForm(request.GET)
    if form.is_valid() and place.is_valid():
        page = page_of_events(
            form.wanted(), older_than=place.cleaned_data["before"], newer_than=place.cleaned_data["after"]
        )
    else:
        page = Page([], None, None)
    return render(
        request,
        "audit/trail.html",
        {
            "form": form,
            "rows": [event_row(event) for event in page.events],
            "newer_url": _address(request.GET, after=page.newer_than),
            "older_url": _address(request.GET, before=page.older_than),
            "clear_url": reverse("trail") if _is_filtered(form) else "",
        },
    )


@require_safe
@login_required
@permission_required("audit.view_event", raise_exception=True)
def event(request: HttpRequest, seq: int) -> HttpResponse:
    """One event."""
    found = get_object_or_404(Event, seq=seq)
    context = {"event": event_row(found), "facts": event_facts(found), "integrity": integrity_facts(found)}
    return render(request, "audit/event.html", context)


def _is_filtered(form: TrailFilterForm) -> bool:
    return not form.is_valid() or form.wanted() != Filter()


def _address(query: QueryDict, **place: int | None) -> str:
    """This list with the same filter from another place on; empty where there is none."""
    if None in place.values():
        return ""
    kept = {name: query.get(name, "") for name in TrailFilterForm.base_fields}
    asked = {name: value for name, value in kept.items() if value} | place
    return f"{reverse('trail')}?{urlencode(asked)}"
