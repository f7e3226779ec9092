"""The classic cover: reaches everything, adds least, says what it adds and what nobody can reach."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokens.catalogue.names import api
from tokens.catalogue.data import API_SCOPES, CLASSIC_SCOPES, KIND_BY_SLUG
from tokens.catalogue.rules import can_be_issued_as, classic_cover, classic_reach, reduce_classic

NEEDS = st.frozensets(st.sampled_from([scope.name for scope in API_SCOPES]), max_size=8)
KINDS = st.sampled_from(
    ["", "repository_access_token", "project_access_token", "workspace_access_token", "oauth_grant"]
)


@pytest.mark.parametrize(
    ("needs", "scopes", "adds"),
    [
        ("read:repository", "repository", ""),
        ("read:repository write:repository", "repository:write", ""),
        ("write:repository", "repository:write", "read:repository"),
        ("read:pullrequest", "pullrequest", "read:repository"),
        ("read:repository read:pullrequest", "pullrequest", ""),
        ("write:pullrequest", "pullrequest:write", "read:pullrequest read:repository write:repository"),
        ("read:pipeline write:pipeline", "pipeline pipeline:write", ""),
        ("admin:pipeline", "pipeline:variable", ""),
        ("write:webhook", "webhook", "read:webhook delete:webhook"),
        ("read:user", "account", "read:workspace read:ssh-key read:gpg-key"),
        ("read:user read:workspace", "account", "read:ssh-key read:gpg-key"),
        ("delete:repository", "repository:delete", ""),
        ("delete:repository write:webhook", "repository:delete webhook", "read:webhook delete:webhook"),
        ("read:project read:repository", "project", ""),
        ("", "", ""),
    ],
)
def test_known_covers(needs: str, scopes: str, adds: str) -> None:
    cover = classic_cover(api(needs))
    assert cover.scopes == tuple(scopes.split())
    assert set(cover.adds) == api(adds)
    assert cover.not_covered == ()
    assert cover.unproven == ()


def test_administering_repositories_says_that_it_also_deletes_them() -> None:
    cover = classic_cover(api("admin:repository"))
    assert cover.scopes == ("repository:admin",)
    assert "delete:repository:bitbucket" in cover.adds
    assert any("delete repositories" in warning for warning in cover.warnings)


def test_what_no_classic_scope_reaches_is_named() -> None:
    cover = classic_cover(api("read:permission read:repository") | {"read:new:bitbucket"})
    assert cover.not_covered == ("read:new:bitbucket", "read:permission:bitbucket")
    assert cover.scopes == ("repository",)


def test_a_guess_is_called_one() -> None:
    cover = classic_cover(api("admin:workspace"))
    assert cover.scopes == cover.unproven == ("team:write",)
    assert classic_cover(api("read:workspace")).scopes == ("account",)


def test_a_kind_has_only_its_own_scopes() -> None:
    needs = api("read:user read:repository")
    assert classic_cover(needs, kind="workspace_access_token").not_covered == ()
    assert classic_cover(needs, kind="repository_access_token").not_covered == ("read:user:bitbucket",)


@pytest.mark.parametrize(
    ("kind", "scopes", "possible"),
    [
        ("api_token", "read:repository", True),
        ("api_token", "read:issue", False),
        ("deploy_key", "read:repository", True),
        ("deploy_key", "read:repository write:repository", True),
        ("deploy_key", "read:repository read:pullrequest", False),
        ("repository_access_token", "read:project", False),
        ("project_access_token", "read:project", True),
        ("workspace_access_token", "admin:project", True),
        ("gpg_key", "read:repository", False),
        ("runner", "read:repository", False),
    ],
)
def test_which_kind_can_carry_what(kind: str, scopes: str, possible: bool) -> None:
    assert can_be_issued_as(kind, api(scopes)) is possible


@settings(max_examples=150, deadline=None)
@given(NEEDS, KINDS)
def test_a_cover_keeps_its_word(needs: frozenset[str], kind: str) -> None:
    cover = classic_cover(needs, kind=kind)
    reached = frozenset().union(*(classic_reach(name, kind) for name in cover.scopes))
    assert needs - reached == set(cover.not_covered)
    assert reached - needs == set(cover.adds)
    assert cover.scopes == reduce_classic(cover.scopes)
    if kind:
        assert set(cover.scopes) <= KIND_BY_SLUG[kind].classic


@settings(max_examples=40, deadline=None)
@given(st.frozensets(st.sampled_from([scope.name for scope in API_SCOPES]), min_size=1, max_size=3))
def test_no_other_choice_is_contained_in_it(needs: frozenset[str]) -> None:
    """Looked up by trying every choice of up to three classic scopes, apart from the search that the code does."""
    cover = classic_cover(needs)
    if cover.unproven:
        return
    needed = needs - set(cover.not_covered)
    names = [scope.name for scope in CLASSIC_SCOPES if not scope.name.startswith("team")]
    for size in range(4):
        for choice in combinations(names, size):
            reached = frozenset().union(*(classic_reach(name) for name in choice))
            if needed <= reached:
                assert not (reached - needs) < set(cover.adds), choice
