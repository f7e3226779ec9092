"""One person: what they hold, what it reaches, what they were given by name, what happened."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require, signed_in_user
from accounts.models import Person, User
from audit.presentation import event_row, trail_url
from audit.queries import Filter, page_of_events
from tokens import people_presentation as show
from tokens import queries
from tokens.inventory import reach
from tokens.models import Standing
from tokens.operations.live_reads import PERMISSION, ask_for_person, jobs_of_person
from tokens.presentation import finding_row, request_row
from tokens.states import LIVE
from tokens.views.shared import attempt, page_or_live_part

ROWS = 25
EVENTS = 20
PAGE = "tokens/person.html"
_LARGEST_NUMBER = 100_000


@require_safe
@require("accounts.view_people")
def person(request: HttpRequest, account_id: str) -> HttpResponse:
    """One of the four parts of a person's page; htmx asks for the live part of what they reach alone."""
    row = get_object_or_404(Person, account_id=account_id)
    user = signed_in_user(request)
    wanted = request.GET.get("show", "")
    part = wanted if wanted in PARTS else "holds"
    context = {
        "person": row,
        "part": part,
        "tabs": show.tabs(row, part),
        "seats": row.seats.select_related("workspace"),
        **PARTS[part](request, row, user),
    }
    return render(request, page_or_live_part(request, PAGE) if part == "reach" else PAGE, context)


def _holds(_request: HttpRequest, row: Person, user: User) -> dict[str, Any]:
    held = queries.credentials_of(row).filter(state__in=LIVE).exclude(standing=Standing.OTHER_PRODUCT)
    credentials = list(held.select_related("repository", "project")[: ROWS + 1])
    asked = list(queries.own_requests(row)[: ROWS + 1]) if user.has_perm("tokens.view_all_requests") else []
    found = list(queries.open_findings().filter(person=row)[: ROWS + 1])
    return {
        "credentials": [show.held_row(one) for one in credentials[:ROWS]],
        "more_credentials": len(credentials) > ROWS,
        "everything_url": f"{reverse('credentials')}?holder={row.account_id}&state=any&standing=any",
        "live_url": f"{reverse('credentials')}?holder={row.account_id}&standing=any",
        "requests": [request_row(one) for one in asked[:ROWS]],
        "more_requests": len(asked) > ROWS,
        "findings": [finding_row(one) for one in found[:ROWS]],
        "more_findings": len(found) > ROWS,
    }


def _reach(_request: HttpRequest, row: Person, user: User) -> dict[str, Any]:
    reached, reading = reach.reach_of_person(row), show.reading_card(jobs_of_person(row)[:2])
    openers = reach.openers_of(row)
    return {
        "reach": reached,
        "bars": show.level_bars(reached),
        "reading": reading,
        "live": reading["running"],
        "risky": [show.risky_row(one) for one in reach.riskiest_repositories(row)] if reached.with_secrets else [],
        "openers": show.opener_groups(openers),
        "openers_are_cut": openers.is_cut,
        "can_read": user.has_perm(PERMISSION),
    }


def _grants(request: HttpRequest, row: Person, _user: User) -> dict[str, Any]:
    after = _number(request.GET.get("after", ""))
    grants, following = reach.grants_page(row, after=after)
    page = f"{reverse('person', args=[row.account_id])}?show=grants"
    before = max(0, after - reach.GRANTS_PAGE)
    return {
        "grants": [show.grant_row(one) for one in grants],
        "newer_url": (f"{page}&after={before}" if before else page) if after else "",
        "older_url": f"{page}&after={following}" if following else "",
    }


def _history(_request: HttpRequest, row: Person, user: User) -> dict[str, Any]:
    if not user.has_perm("audit.view_event"):
        return {"events": [], "trail_url": ""}
    about = page_of_events(Filter(subject=f"person:{row.account_id}"), size=EVENTS).events
    done = page_of_events(Filter(actor=row.account_id), size=EVENTS).events
    newest = sorted({event.seq: event for event in (*about, *done)}.values(), key=lambda event: -event.seq)
    return {
        "events": [event_row(event) for event in newest[:EVENTS]],
        "trail_url": trail_url(actor=row.account_id),
        "about_url": trail_url(subject=f"person:{row.account_id}"),
    }


PARTS = {"holds": _holds, "reach": _reach, "grants": _grants, "history": _history}


@require_POST
@require(PERMISSION)
def read_now(request: HttpRequest, account_id: str) -> HttpResponse:
    """Have what this person reaches read now."""
    row = get_object_or_404(Person, account_id=account_id)
    return attempt(
        request,
        lambda: ask_for_person(row, acting_user=signed_in_user(request)),
        then=f"{reverse('person', args=[row.account_id])}?show=reach",
    )


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(_LARGEST_NUMBER)) else 0
    return min(number, _LARGEST_NUMBER)
