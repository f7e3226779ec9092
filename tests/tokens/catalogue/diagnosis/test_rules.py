"""The rules as data: each can be reached, each cause can be told, and their order matters."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokens.catalogue.diagnosis.test_texts import TEXTS
from tokens.catalogue.diagnosis import CAUSES, diagnose, diagnosis_as_json
from tokens.catalogue.diagnosis import engine as engine_module
from tokens.catalogue.diagnosis.causes import ADVICE, title_of
from tokens.catalogue.diagnosis.model import Rule
from tokens.catalogue.diagnosis.rules import RULES
from tokens.catalogue.diagnosis.signs import SIGNS

DERIVED = {"foreign", "scopes_short", "holds_api_token", "holds_app_password", "holds_access_token"}
KNOWN_SIGNS = {sign.name for sign in SIGNS} | DERIVED


def test_there_are_texts_enough() -> None:
    assert len({text.text for text in TEXTS}) >= 150
    assert len([text for text in TEXTS if text.cause == "not_credential_related"]) >= 20
    assert len([text for text in TEXTS if text.cause == "other"]) >= 10


def test_every_rule_decides_some_text() -> None:
    assert {rule.name for rule in RULES} - {text.rule for text in TEXTS} == set()
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_has_words_a_remedy_and_a_text(cause: str) -> None:
    advice = ADVICE[cause]
    assert (advice.slug, advice.cause) == (cause, cause)
    assert title_of(advice.cause) == advice.title
    assert cause in {text.cause for text in TEXTS}


def test_every_advice_is_written_out() -> None:
    used = {rule.advice for rule in RULES}
    for slug, advice in ADVICE.items():
        assert slug == advice.slug
        assert advice.title
        assert not advice.title.endswith(".")
        assert advice.words
        assert all(piece == piece.strip() and piece[-1] in ".?!" for piece in advice.words), slug
        assert slug in used | set(CAUSES) | {"nothing_pasted"}, f"nobody gives the advice {slug}"
    titles = [advice.title for advice in ADVICE.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_a_rule_names_only_what_exists(rule: Rule) -> None:
    needs = {name for need in rule.needs for name in need.split("|")}
    statuses = {name for name in needs if re.fullmatch(r"status_[45]\d\d", name)}
    assert needs - statuses - KNOWN_SIGNS == set()
    assert set(rule.unless) - KNOWN_SIGNS == set()
    assert rule.advice in ADVICE
    assert rule.said or rule.needs
    assert not any(re.search(r"[A-Z]", re.sub(r"\\.", "", fragment)) for fragment in rule.said), (
        "texts are in lower case"
    )
    assert ADVICE[rule.advice].cause not in {other.cause for other in rule.also}


# Two rules that both fit, and the one that must win.
CONTESTS = (
    ("remote: CHANGE-3222 - gone\nfatal: The requested URL returned error: 410", "app_password_notice", "git_gone"),
    (
        "remote: Repository is over the size limit\n ! [remote rejected] (pre-receive hook declined)",
        "too_big",
        "hook_declined",
    ),
    ("has exceeded its user limit\nThe requested URL returned error: 402", "users_over_plan", "status_402"),
    ("fatal: CONNECT tunnel failed, response 403, git push", "proxy_refuses", "push_forbidden"),
    ("Permission denied to update branch main.\n[remote rejected]", "branch_says_no", "hook_declined"),
    ("admin must whitelist your IP\ngit: error: 403", "address_not_on_list", "forbidden"),
    (
        "repository access denied. access via a deployment key is read-only.\nCould not read from remote repository",
        "deploy_key_only_reads",
        "key_without_right",
    ),
    (
        "Invalid credentials\nAuthentication failed for 'https://a%40b.test@bitbucket.org/x/y'",
        "email_for_git",
        "token_refused",
    ),
    ("Host key verification failed.\nCould not read from remote repository", "host_not_known", "nothing_read_by_ssh"),
)


@pytest.mark.parametrize(("text", "winner", "loser"), CONTESTS)
def test_the_order_of_the_rules_matters(text: str, winner: str, loser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert diagnose(text).rule == winner
    swapped = sorted(RULES, key=lambda rule: rule.name != loser)
    monkeypatch.setattr(engine_module, "RULES", swapped)
    assert diagnose(text).rule == loser


def test_the_telling_line_is_the_one_that_decided() -> None:
    text = "$ git push\nEnumerating objects: 5, done.\nremote: Permission denied to update branch main.\nerror: no"
    found = diagnose(text)
    assert found.telling == 2
    assert found.lines[2] == "remote: Permission denied to update branch main."
    wrapped = diagnose("first\nremote: You may not have access to\nremote: this repository or it no longer exists")
    assert (wrapped.rule, wrapped.telling) == ("no_access_said", 1)


@pytest.mark.parametrize("text", TEXTS, ids=[str(number) for number in range(len(TEXTS))])
def test_the_answer_for_scripts(text: object) -> None:
    found = diagnose(text.text)  # type: ignore[attr-defined]
    answer = diagnosis_as_json(found)
    assert set(answer) == {"cause", "title", "remedy", "missing_scopes"}
    assert answer["cause"] in CAUSES
    assert answer["remedy"] == " ".join([found.why, *found.facts, *found.steps])
    assert answer["missing_scopes"] == sorted(set(answer["missing_scopes"]))
    assert all(other.cause in CAUSES and other.tell for other in found.also_possible)
    assert found.telling is None or 0 <= found.telling < len(found.lines)
    assert not any(
        "{" in action.value for action in found.actions if action.kind == "copy" and "2.0" not in action.value
    )


@settings(max_examples=400)
@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert diagnose(text).cause in CAUSES


FRAGMENTS = st.sampled_from(
    [text.text for text in TEXTS if text.text]
    + ["\x1b[0m", "\r\n", "required:", "[", "\\", "\ud800", "x-oauth-scopes: "]
)


@settings(max_examples=150)
@given(st.lists(FRAGMENTS | st.text(max_size=20), max_size=5))
def test_any_mixture_gets_an_answer(parts: list[str]) -> None:
    found = diagnose("".join(parts))
    assert found.cause in CAUSES
    assert diagnosis_as_json(found)["title"]
