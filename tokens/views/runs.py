"""Inventory runs: the list, one run as it goes, starting and stopping."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require, signed_in_user
from tokens import runs_presentation as show
from tokens.inventory.alarms import stopped_calls
from tokens.inventory.planning import requests_left
from tokens.inventory.progress import expected_end, progress, unread_parts_of
from tokens.models import Sync
from tokens.operations.change import record_refusal
from tokens.operations.syncs import start_sync, stop_sync
from tokens.views.shared import attempt, page_or_live_part

PAGE_SIZE = 25
UNREAD_SHOWN = 50
_LARGEST_NUMBER = 2**63 - 1


@require_safe
@require("tokens.view_inventory")
def run_list(request: HttpRequest) -> HttpResponse:
    """Every run, the newest first."""
    before = _number(request.GET.get("before", ""))
    runs = Sync.objects.select_related("asked_by").order_by("-pk")
    found = list((runs.filter(pk__lt=before) if before else runs)[: PAGE_SIZE + 1])
    context = {
        "rows": [show.run_row(run) for run in found[:PAGE_SIZE]],
        "newer_url": reverse("inventory_runs") if before else "",
        "older_url": f"?before={found[PAGE_SIZE - 1].pk}" if len(found) > PAGE_SIZE else "",
        "is_running": any(run.finished_at is None for run in found),
        "can_run": signed_in_user(request).has_perm("tokens.run_sync"),
    }
    return render(request, "tokens/inventory/runs.html", context)


@require_safe
@require("tokens.view_inventory")
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run; htmx asks for its live part alone."""
    found = get_object_or_404(Sync.objects.select_related("asked_by"), pk=pk)
    context = {
        "run": found,
        "row": show.run_row(found),
        "live": found.finished_at is None,
        "can_run": signed_in_user(request).has_perm("tokens.run_sync"),
        "facts": show.result_facts(found),
    }
    if found.finished_at is None:
        context |= _going_on(found)
    return render(request, page_or_live_part(request, "tokens/inventory/run.html"), context)


@require_POST
@require("tokens.run_sync")
def start(request: HttpRequest) -> HttpResponse:
    """Start a run; where one of that mode runs already, that one is shown."""
    user, mode = signed_in_user(request), request.POST.get("mode", "")
    if mode not in Sync.Mode.values:
        messages.error(request, "Choose what to read: everything, or only the lists.")
        return redirect("inventory_runs")
    try:
        started = start_sync(Sync.Mode(mode), acting_user=user)
    except PermissionDenied as refusal:
        record_refusal(user, path=request.path, because=str(refusal))
        raise
    return redirect("inventory_run", started.pk)


@require_POST
@require("tokens.run_sync")
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a run: what was read stays."""
    found = get_object_or_404(Sync, pk=pk)
    return attempt(
        request,
        lambda: stop_sync(found, acting_user=signed_in_user(request)),
        then=reverse("inventory_run", args=[pk]),
        done="Stopped. What was read stays; what was not read is still not known.",
    )


def _going_on(found: Sync) -> dict[str, Any]:
    now = timezone.now()
    done, left = progress(found, now), requests_left()
    unread = list(unread_parts_of(found)[: UNREAD_SHOWN + 1])
    return {
        "progress": done,
        "kinds": show.kind_rows(done),
        "tried": done.read + done.unread,
        "requests_left": left,
        "is_waiting": bool(done.waiting) and not left,
        "speed": show.speed_words(done),
        "ends_at": expected_end(done, requests_left=left, now=now),
        "unread": [show.unread_row(part) for part in unread[:UNREAD_SHOWN]],
        "more_unread": done.unread - UNREAD_SHOWN if len(unread) > UNREAD_SHOWN else 0,
        "alarms": stopped_calls(),
    }


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    return number if number <= _LARGEST_NUMBER else 0
