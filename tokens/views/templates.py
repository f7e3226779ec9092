"""Reading templates: the library, one template, one version, two versions beside each other."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import require, require_signed_in, signed_in_user
from accounts.models import User
from tokens import queries, template_queries
from tokens import template_presentation as presentation
from tokens.catalogue.linter import lint
from tokens.forms import ReasonForm
from tokens.models import TemplateVersion
from tokens.template_comparison import compare, draft_from_version
from tokens.views.shared import found

SHELVES = (("offered", "Offered"), ("retired", "Retired"), ("proposals", "Proposals"))


@require_safe
@require("tokens.view_templates")
def library(request: HttpRequest) -> HttpResponse:
    """Every template with its use; the retired ones; what people asked for that no template covers."""
    show, text = request.GET.get("show", ""), request.GET.get("q", "").replace("\x00", "").strip()[:100]
    show = show if show in dict(SHELVES) else "offered"
    context: dict[str, Any] = {
        "show": show,
        "text": text,
        "shelves": SHELVES,
        "proposal_count": template_queries.proposals().count(),
        "may_manage": signed_in_user(request).has_perm("tokens.manage_templates"),
        "query": "&" + urlencode({"show": show, "q": text}),
    }
    if show == "proposals":
        page = queries.page_of(template_queries.proposals(), request.GET.get("page", "1"))
        names = template_queries.askers(page)
        context["rows"] = [presentation.proposal_row(row, names.get(row.template_id, [])) for row in page]
    else:
        found_ones = template_queries.library(retired=show == "retired", text=text)
        page = queries.page_of(found_ones, request.GET.get("page", "1"))
        use = template_queries.use_of(page)
        context["rows"] = [presentation.library_row(row, use[row.template_id]) for row in page]
    return render(request, "tokens/library/list.html", {**context, "page": page})


@require_safe
@require("tokens.view_templates")
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One template: what it says now, its versions, and who is outside."""
    version = found(lambda: template_queries.library_entry(slug))
    return render(request, "tokens/library/detail.html", detail_context(version, signed_in_user(request)))


def detail_context(version: TemplateVersion, user: User, retire_form: ReasonForm | None = None) -> dict[str, Any]:
    """Everything the page of one template shows this user."""
    template, draft = version.template, draft_from_version(version)
    outside, outside_count = template_queries.outside_shown(template, draft)
    # The facts are on the page already, under "Worth knowing".
    said = [] if template.is_custom else lint(draft, template_queries.use_evidence(template))
    return {
        "template": template,
        "version": version,
        "use": template_queries.use_of([version])[template.pk],
        "facts": presentation.draft_facts(draft),
        "said": presentation.lint_rows([message for message in said if message.code != "risk_fact"]),
        "versions": presentation.version_rows(list(template_queries.versions_of(template))),
        "outside": [presentation.outside_row(row, draft) for row in outside],
        "outside_count": outside_count,
        "may_manage": user.has_perm("tokens.manage_templates"),
        "retire_form": retire_form or ReasonForm(),
    }


@require_safe
@require_signed_in
def version_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version as it was published. It stays readable for ever."""
    user = signed_in_user(request)
    version = found(lambda: template_queries.visible_version(slug, number, user))
    newest = template_queries.versions_of(version.template)[0]
    context = {
        "template": version.template,
        "version": version,
        "facts": presentation.draft_facts(draft_from_version(version)),
        "newest": newest,
        "newest_url": presentation.version_url(newest),
        "may_view": user.has_perm("tokens.view_templates"),
    }
    return render(request, "tokens/library/version.html", context)


@require_safe
@require("tokens.view_templates")
def compare_versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Two versions of a template beside each other; by default the newest and the one before."""
    versions = list(template_queries.versions_of(found(lambda: template_queries.library_entry(slug)).template))
    by_number = {str(version.number): version for version in versions}
    after = by_number.get(request.GET.get("to", ""), versions[0])
    before = by_number.get(request.GET.get("from", ""), by_number.get(str(after.number - 1), after))
    difference = compare(draft_from_version(before), draft_from_version(after))
    context = {
        "template": after.template,
        "before": before,
        "after": after,
        "versions": versions,
        "difference": presentation.comparison_page(difference),
        "back": reverse("template", args=[slug]),
    }
    return render(request, "tokens/library/compare.html", context)
