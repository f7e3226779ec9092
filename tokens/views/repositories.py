"""Repositories: the list, and who and what can reach one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require, signed_in_user
from tokens import repository_presentation as show
from tokens.inventory import repository_access as access
from tokens.inventory.repository_list import Counted, page_of_repositories
from tokens.models import Repository
from tokens.operations.live_reads import PERMISSION, SECRETS_JOB, ask_for_repository
from tokens.repository_forms import RepositoryFilterForm
from tokens.views.shared import attempt, page_or_live_part
from workqueue.models import END_STATES, Job

PAGE = "tokens/places/repository.html"
_LONGEST = 18


@require_safe
@require("tokens.view_inventory")
def repository_list(request: HttpRequest) -> HttpResponse:
    """Every repository the inventory knows, by name."""
    form = RepositoryFilterForm(request.GET)
    wanted = form.wanted()
    after, before = (_number(request.GET.get(name, "")) for name in ("after", "before"))
    page = page_of_repositories(wanted, after=after, before=before)
    asked = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "form": form,
        "rows": [show.list_row(row, page.counted.get(row.pk, Counted())) for row in page.rows],
        "clear_url": show.list_url({}) if asked else "",
        "newer_url": show.list_url({**asked, "before": str(page.before)}) if page.before else "",
        "older_url": show.list_url({**asked, "after": str(page.after)}) if page.after else "",
    }
    return render(request, "tokens/places/repositories.html", context)


@require_safe
@require("tokens.view_inventory")
def repository(request: HttpRequest, pk: int) -> HttpResponse:
    """One repository: who reaches it, or what opens it; htmx asks for how fresh it is alone."""
    row = get_object_or_404(Repository.objects.select_related("workspace", "project"), pk=pk)
    parts = access.parts_about(row)
    waits = Job.objects.filter(kind=SECRETS_JOB, payload__repository=pk).exclude(state__in=END_STATES).exists()
    part = "keys" if request.GET.get("show") == "keys" else "people"
    template = page_or_live_part(request, PAGE)
    context = {
        "repository": row,
        "part": part,
        "part_groups": show.part_groups(row, parts, secrets_wait=waits),
        "live": show.is_being_read(row, parts, secrets_wait=waits),
        "can_read": signed_in_user(request).has_perm(PERMISSION),
        "people_url": row.get_absolute_url(),
        "keys_url": f"{row.get_absolute_url()}?show=keys",
    }
    if template == PAGE:
        context |= _keys(row) if part == "keys" else _people(request, row)
    return render(request, template, context)


def _people(request: HttpRequest, row: Repository) -> dict[str, Any]:
    given_after, known_after = (_number(request.GET.get(name, "")) or 0 for name in ("after", "known"))
    grants, more_grants = access.page_of(access.grants_reaching(row), given_after)
    rights, more_rights = access.page_of(access.rights_known(row), known_after)
    page = row.get_absolute_url()
    return {
        "grants": [show.grant_row(one) for one in grants],
        "grants_back": page if given_after else "",
        "grants_more": f"{page}?after={more_grants}" if more_grants else "",
        "rights": [show.right_row(one) for one in rights],
        "rights_back": page if known_after else "",
        "rights_more": f"{page}?known={more_rights}" if more_rights else "",
        "owners": access.owners_known(row),
    }


def _keys(row: Repository) -> dict[str, Any]:
    keys, bounded = access.openers_of(row)
    return {
        "keys": [show.key_row(one) for one in keys[: access.PAGE_SIZE]],
        "more_keys": len(keys) > access.PAGE_SIZE,
        "bounded": [show.key_row(one) for one in bounded[: access.PAGE_SIZE]],
        "more_bounded": len(bounded) > access.PAGE_SIZE,
        "tokens": access.tokens_of_people(row),
        "secrets": show.secrets_rows(row),
        "more_url": f"{reverse('credentials')}?q={row.full_name}",
    }


@require_POST
@require(PERMISSION)
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the parts of one repository, and what its pipelines hold, read now."""
    row = get_object_or_404(Repository, pk=pk, gone_at=None)
    return attempt(
        request,
        lambda: ask_for_repository(row, acting_user=signed_in_user(request)),
        then=row.get_absolute_url(),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None
