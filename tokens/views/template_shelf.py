"""Taking templates off the shelf, putting them back, saying no to proposals."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import require, signed_in_user
from tokens import template_queries
from tokens.forms import ReasonForm
from tokens.operations.templates import dismiss_proposal, restore_template, retire_template
from tokens.views.shared import attempt, found
from tokens.views.templates import detail_context


@require_POST
@require("tokens.manage_templates")
def retire(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer a template no more, with a reason."""
    user = signed_in_user(request)
    version = found(lambda: template_queries.library_entry(slug))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = detail_context(version, user, retire_form=form)
        return render(request, "tokens/library/detail.html", context, status=422)
    return attempt(
        request,
        lambda: retire_template(version.template, because=form.cleaned_data["reason"], acting_user=user),
        then=reverse("template", args=[slug]),
        done="The template is retired. Nobody is offered it any more.",
    )


@require_POST
@require("tokens.manage_templates")
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer a retired template again."""
    user = signed_in_user(request)
    version = found(lambda: template_queries.library_entry(slug))
    return attempt(
        request,
        lambda: restore_template(version.template, acting_user=user),
        then=reverse("template", args=[slug]),
        done="The template is offered again.",
    )


@require_POST
@require("tokens.manage_templates")
def dismiss(request: HttpRequest, slug: str) -> HttpResponse:
    """Say no to a proposal."""
    user = signed_in_user(request)
    version = found(lambda: template_queries.library_entry(slug))
    return attempt(
        request,
        lambda: dismiss_proposal(version.template, acting_user=user),
        then=f"{reverse('templates')}?show=proposals",
        done="The proposal is dismissed. What was asked for stays as it is.",
    )
