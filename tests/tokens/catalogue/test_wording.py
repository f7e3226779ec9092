"""Scopes in words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tokens.catalogue.names import api
from tokens.catalogue.data import API_SCOPES, CLASSIC_SCOPES
from tokens.catalogue.rules import grouped, kind_from_credential_type, will_not_work, words_for

NAMES = st.frozensets(
    st.sampled_from([scope.name for scope in (*API_SCOPES, *CLASSIC_SCOPES)]) | st.text(min_size=1, max_size=20)
)


def test_groups_follow_the_order_people_know() -> None:
    groups = grouped(api("write:webhook read:user write:repository read:repository read:ssh-key"))
    assert [group.service.name for group in groups] == ["Account", "Repositories", "Webhooks", "SSH keys"]
    assert [scope.name for scope in groups[1].scopes] == ["read:repository:bitbucket", "write:repository:bitbucket"]


def test_a_removed_service_carries_its_date() -> None:
    (group,) = grouped(["issue:write"])
    assert group.service.removed_on == date(2026, 8, 20)


def test_an_unknown_scope_is_shown_and_not_failed() -> None:
    groups = grouped(["read:repository:bitbucket", "read:moon:bitbucket"])
    assert [group.service.name for group in groups] == ["Repositories", "Not in the catalogue"]
    assert "read:moon:bitbucket" in groups[1].scopes[0].words


@given(NAMES)
def test_grouping_loses_nothing(scopes: frozenset[str]) -> None:
    shown = [scope.name for group in grouped(scopes) for scope in group.scopes]
    assert sorted(shown) == sorted(scopes)
    assert all(group.scopes for group in grouped(scopes))


@pytest.mark.parametrize(
    ("scopes", "words"),
    [
        ("read:repository", "read code and history"),
        ("write:repository read:repository", "read code and history; push commits, branches and tags"),
        ("read:webhook write:webhook read:runner", "see webhooks, create and change webhooks, and see runners"),
        ("read:webhook read:runner", "see webhooks, and see runners"),
        ("", "nothing"),
    ],
)
def test_words_for_people(scopes: str, words: str) -> None:
    assert words_for(api(scopes)) == words


def test_the_same_words_of_both_dialects_are_said_once() -> None:
    assert words_for(["repository", "read:repository:bitbucket"]) == "read code and history"


def test_what_will_not_work_is_a_sentence_a_scope() -> None:
    sentences = will_not_work(api("write:repository read:user"))
    assert len(sentences) == 2
    assert "GET" not in " ".join(sentences)
    assert "push" in sentences[1]
    assert will_not_work([]) == []
    assert "read:moon:bitbucket" in will_not_work(["read:moon:bitbucket"])[0]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("api_token", "api_token"),
        (" API_TOKEN ", "api_token"),
        ("repo_access_token", "repository_access_token"),
        ("project_access_token", "project_access_token"),
        ("workspace_access_token", "workspace_access_token"),
        ("oauth1", "oauth_grant"),
        ("apikey", None),
        ("apppassword", None),
        ("oauth2", None),
        ("", None),
    ],
)
def test_kinds_of_the_header(value: str, kind: str | None) -> None:
    assert kind_from_credential_type(value) == kind
