"""From a pasted text to the likeliest cause and what to do: the first rule that fits decides."""

import re
from collections.abc import Mapping
from typing import Final

from tokens.catalogue.diagnosis.causes import ADVICE
from tokens.catalogue.diagnosis.gap import gap_in, suggested_gap
from tokens.catalogue.diagnosis.model import Advice, Diagnosis, Rule, ScopeGap
from tokens.catalogue.diagnosis.reading import Reading, read
from tokens.catalogue.diagnosis.remedies import actions_for
from tokens.catalogue.diagnosis.rules import RULES
from tokens.catalogue.diagnosis.signs import compiled, kinds_in, signs_in
from tokens.catalogue.diagnosis.wording import scope_facts
from tokens.catalogue.masking import mask
from tokens.catalogue.pasted import mask_pasted, plain_text

_NO_LINE: Final = -1
_NAME_IN_ADDRESS: Final = re.compile(r"://(?!AT(?:AT|BB|CT))[A-Za-z][\w.-]{0,29}@")
_READ: Final = "read:repository:bitbucket"
_PUSH: Final = (_READ, "write:repository:bitbucket")
# What the circumstances need where the text names no scope: the first sign that is there decides.
_NEEDED_BY: Final = (
    ("own_user", ("read:user:bitbucket",)),
    ("push", _PUSH),
    ("fetch", (_READ,)),
)


def diagnose(text: str) -> Diagnosis:
    """Say what a text that git, curl, a build or an IDE printed means. Never raises; nothing is kept.

    The masker runs first, and whatever is told comes from what it left. Of the text before it only one thing is asked:
    which of Atlassian's three public beginnings of secrets occur in it.
    """
    plain = plain_text(text)
    masked = mask(plain)
    lines = tuple(masked.split("\n"))
    reading = read(lines)
    signs = _signs(plain, reading)
    rule, place = _decide(reading, signs)
    advice = _advice(rule, reading)
    gap = _gap(advice, reading, place, signs)
    return Diagnosis(
        cause=advice.cause,
        title=advice.title,
        why=advice.words[0],
        steps=advice.words[1:],
        facts=scope_facts(gap),
        gap=gap,
        also_possible=rule.also if rule else (),
        actions=actions_for(advice, gap, reading),
        rule=rule.name if rule else "",
        lines=lines,
        telling=None if place == _NO_LINE else reading.line_at(place),
        hid_secret=masked != plain and _hides_more_than_a_name(plain),
    )


def shown_text(text: str) -> str:
    """A pasted text as it may be shown again: colour codes gone, one kind of line end, secrets hidden.

    Colours go first: a code in the middle of a secret would keep the masker from seeing it whole.
    """
    return mask_pasted(text)


def _hides_more_than_a_name(plain: str) -> bool:
    """Whether something is hidden besides user names in addresses, which only might be secrets."""
    without_names = _NAME_IN_ADDRESS.sub("://", plain)
    return mask(without_names) != without_names


def _signs(plain: str, reading: Reading) -> dict[str, int]:
    signs = signs_in(reading) | kinds_in(plain)
    if "holds_api_token" in signs:
        signs.setdefault("api_token_kind", signs["holds_api_token"])
    if "scope_headers" in signs and gap_in(reading, signs["scope_headers"], signs).missing:
        signs["scopes_short"] = signs["scope_headers"]
    return signs


def _decide(reading: Reading, signs: Mapping[str, int]) -> tuple[Rule | None, int]:
    for rule in RULES:
        place = _place(rule, reading, signs)
        if place is not None:
            return rule, place
    return None, _NO_LINE


def _place(rule: Rule, reading: Reading, signs: Mapping[str, int]) -> int | None:
    """Where the text says what the rule looks for; None when the rule does not fit."""
    if any(name in signs for name in rule.unless):
        return None
    seen = [_first_of(need, signs) for need in rule.needs]
    if None in seen:
        return None
    if rule.said:
        match = compiled("|".join(rule.said)).search(reading.text)
        return match.start() if match else None
    return next((place for place in seen if place is not None and place != _NO_LINE), _NO_LINE)


def _first_of(need: str, signs: Mapping[str, int]) -> int | None:
    return next((signs[name] for name in need.split("|") if name in signs), None)


def _advice(rule: Rule | None, reading: Reading) -> Advice:
    if rule:
        return ADVICE[rule.advice]
    return ADVICE["other" if reading.text else "nothing_pasted"]


def _gap(advice: Advice, reading: Reading, place: int, signs: Mapping[str, int]) -> ScopeGap | None:
    if advice.slug == "missing_scope":
        gap = gap_in(reading, max(place, 0), signs)
        needed = () if gap.required else next((scopes for sign, scopes in _NEEDED_BY if sign in signs), ())
        return suggested_gap(needed) if needed else gap
    if advice.slug == "missing_scope_user":
        return suggested_gap(["read:user:bitbucket"])
    return None
