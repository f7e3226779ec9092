"""The adviser: from what somebody does, connects or calls to what to ask for."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import require_signed_in
from tokens import adviser_presentation as presentation
from tokens.adviser_forms import CallsForm
from tokens.adviser_questions import Question, question_from
from tokens.adviser_shelf import offered_shelf
from tokens.catalogue.adviser.answers import advise as advice_for
from tokens.catalogue.adviser.tasks import GROUPS, TASKS
from tokens.catalogue.adviser.tools import TOOL_BY_SLUG, TOOLS
from tokens.catalogue.operations import Call, find_calls
from tokens.clients import api_hosts
from tokens.queries import current_version

UNPROCESSABLE = 422


@require_safe
@require_signed_in
def advise(request: HttpRequest) -> HttpResponse:
    """Tick what you do; with something ticked, the answer; with `change`, what was ticked, to tick something else."""
    question = question_from(request.GET)
    if question.is_empty or "change" in request.GET:
        return _start_page(request, question)
    if question.used_by is None:
        question = question.as_used_by(question.tool.used_by if question.tool else "person")
    change_url = f"{reverse('advise')}?{question.query(change='1')}" if question.tasks else reverse("advise")
    return render(request, "tokens/advise_answer.html", {"answer": _answer(question), "change_url": change_url})


def _start_page(request: HttpRequest, question: Question) -> HttpResponse:
    groups = [{"name": name, "tasks": [task for task in TASKS if task.group == name]} for name in GROUPS]
    nothing_ticked = bool(request.GET) and "change" not in request.GET
    context = {
        "groups": groups,
        "ticked": question.tasks,
        "users": presentation.users(question),
        "used_by": question.used_by or "person",
        "nothing_ticked": nothing_ticked,
    }
    return render(request, "tokens/advise.html", context, status=UNPROCESSABLE if nothing_ticked else 200)


@require_safe
@require_signed_in
def tools(request: HttpRequest) -> HttpResponse:
    """Tools that people connect, narrowed by a word."""
    text = request.GET.get("q", "").strip()[:60]
    words = text.lower()
    found = [tool for tool in TOOLS if words in f"{tool.name} {tool.words}".lower()]
    return render(request, "tokens/advise_tools.html", {"tools": found, "text": text})


@require_safe
@require_signed_in
def tool(request: HttpRequest, slug: str) -> HttpResponse:
    """What one tool calls, what that needs, and what to ask for."""
    chosen = TOOL_BY_SLUG.get(slug)
    if chosen is None:
        raise Http404
    asked = question_from(request.GET)
    question = Question(asked.used_by or chosen.used_by, tool=chosen, with_optional=asked.with_optional)
    context = {
        "tool": presentation.tool_card(chosen, question.needs()),
        "answer": _answer(question),
        "with_optional": question.with_optional,
    }
    return render(request, "tokens/advise_tool.html", context)


@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
@require_signed_in
def calls(request: HttpRequest) -> HttpResponse:
    """Paste calls, a log or a script; nothing of it is kept."""
    form = CallsForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _calls_page(request, form, {"was_hidden": form.was_hidden}, UNPROCESSABLE if form.is_bound else 200)
    return _read_calls(request, form)


def _read_calls(request: HttpRequest, form: CallsForm) -> HttpResponse:
    text, used_by = form.cleaned_data["text"], form.cleaned_data["used_by"]
    found, skipped = find_calls(text, api_hosts=api_hosts())
    shown = CallsForm(initial={"text": text, "used_by": used_by})
    matched = [call.operation for call in found if call.status == "matched" and call.operation]
    question = Question(used_by, operations=tuple(dict.fromkeys(matched)))
    context = {
        "rows": presentation.call_rows(found),
        "skipped": skipped,
        "unknown": _count(found, "unknown"),
        "removed": _count(found, "removed"),
        "was_hidden": form.was_hidden,
        "answer": None if question.is_empty else _answer(question),
        "was_read": True,
    }
    return _calls_page(request, shown, context, 200)


def _calls_page(request: HttpRequest, form: CallsForm, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "tokens/advise_calls.html", {"form": form, **context}, status=status)


def _answer(question: Question) -> dict[str, Any]:
    advice = advice_for(question.needs(), offered_shelf(), question.used_by)
    version = current_version(advice.match.slug) if advice.match else None
    return presentation.answer(advice, question, version)


def _count(found: list[Call], status: str) -> int:
    return sum(call.status == status for call in found)
