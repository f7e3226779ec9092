"""The register of what machines work with."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require, require_signed_in, signed_in_user
from tokens import queries
from tokens.forms import MigrationNoteForm
from tokens.machine_presentation import machine_row
from tokens.operations.machine_notes import note_migration
from tokens.views.credentials import detail_context
from tokens.views.shared import attempt, found


@require_safe
@require("tokens.view_inventory")
def machines(request: HttpRequest) -> HttpResponse:
    """Every machine's credential, first those that end when somebody leaves."""
    page = queries.page_of(queries.machine_credentials(), request.GET.get("page", ""))
    context = {
        "page": page,
        "rows": [machine_row(row) for row in page.object_list],
        "newer_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "older_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "tokens/machines.html", context)


@require_POST
@require_signed_in
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a sentence about how a machine gets a credential of its own."""
    user = signed_in_user(request)
    credential = found(lambda: queries.visible_credential(pk, user))
    form = MigrationNoteForm(request.POST)
    if not form.is_valid():
        context = detail_context(credential, user, note_form=form)
        return render(request, "tokens/credential_detail.html", context, status=422)
    return attempt(
        request,
        lambda: note_migration(credential, words=form.cleaned_data["words"], acting_user=user),
        then=credential.get_absolute_url(),
        done="Noted.",
    )
