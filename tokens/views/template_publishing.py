"""The step before publishing, and publishing: the comparison with the version of today comes first."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import require, signed_in_user
from tokens import template_presentation as presentation
from tokens.catalogue.linter import lint
from tokens.operations.change import NotAllowed, Stale, record_refusal
from tokens.operations.templates import Publication, Unpublishable, publish_version
from tokens.template_comparison import Comparison, compare, draft_from_version
from tokens.template_forms import TemplateForm
from tokens.views.template_editing import PAGE, bound_form, page_context, panel_context

# What the form sends that the confirm page must not carry along.
_NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "confirm"})


@require_POST
@require("tokens.manage_templates")
def publish(request: HttpRequest) -> HttpResponse:
    """Ask to confirm what differs; once confirmed, publish it."""
    form = bound_form(request.POST)
    form.take_errors(lint(form.draft))
    if form.errors:
        return _form_again(request, form)
    return _publish(request, form) if "confirm" in request.POST else _ask_to_confirm(request, form)


def _publish(request: HttpRequest, form: TemplateForm) -> HttpResponse:
    fields = form.cleaned_data
    publication = Publication(form.draft, fields["expected"] or 0, fields.get("change_note", ""), fields["proposal"])
    try:
        version = publish_version(publication, acting_user=signed_in_user(request))
    except PermissionDenied as refusal:
        record_refusal(signed_in_user(request), path=request.path, because=str(refusal))
        raise
    except Stale as refusal:
        return _on_top_of_today(request, str(refusal))
    except (Unpublishable, NotAllowed) as refusal:
        return _form_again(request, form, str(refusal))
    messages.success(request, f"Version {version.number} of “{version.name}” is published.")
    return redirect("template", version.template.slug)


def _ask_to_confirm(request: HttpRequest, form: TemplateForm) -> HttpResponse:
    difference: Comparison | None = None
    if form.base is not None:
        if form.cleaned_data["expected"] != form.base.number:
            return _on_top_of_today(request, f"Version {form.base.number} was published meanwhile.")
        difference = compare(draft_from_version(form.base), form.draft)
        if difference.is_same:
            return _form_again(request, form, "Nothing changed, so there is nothing to publish.")
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {
        **panel_context(form),
        "form": form,
        "number": form.base.number + 1 if form.base else 1,
        "difference": presentation.comparison_page(difference) if difference else None,
        "carried": [pair for pair in sent if pair[0] not in _NOT_CARRIED],
    }
    return render(request, "tokens/library/publish.html", context)


def _form_again(request: HttpRequest, form: TemplateForm, why: str = "") -> HttpResponse:
    if why:
        form.add_error(None, why)
    return render(request, PAGE, page_context(form), status=422)


def _on_top_of_today(request: HttpRequest, why: str) -> HttpResponse:
    """The form as it was typed, but based on the version of today: publishing compares with that one next."""
    data = request.POST.copy()
    base = bound_form(data).base
    data["expected"] = str(base.number if base else 0)
    advice = " Your draft is kept: the next step compares it with that version." if base else ""
    return _form_again(request, TemplateForm(data, base=base), why + advice)
