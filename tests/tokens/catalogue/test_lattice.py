"""Implications: only those that Bitbucket states, and none among API-token scopes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tokens.catalogue.names import api
from tokens.catalogue.data import API_SCOPES, CLASSIC_SCOPES
from tokens.catalogue.rules import api_reach, classic_reach, compare_scopes, expand_classic, reduce_classic

CLASSIC = st.frozensets(st.sampled_from([scope.name for scope in CLASSIC_SCOPES]))
API = st.frozensets(st.sampled_from([scope.name for scope in API_SCOPES]))


@pytest.mark.parametrize(
    ("scopes", "expanded"),
    [
        ("pullrequest:write", "pullrequest:write pullrequest repository:write repository"),
        ("pullrequest", "pullrequest repository"),
        ("repository:write", "repository:write repository"),
        ("project", "project repository"),
        ("issue:write", "issue:write issue"),
        ("snippet:write", "snippet:write snippet"),
        ("repository:admin", "repository:admin"),
        ("project:admin", "project:admin"),
        ("pipeline:write", "pipeline:write"),
        ("pipeline:variable", "pipeline:variable"),
        ("runner:write", "runner:write"),
        ("account:write", "account:write"),
        ("account", "account"),
        ("team:write", "team:write"),
        ("webhook", "webhook"),
        ("something:new", "something:new"),
        ("", ""),
    ],
)
def test_classic_scopes_imply_what_is_stated(scopes: str, expanded: str) -> None:
    assert expand_classic(scopes.split()) == frozenset(expanded.split())


@pytest.mark.parametrize(
    ("scopes", "reduced"),
    [
        ("repository repository:write pullrequest", "pullrequest repository:write"),
        ("pullrequest:write repository:write repository pullrequest", "pullrequest:write"),
        ("pipeline pipeline:write", "pipeline pipeline:write"),
        ("repository:admin repository", "repository repository:admin"),
    ],
)
def test_reducing_drops_only_what_is_implied(scopes: str, reduced: str) -> None:
    assert reduce_classic(scopes.split()) == tuple(reduced.split())


@given(CLASSIC)
def test_expanding_twice_changes_nothing_and_reducing_loses_nothing(scopes: frozenset[str]) -> None:
    expanded = expand_classic(scopes)
    assert scopes <= expanded
    assert expand_classic(expanded) == expanded
    assert expand_classic(reduce_classic(scopes)) == expanded
    assert reduce_classic(expanded) == reduce_classic(scopes)


@given(API)
def test_api_token_scopes_imply_nothing(scopes: frozenset[str]) -> None:
    assert expand_classic(scopes) == scopes
    assert api_reach(scopes) == scopes


def test_classic_scopes_can_be_told_as_api_token_scopes() -> None:
    assert api_reach(["pullrequest"]) == api("read:pullrequest read:repository")
    assert api_reach(["webhook"]) == api("read:webhook write:webhook delete:webhook")
    assert api_reach(["email"]) == api("read:user")
    assert api_reach(["test"]) == {"test"}
    assert "delete:repository:bitbucket" in api_reach(["repository:admin"])
    assert "read:repository:bitbucket" not in api_reach(["repository:admin"])


def test_reading_an_address_is_no_reading_of_the_profile() -> None:
    assert classic_reach("email") == frozenset()


def test_removed_services_are_reached_by_nothing() -> None:
    assert classic_reach("issue:write") == frozenset()
    assert classic_reach("wiki") == frozenset()


def test_access_tokens_never_reach_permissions() -> None:
    assert "write:permission:bitbucket" in classic_reach("repository:admin")
    assert "write:permission:bitbucket" not in classic_reach("repository:admin", "repository_access_token")


@given(API, API)
def test_comparing_names_both_differences(approved: frozenset[str], granted: frozenset[str]) -> None:
    difference = compare_scopes(approved, granted)
    assert set(difference.missing) == approved - granted
    assert set(difference.excess) == granted - approved
    assert difference.is_exact == (approved == granted)
    assert list(difference.missing) == sorted(difference.missing)
    assert list(difference.excess) == sorted(difference.excess)


def test_writing_is_no_reading_in_the_api_token_dialect() -> None:
    assert compare_scopes(api("read:repository"), api("write:repository")).missing == ("read:repository:bitbucket",)


def test_comparing_classic_scopes_knows_their_implications() -> None:
    assert compare_scopes(["repository", "pullrequest"], ["pullrequest"]).is_exact
    difference = compare_scopes(["pullrequest"], ["pullrequest:write"])
    assert difference.missing == ()
    assert difference.excess == ("pullrequest:write", "repository:write")
