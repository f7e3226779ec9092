"""Acting on findings: asking holders, accepting for a while with a second person, ending that."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require, require_signed_in, signed_in_user
from accounts.models import Person, User
from accounts.redirects import own_path
from tokens.finding_filters import STATUSES, Wanted
from tokens.finding_forms import AcceptForm, BecauseForm, FindingFilterForm
from tokens.finding_queries import askable, findings_to_ask_about, visible_finding
from tokens.inventory.modes import may_tell_holders
from tokens.models import Finding, FindingKind
from tokens.operations.acceptances import accept_finding, confirm_acceptance, decline_acceptance, end_acceptance
from tokens.operations.asking_holders import MOST_AT_ONCE, OBSERVING, ask_about_unknown, ask_holder, ask_holders
from tokens.operations.change import Stale
from tokens.operations.explaining import explain_gone
from tokens.views.findings import detail_context, kept_query
from tokens.views.shared import attempt, found

UNPROCESSABLE = 422


@require_POST
@require("tokens.handle_finding")
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the holder about one finding, and go back to where the button stood."""
    user, row = _finding(request, pk)
    return attempt(
        request,
        lambda: ask_holder(row, acting_user=user),
        then=own_path(request.POST.get("next"), _page(row)),
        done=f"{row.person} is asked about “{row.credential.name}”.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require("tokens.handle_finding")
def ask_many(request: HttpRequest) -> HttpResponse:
    """First say how many people would be asked about how many findings; then do it."""
    wanted = FindingFilterForm(request.GET).wanted()
    back = _with_query("findings", request)
    if request.method == "POST":
        return _ask_matching(request, wanted, back=back)
    seen = askable(wanted)
    context = {
        "seen": seen,
        "left_out": seen.matching - seen.findings,
        "now": min(seen.findings, MOST_AT_ONCE),
        "limit": MOST_AT_ONCE,
        "filter_words": _filter_words(wanted),
        "why_not": "" if may_tell_holders() else OBSERVING,
        "back": back,
    }
    return render(request, "tokens/findings_ask.html", context)


def _ask_matching(request: HttpRequest, wanted: Wanted, *, back: str) -> HttpResponse:
    user = signed_in_user(request)
    said = ""

    def act() -> None:
        nonlocal said
        if request.POST.get("findings") != str(findings_to_ask_about(wanted).count()):
            raise Stale("The findings changed while you were looking. Look at the numbers again.")
        ids = list(findings_to_ask_about(wanted).values_list("pk", flat=True)[:MOST_AT_ONCE])
        people, asked = ask_holders(ids, acting_user=user)
        said = f"Asked: {people} {'person' if people == 1 else 'people'} about {asked} findings."

    answer = attempt(request, act, then=back)
    if said:
        messages.success(request, said)
    return answer


def _filter_words(wanted: Wanted) -> list[str]:
    words = [
        STATUSES[wanted.status],
        f"Search: “{wanted.q}”" if wanted.q else "",
        FindingKind(wanted.kind).label if wanted.kind else "",
        f"{wanted.risk.capitalize()} risk" if wanted.risk else "",
        f"Older than {wanted.older_than} days" if wanted.older_than else "",
        f"Person: {wanted.person}" if wanted.person else "",
    ]
    return [word for word in words if word]


@require_POST
@require("tokens.handle_finding")
def ask_unknown(request: HttpRequest, account_id: str) -> HttpResponse:
    """Ask one person about their tokens of an unknown product."""
    user = signed_in_user(request)
    person = get_object_or_404(Person, account_id=account_id)
    return attempt(
        request,
        lambda: ask_about_unknown(person, acting_user=user),
        then=own_path(request.POST.get("next"), reverse("unknown_product")),
        done=f"{person} is asked what the tokens are for.",
    )


@require_POST
@require("tokens.handle_finding")
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a finding until a date, or propose it."""
    user, row = _finding(request, pk)
    form = AcceptForm(request.POST)
    return _with_form(
        request, row, form, "accept_form", lambda: accept_finding(row, acting_user=user, **form.cleaned_data)
    )


@require_POST
@require("tokens.handle_finding")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the second word."""
    user, row = _finding(request, pk)
    return attempt(
        request,
        lambda: confirm_acceptance(row, acting_user=user),
        then=_page(row),
        done="Accepted, with both your names.",
    )


@require_POST
@require("tokens.handle_finding")
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no as the second person."""
    user, row = _finding(request, pk)
    form = BecauseForm(request.POST, auto_id="decline_%s")
    return _with_form(
        request, row, form, "decline_form", lambda: decline_acceptance(row, acting_user=user, **form.cleaned_data)
    )


@require_POST
@require("tokens.handle_finding")
def end_early(request: HttpRequest, pk: int) -> HttpResponse:
    """End an acceptance before its day."""
    user, row = _finding(request, pk)
    form = BecauseForm(request.POST, auto_id="end_%s")
    return _with_form(
        request, row, form, "end_form", lambda: end_acceptance(row, acting_user=user, **form.cleaned_data)
    )


@require_POST
@require_signed_in
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what happened to one's own credential that is gone, or as an admin to anybody's."""
    user, row = _finding(request, pk)
    form = BecauseForm(request.POST, auto_id="explain_%s")
    return _with_form(
        request, row, form, "explain_form", lambda: explain_gone(row, acting_user=user, **form.cleaned_data)
    )


def _finding(request: HttpRequest, pk: int) -> tuple[User, Finding]:
    user = signed_in_user(request)
    return user, found(lambda: visible_finding(pk, user))


def _with_form(request: HttpRequest, row: Finding, form: Form, name: str, act: Callable[[], object]) -> HttpResponse:
    if not form.is_valid():
        context = detail_context(row, signed_in_user(request), **{name: form})
        return render(request, "tokens/finding.html", context, status=UNPROCESSABLE)
    return attempt(request, act, then=_page(row))


def _page(row: Finding) -> str:
    return reverse("finding", args=[row.pk])


def _with_query(name: str, request: HttpRequest) -> str:
    kept = kept_query(request.GET)
    return f"{reverse(name)}?{urlencode(kept)}" if kept else reverse(name)
