"""The set-up page: what works here by machine, and why the rest does not."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require, signed_in_user
from tokens.inventory.setup import presentation, sheet, ticking, unconfirmed


@require_safe
@require("tokens.view_inventory")
def setup(request: HttpRequest) -> HttpResponse:
    """The capability sheet of this workspace and this organisation."""
    known = sheet.rows()
    context = {
        "probed": any(marker in known for marker in ticking.MARKERS.values()),
        "groups": sheet.sheet(known),
        "questions": unconfirmed.open_questions(known),
        "bots": presentation.bots(known),
        "organisation_keys": presentation.organisation_keys(),
        "modes": presentation.mode_rows(known),
        "may_probe": signed_in_user(request).has_perm("tokens.run_sync"),
    }
    return render(request, "tokens/inventory/setup.html", context)


@require_POST
@require("tokens.run_sync")
def probe(request: HttpRequest) -> HttpResponse:
    """Let both workers look again, now."""
    ticking.ask_for_probes(timezone.now())
    messages.success(request, "Both workers look again. Reload this page in a minute.")
    return redirect("inventory_setup")
