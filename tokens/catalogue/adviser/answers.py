"""The adviser's answer: scopes, template, kind; and its form for machines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tokens.catalogue.adviser.kinds import KindChoice, choose_kind, widened, wider_kinds
from tokens.catalogue.adviser.model import UsedBy
from tokens.catalogue.adviser.needs import Needs, needs_of, wanted_by_calls
from tokens.catalogue.adviser.shelf import Match, Offer, closest_template
from tokens.catalogue.operations.model import Call


@dataclass(frozen=True, slots=True)
class Advice:
    """What to ask for. `match` is None where nothing is needed; `kind` may be `none`."""

    needs: Needs
    match: Match | None
    kind: KindChoice


def advise(needs: Needs, shelf: Sequence[Offer], used_by: UsedBy | None = None) -> Advice:
    """From what is needed to what to ask for.

    A template that may be issued as the kind that fits goes before a closer one that may not.
    """
    kind = choose_kind(needs, used_by)
    closest = closest_template(needs.api_token_scopes, shelf, used_by=used_by)
    if used_by is None:
        return Advice(needs, closest, kind)
    for slug in wider_kinds(kind.slug):
        match = closest_template(needs.api_token_scopes, shelf, used_by=used_by, kind=slug)
        if match is not None and match.covers:
            return Advice(needs, match, widened(kind, slug))
    return Advice(needs, closest, kind)


def answer_for_calls(calls: Sequence[Call], shelf: Sequence[Offer], used_by: UsedBy | None = None) -> dict[str, Any]:
    """What `manage.py scopes` and `POST /api/v1/scopes` answer, ready for JSON.

    Scopes of one call stand as Bitbucket declares them, null where none are known. Unions are sorted; calls that were
    removed add nothing.
    """
    advice = advise(needs_of(wanted_by_calls(calls)), shelf, used_by)
    return {
        "calls": [_call_as_json(call) for call in calls],
        "api_token_scopes": list(advice.needs.api_token_scopes),
        "classic_scopes": list(advice.needs.classic_scopes),
        "template": _match_as_json(advice.match),
        "kind": {"slug": advice.kind.slug, "reason": advice.kind.reason},
    }


def _call_as_json(call: Call) -> dict[str, Any]:
    operation = call.operation
    return {
        "input": call.text,
        "status": call.status,
        "deprecated": bool(operation and operation.deprecated),
        "operation": operation.name if operation else None,
        "api_token_scopes": list(call.api_token_scopes) if call.api_token_scopes is not None else None,
        "classic_scopes": list(call.classic_scopes) if call.classic_scopes is not None else None,
    }


def _match_as_json(match: Match | None) -> dict[str, Any] | None:
    if match is None:
        return None
    return {"slug": match.slug, "excess": list(match.excess), "missing": list(match.missing)}
