"""Which template covers best: fewest missing, then least excess, then the first slug; never the order of the shelf."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tokens.catalogue.template_table import EVERY
from tokens.catalogue.adviser.model import UsedBy
from tokens.catalogue.adviser.shelf import Match, Offer, closest_template

SCOPES = st.frozensets(st.sampled_from("abcdef"), max_size=6)
KINDS = st.lists(st.sampled_from(["api_token", "deploy_key", "repository_access_token"]), max_size=2).map(tuple)
OFFERS = st.lists(st.tuples(SCOPES, KINDS, st.booleans()), max_size=8).map(
    lambda rows: [Offer(f"t{place}", scopes, kinds, machine) for place, (scopes, kinds, machine) in enumerate(rows)]
)
USERS: st.SearchStrategy[UsedBy | None] = st.sampled_from(["person", "machine", "pipelines", None])
SHIPPED = [Offer(row.slug, frozenset(f"{scope}:bitbucket" for scope in row.scopes.split())) for row in EVERY]


def offer(slug: str, scopes: str, kinds: str = "", *, machine: bool = False) -> Offer:
    """A template in short."""
    return Offer(slug, frozenset(scopes.split()), tuple(kinds.split()), machine)


@pytest.mark.parametrize(
    ("needed", "shelf", "slug", "excess", "missing"),
    [
        ("a", [offer("x", "a"), offer("y", "a b")], "x", "", ""),
        ("a b", [offer("x", "a"), offer("y", "a b c d e")], "y", "c d e", ""),
        ("a b c", [offer("x", "a b"), offer("y", "a z")], "x", "", "c"),
        ("a b c", [offer("x", "a b z"), offer("y", "a b")], "y", "", "c"),
        ("a", [offer("y", "a"), offer("x", "a")], "x", "", ""),
        ("a", [offer("b", "a p"), offer("a", "a q")], "a", "q", ""),
        ("q", [offer("b", "a"), offer("c", "")], "c", "", "q"),
    ],
)
def test_ties_are_broken_in_order(needed: str, shelf: list[Offer], slug: str, excess: str, missing: str) -> None:
    expected = Match(slug, tuple(excess.split()), tuple(missing.split()))
    assert closest_template(needed.split(), shelf) == expected
    assert closest_template(needed.split(), shelf[::-1]) == expected
    assert expected.covers is (missing == "")


@given(SCOPES, OFFERS, USERS, st.randoms(use_true_random=False))
def test_the_order_of_the_shelf_never_matters(
    needed: frozenset[str], shelf: list[Offer], used_by: UsedBy | None, luck: object
) -> None:
    shuffled = list(shelf)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    found = closest_template(needed, shelf, used_by=used_by)
    assert found == closest_template(sorted(needed), shuffled, used_by=used_by)
    if found is None:
        assert not needed or not shelf
        return
    chosen = next(row for row in shelf if row.slug == found.slug)
    assert found == Match(chosen.slug, tuple(sorted(chosen.scopes - needed)), tuple(sorted(needed - chosen.scopes)))
    for row in shelf:
        assert (len(found.missing), len(found.excess)) <= (len(needed - row.scopes), len(row.scopes - needed))


@given(SCOPES, OFFERS, st.sampled_from(["api_token", "deploy_key"]))
def test_only_templates_of_the_kind(needed: frozenset[str], shelf: list[Offer], kind: str) -> None:
    issued = [row for row in shelf if kind in row.kinds]
    assert closest_template(needed, shelf, kind=kind) == closest_template(needed, issued)


def test_of_two_that_fit_alike_the_one_made_for_the_user() -> None:
    shelf = [offer("a", "x"), offer("b", "x", machine=True), offer("c", "x y", machine=True)]
    found = {user: closest_template(["x"], shelf, used_by=user) for user in (None, "person", "machine", "pipelines")}
    assert {user: match.slug for user, match in found.items() if match} == {
        None: "a",
        "person": "a",
        "machine": "b",
        "pipelines": "b",
    }


@pytest.mark.parametrize("shelf", [[], [offer("a", "x")]])
def test_nothing_needed_or_nothing_offered_is_no_match(shelf: list[Offer]) -> None:
    assert closest_template([], shelf) is None
    assert closest_template(["x"], []) is None


@pytest.mark.parametrize("row", EVERY, ids=lambda row: row.slug)
def test_a_shipped_template_is_the_closest_to_itself(row: object) -> None:
    (own,) = [shipped for shipped in SHIPPED if shipped.slug == row.slug]  # type: ignore[attr-defined]
    twins = sorted(shipped.slug for shipped in SHIPPED if shipped.scopes == own.scopes)
    assert closest_template(own.scopes, SHIPPED) == Match(twins[0])
