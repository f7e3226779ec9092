"""From the adviser's answer to what its pages show."""

from typing import Any, Final

from django.urls import reverse

from tokens.adviser_questions import USED_BY, Question
from tokens.catalogue.adviser.answers import Advice
from tokens.catalogue.adviser.kinds import NO_KIND, choose_kind
from tokens.catalogue.adviser.model import Tool
from tokens.catalogue.adviser.needs import Needs
from tokens.catalogue.data import SCOPE_BY_NAME
from tokens.catalogue.model import RISK_LEVELS
from tokens.catalogue.operations import Call
from tokens.catalogue.rules import api_reach, grouped, risk_of, risk_sentences
from tokens.models import Request, TemplateVersion
from tokens.presentation import RISK_TONES, kind_card, kind_name, template_card

USER_WORDS: Final = {
    "person": ("I will, at my computer", "Git, an editor, a script that runs while I watch."),
    "machine": ("A machine", "A build server, a bot, a cluster, a script on a schedule."),
    "pipelines": ("Bitbucket Pipelines", "A step of bitbucket-pipelines.yml, in its own repository."),
}
# A template that adds more than this is offered, but not first.
EXCESS_THAT_STILL_FITS: Final = 2


def answer(advice: Advice, question: Question, version: TemplateVersion | None) -> dict[str, Any]:
    """What the page of an answer shows.

    Args:
        advice: the answer.
        question: what was asked; every link of the page carries it on.
        version: the template of `advice.match`.
    """
    needs, template = advice.needs, _template_part(advice, question, version)
    # A kind that opens more is taken for the sake of a template that is issued as it, and for nothing else.
    smallest = choose_kind(needs, question.used_by)
    kind = advice.kind if template and template["fits"] else smallest
    by_machine = question.used_by != "person"
    risk = risk_of(needs.api_token_scopes, used_by_machine=by_machine)
    needs_none = kind.slug == NO_KIND
    return {
        "is_none": needs_none,
        "kind": None if needs_none else kind_card(kind.slug, list(needs.api_token_scopes)),
        "kind_reason": kind.reason,
        "other_kinds": [{"name": kind_name(slug), "reason": reason} for slug, reason in kind.others],
        "template": template,
        "needed": needed_rows(needs, version.scopes if version else []),
        "risk_word": f"{risk.level.capitalize()} risk",
        "risk_tone": RISK_TONES[risk.level],
        "risk_reasons": list(risk.reasons),
        "surprises": risk_sentences(needs.api_token_scopes),
        "classic_scopes": list(needs.classic_scopes),
        "unproven": [operation.name for operation in needs.unproven],
        "notes": list(dict.fromkeys(task.note for task in question.tasks if task.note)),
        "exact_url": "" if needs_none else f"{reverse('request_exactly')}?{question.query(kind=smallest.slug)}",
        "users": users(question),
    }


def _template_part(advice: Advice, question: Question, version: TemplateVersion | None) -> dict[str, Any] | None:
    if advice.match is None or version is None or advice.kind.slug == NO_KIND:
        return None
    is_issued = advice.kind.slug in version.kinds
    page = reverse("request_form", args=[version.template.slug])
    more = {"kind": advice.kind.slug} if is_issued else {}
    return {
        **template_card(version),
        "ask_url": f"{page}?{question.query(**more)}",
        "covers": advice.match.covers,
        "fits": advice.match.covers and is_issued and not _is_much_broader(advice, version),
        "is_exact": advice.match.covers and not advice.match.excess,
        "excess_groups": grouped(advice.match.excess),
        "missing_groups": grouped(advice.match.missing),
        "issued_as": [kind_name(kind) for kind in version.kinds],
        "is_issued_as_kind": is_issued,
    }


def _is_much_broader(advice: Advice, version: TemplateVersion) -> bool:
    assert advice.match is not None
    needed = risk_of(advice.needs.api_token_scopes, used_by_machine=version.used_by_machine).level
    is_riskier = RISK_LEVELS.index(version.risk) > RISK_LEVELS.index(needed)
    return is_riskier or len(advice.match.excess) > EXCESS_THAT_STILL_FITS


def users(question: Question) -> list[dict[str, Any]]:
    """Who could use it, each with the address that asks the same for them."""
    return [
        {
            "slug": slug,
            "name": USER_WORDS[slug][0],
            "words": USER_WORDS[slug][1],
            "is_chosen": slug == question.used_by,
            "url": f"{reverse('advise')}?{question.as_used_by(used_by).query()}",
        }
        for slug, used_by in USED_BY.items()
    ]


def needed_rows(needs: Needs, template_scopes: list[str]) -> list[dict[str, Any]]:
    """One row a scope: what it lets one do, and which calls or tasks need it."""
    return _rows({scope: list(why) for scope, why in needs.because.items()}, template_scopes)


def needed_rows_of_request(request: Request) -> list[dict[str, Any]]:
    """The same from what a request kept; and what it holds although nothing that was named needs it."""
    because = request.needed.get("because", {})
    if not because:
        return []
    return _rows({**because, **{scope: [] for scope in request.scopes if scope not in because}}, request.scopes)


def _rows(because: dict[str, list[str]], template_scopes: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "name": scope.name,
            "words": scope.words,
            "because": because.get(scope.name, []),
            "is_in_template": scope.name in template_scopes,
        }
        for group in grouped(because)
        for scope in group.scopes
    ]


def call_rows(calls: list[Call]) -> list[dict[str, Any]]:
    """Pasted lines as a table: what each one means, and why one could not be told."""
    return [
        {
            "text": call.text,
            "status": call.status,
            "operation": call.operation.name if call.operation else "",
            "scopes": list(call.api_token_scopes or ()),
            "is_deprecated": bool(call.operation and call.operation.deprecated),
            "because": call.because,
        }
        for call in calls
    ]


def tool_card(tool: Tool, needs: Needs) -> dict[str, Any]:
    """A tool: what it calls and why, and how its own documentation differs from what its calls need."""
    asks = api_reach(tool.asks)
    return {
        "slug": tool.slug,
        "name": tool.name,
        "words": tool.words,
        "used_by": USER_WORDS[tool.used_by][0],
        "note": tool.note,
        "source": tool.source,
        "seen_on": tool.seen_on,
        "asks": list(tool.asks),
        "asks_source": tool.asks_source,
        "asks_more": _without_unknown(asks - set(needs.api_token_scopes)) if asks else [],
        "asks_less": sorted(set(needs.api_token_scopes) - asks) if asks else [],
        "calls": [{"call": call.call, "why": call.why, "is_optional": call.optional} for call in tool.calls],
        "has_optional": any(call.optional for call in tool.calls),
        "url": reverse("advise_tool", args=[tool.slug]),
    }


def _without_unknown(scopes: frozenset[str]) -> list[str]:
    return sorted(scope for scope in scopes if scope in SCOPE_BY_NAME)
