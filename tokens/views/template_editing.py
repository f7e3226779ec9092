"""Writing templates: the form, and what the linter says meanwhile. Nothing here changes anything."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require
from tokens import template_presentation as presentation
from tokens import template_queries
from tokens.catalogue.linter import TemplateDraft, errors_of, lint
from tokens.models import TemplateVersion
from tokens.template_comparison import draft_from_version
from tokens.template_forms import TemplateForm
from tokens.template_picker import GONE, picker
from tokens.views.shared import found

PAGE = "tokens/library/edit.html"


@require_http_methods(["GET", "HEAD", "POST"])
@require("tokens.manage_templates")
def new(request: HttpRequest) -> HttpResponse:
    """A new template, empty or from a proposal; a POST only checks it."""
    if request.method == "POST":
        return _checked(request, TemplateForm(request.POST))
    slug = request.GET.get("proposal", "")
    form = TemplateForm(draft=_draft_of_proposal(slug), proposal=slug) if slug else TemplateForm()
    return render(request, PAGE, page_context(form))


@require_http_methods(["GET", "HEAD", "POST"])
@require("tokens.manage_templates")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """A further version of a template; a POST only checks it."""
    base = _base(slug)
    if request.method == "POST":
        return _checked(request, TemplateForm(request.POST, base=base))
    return render(request, PAGE, page_context(TemplateForm(base=base)))


@require_POST
@require("tokens.manage_templates")
def live_lint(request: HttpRequest) -> HttpResponse:
    """What the linter says about the form as it stands; htmx asks while somebody types."""
    form = bound_form(request.POST)
    return render(request, "tokens/library/_lint.html", panel_context(form))


def bound_form(data: QueryDict) -> TemplateForm:
    """The form as it was sent, on the template that it says it changes.

    Raises:
        Http404: that template is not there, retired, or a custom set.
    """
    slug = data.get("editing", "")
    return TemplateForm(data, base=_base(slug) if slug else None)


def page_context(form: TemplateForm) -> dict[str, Any]:
    """Everything the form's page shows."""
    return {"form": form, "picker": picker(form), "gone": GONE, **panel_context(form)}


def panel_context(form: TemplateForm) -> dict[str, Any]:
    """What the linter's panel shows: the risk, the messages, the covers, and who would be outside."""
    draft, base = form.draft, form.base
    said = lint(draft, template_queries.use_evidence(base.template) if base else None)
    outside, outside_count = template_queries.outside_shown(base.template, draft) if base else ([], 0)
    return {
        "base": base,
        "said": presentation.lint_rows(said),
        "said_words": presentation.lint_counts(said),
        "has_errors": bool(errors_of(said)),
        "facts": presentation.draft_facts(draft),
        "outside": [presentation.outside_row(row, draft) for row in outside],
        "outside_count": outside_count,
    }


def _checked(request: HttpRequest, form: TemplateForm) -> HttpResponse:
    form.take_errors(lint(form.draft))
    return render(request, PAGE, page_context(form), status=422 if form.errors else 200)


def _base(slug: str) -> TemplateVersion:
    """The version that would be changed, or the 404 page: what is retired or custom is not changed."""
    version: TemplateVersion = found(lambda: template_queries.library_entry(slug))
    if version.template.is_custom or version.template.retired_at is not None:
        raise Http404
    return version


def _draft_of_proposal(slug: str) -> TemplateDraft:
    """A custom set as the beginning of a template: its scopes and kinds; the words are its author's to find."""
    version = found(lambda: template_queries.proposal(slug))
    return replace(draft_from_version(version), slug="", name="", purpose="", guidance="", justification="")
