"""Risk is computed by rules that can be said in a sentence, and every surprise is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tokens.catalogue.names import api
from tokens.catalogue.data import API_SCOPES, CLASSIC_SCOPES
from tokens.catalogue.model import RISK_LEVELS
from tokens.catalogue.rules import may_be_issued_at_once, risk_of, risk_sentences

ANY_SCOPES = st.frozensets(st.sampled_from([scope.name for scope in (*API_SCOPES, *CLASSIC_SCOPES)]))


def _rank(scopes: frozenset[str], *, used_by_machine: bool = False) -> int:
    return RISK_LEVELS.index(risk_of(scopes, used_by_machine=used_by_machine).level)


@pytest.mark.parametrize(
    ("scopes", "by_machine", "level", "reason"),
    [
        ("read:repository", False, "low", "reads code"),
        ("read:repository", True, "low", "reads code"),
        ("read:repository write:repository", False, "medium", "push can start pipelines"),
        ("read:repository write:repository", True, "high", "nobody watches"),
        ("read:repository read:pullrequest", False, "medium", "more than one service"),
        ("read:repository read:user", False, "low", "reads code"),
        ("write:pullrequest", True, "high", "approve and merge"),
        ("write:snippet", True, "high", "nobody watches"),
        ("write:pipeline", True, "high", "runs builds"),
        ("write:ssh-key", False, "critical", "never ends"),
        ("admin:workspace", False, "critical", "whole workspace"),
        ("read:issue read:wiki", True, "low", "nothing is left"),
        ("", True, "low", "opens nothing"),
    ],
)
def test_the_rules_one_by_one(scopes: str, by_machine: bool, level: str, reason: str) -> None:
    risk = risk_of(api(scopes), used_by_machine=by_machine)
    assert risk.level == level
    assert any(reason in text for text in risk.reasons), risk.reasons


def test_a_stranger_is_at_least_high_and_named() -> None:
    risk = risk_of({"read:repository:bitbucket", "read:moon:bitbucket"}, used_by_machine=False)
    assert risk.level == "high"
    assert any("read:moon:bitbucket" in reason for reason in risk.reasons)
    assert risk_of({"admin:pipeline:bitbucket", "x"}, used_by_machine=False).level == "critical"


def test_classic_scopes_weigh_what_they_reach() -> None:
    assert risk_of({"repository"}, used_by_machine=False).level == "low"
    assert risk_of({"pullrequest:write"}, used_by_machine=False).level == "high"
    assert risk_of({"repository:admin"}, used_by_machine=False).level == "critical"


@given(ANY_SCOPES, ANY_SCOPES, st.booleans())
def test_more_scopes_are_never_less_risk(some: frozenset[str], more: frozenset[str], by_machine: bool) -> None:
    assert _rank(some, used_by_machine=by_machine) <= _rank(some | more, used_by_machine=by_machine)


@given(ANY_SCOPES)
def test_a_machine_is_at_most_one_step_riskier(scopes: frozenset[str]) -> None:
    person, machine = _rank(scopes), _rank(scopes, used_by_machine=True)
    assert person <= machine <= person + 1
    assert risk_of(scopes, used_by_machine=True).reasons


@pytest.mark.parametrize(
    ("scope", "telling"),
    [
        ("write:repository", "next to the secrets used for deployment"),
        ("write:pullrequest", "approve and merge"),
        ("read:repository", "build as passed"),
        ("read:pullrequest", "to comment"),
        ("read:pipeline", "variable that is not secured"),
        ("write:webhook", "any address"),
        ("write:ssh-key", "no end date"),
    ],
)
def test_each_surprise_is_told_with_its_scope_and_only_then(scope: str, telling: str) -> None:
    (sentence,) = risk_sentences(api(scope))
    assert telling in sentence
    others = api(" ".join(other.name.removesuffix(":bitbucket") for other in API_SCOPES)) - api(scope)
    assert sentence not in risk_sentences(others)


def test_surprises_are_told_of_classic_scopes_too() -> None:
    assert risk_sentences(["pullrequest:write"]) == risk_sentences(
        api("read:repository write:repository read:pullrequest write:pullrequest")
    )
    assert risk_sentences([]) == []


@pytest.mark.parametrize(
    ("scopes", "days", "allowed"),
    [
        ("read:repository", 180, True),
        ("read:repository write:repository", 90, True),
        ("read:repository write:repository", 91, False),
        ("admin:repository", 1, False),
        ("delete:snippet", 1, False),
        ("write:ssh-key", 1, False),
        ("write:runner", 1, False),
        ("write:gpg-key", 1, False),
        ("write:permission", 1, False),
        ("read:permission", 180, True),
        ("read:unheard-of", 1, False),
        ("", 180, True),
    ],
)
def test_what_a_rule_alone_may_approve(scopes: str, days: int, allowed: bool) -> None:
    assert may_be_issued_at_once(api(scopes), days) is allowed


def test_a_classic_scope_that_can_delete_needs_a_person() -> None:
    assert not may_be_issued_at_once({"repository:admin"}, 1)
    assert not may_be_issued_at_once({"webhook"}, 1)
    assert may_be_issued_at_once({"pullrequest"}, 180)
