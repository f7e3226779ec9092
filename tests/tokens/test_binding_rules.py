"""Which entry is it? The rule alone, then against everything a second token could imitate."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitbucket.resources import OrganisationToken
from tokens.binding import CLOCK_TOLERANCE, Match, Wanted, end_of, find_entry

CODE = "bcp-7K4QXM"
APPROVED = datetime(2026, 11, 2, 9, tzinfo=UTC)
PASTED = APPROVED + timedelta(minutes=30)
UNTIL = date(2026, 12, 2)
SCOPES = frozenset({"read:repository:bitbucket"})
SECOND = timedelta(seconds=1)
WANTED = Wanted(CODE, "712020:emma", APPROVED, PASTED, UNTIL, SCOPES)
ENTRY = OrganisationToken(
    id="t-1",
    label=f"{CODE} Clone and pull",
    status="ALLOWED",
    created_at=APPROVED + timedelta(minutes=10),
    expires_at=datetime(2026, 12, 2, tzinfo=UTC),
    last_active_at=None,
    user_id="712020:emma",
    user_name="Emma",
    user_email="emma@acme.test",
    scopes=SCOPES,
)


def test_the_one_entry_that_fits() -> None:
    answer = find_entry([ENTRY], WANTED, taken=())
    assert (answer.match, answer.entry, answer.candidates) == (Match.UNIQUE, ENTRY, (ENTRY,))


def test_a_listing_that_tells_no_scopes_is_enough() -> None:
    assert find_entry([replace(ENTRY, scopes=None)], WANTED, taken=()).match is Match.UNIQUE


NOT_MEANT = {
    "nothing listed": [],
    "another person": [replace(ENTRY, user_id="712020:lee")],
    "bound to another credential": [replace(ENTRY, id="taken")],
    "no code": [replace(ENTRY, label="my laptop")],
    "another code": [replace(ENTRY, label="bcp-7K4QXN Clone and pull")],
    "a longer code": [replace(ENTRY, label=f"{CODE}X Clone and pull")],
    "inside another word": [replace(ENTRY, label=f"x{CODE}")],
}


@pytest.mark.parametrize("name", NOT_MEANT)
def test_no_entry_of_this_person_carries_the_code(name: str) -> None:
    answer = find_entry(NOT_MEANT[name], WANTED, taken={"taken"})
    assert (answer.match, answer.entry, answer.candidates) == (Match.NONE, None, ())


@pytest.mark.parametrize("label", [CODE.lower(), f"({CODE})", f"work {CODE}", f"{CODE}: git"])
def test_the_code_is_found_as_a_word_in_any_case(label: str) -> None:
    assert find_entry([replace(ENTRY, label=label)], WANTED, taken=()).match is Match.UNIQUE


@pytest.mark.parametrize(
    "decoy",
    [
        replace(ENTRY, id="t-2"),
        replace(ENTRY, id="t-2", created_at=APPROVED - timedelta(days=1)),
        replace(ENTRY, id="t-2", created_at=PASTED + timedelta(days=1)),
        replace(ENTRY, id="t-2", expires_at=None),
        replace(ENTRY, id="t-2", scopes=frozenset({"admin:repository:bitbucket"})),
    ],
    ids=["same", "older", "younger", "without an end", "other scopes"],
)
def test_two_entries_are_never_told_apart(decoy: OrganisationToken) -> None:
    answer = find_entry([decoy, ENTRY], WANTED, taken=())
    assert (answer.match, answer.entry) == (Match.SEVERAL, None)
    assert {entry.id for entry in answer.candidates} == {"t-1", "t-2"}


MISFITS = {
    "created before": replace(ENTRY, created_at=APPROVED - CLOCK_TOLERANCE - SECOND),
    "created after": replace(ENTRY, created_at=PASTED + CLOCK_TOLERANCE + SECOND),
    "other scopes": replace(ENTRY, scopes=frozenset({"write:repository:bitbucket"})),
}


@pytest.mark.parametrize("name", MISFITS)
def test_a_single_entry_that_cannot_be_it(name: str) -> None:
    answer = find_entry([MISFITS[name]], WANTED, taken=())
    assert (answer.match, answer.entry, answer.candidates) == (Match.DOES_NOT_FIT, None, (MISFITS[name],))
    assert name in answer.because


@pytest.mark.parametrize("at", [APPROVED - CLOCK_TOLERANCE, PASTED + CLOCK_TOLERANCE])
def test_clocks_may_differ_a_little(at: datetime) -> None:
    assert find_entry([replace(ENTRY, created_at=at)], WANTED, taken=()).match is Match.UNIQUE


@pytest.mark.parametrize(
    ("expires_at", "match"),
    [
        (end_of(UNTIL), Match.UNIQUE),
        (end_of(UNTIL) + SECOND, Match.TOO_LONG),
        (None, Match.TOO_LONG),
    ],
)
def test_a_longer_life_than_approved(expires_at: datetime | None, match: Match) -> None:
    answer = find_entry([replace(ENTRY, expires_at=expires_at)], WANTED, taken=())
    assert answer.match is match
    refused = find_entry([replace(ENTRY, expires_at=expires_at)], replace(WANTED, may_be_too_long=True), taken=())
    assert refused.match is Match.UNIQUE


def _entries() -> st.SearchStrategy[OrganisationToken]:
    minutes = st.integers(-120, 120).map(lambda count: APPROVED + timedelta(minutes=count))
    ends = st.one_of(st.none(), st.integers(1, 60).map(lambda days: APPROVED + timedelta(days=days)))
    return st.builds(
        replace,
        st.just(ENTRY),
        id=st.sampled_from([f"t-{number}" for number in range(6)]),
        label=st.sampled_from([ENTRY.label, CODE.lower(), "my laptop", "bcp-AAAAAA git", f"{CODE}3"]),
        user_id=st.sampled_from(["712020:emma", "712020:emma", "712020:lee"]),
        created_at=minutes,
        expires_at=ends,
        scopes=st.sampled_from([SCOPES, None, frozenset({"admin:repository:bitbucket"})]),
    )


def _unique(entries: list[OrganisationToken]) -> list[OrganisationToken]:
    return list({entry.id: entry for entry in entries}.values())


LISTINGS = st.lists(_entries(), max_size=6).map(_unique)
TAKEN = st.sets(st.sampled_from([f"t-{number}" for number in range(6)]), max_size=3)


@given(LISTINGS, TAKEN, st.booleans())
def test_an_entry_is_only_ever_named_when_nothing_else_could_be_meant(
    listed: list[OrganisationToken], taken: set[str], may_be_too_long: bool
) -> None:
    wanted = replace(WANTED, may_be_too_long=may_be_too_long)
    answer = find_entry(listed, wanted, taken=taken)
    assert (answer.entry is not None) == (answer.match in (Match.UNIQUE, Match.TOO_LONG))
    if answer.entry is None:
        return
    entry = answer.entry
    assert entry in listed
    assert entry.user_id == wanted.account_id
    assert entry.id not in taken
    assert CODE.lower() in entry.label.lower()
    assert APPROVED - CLOCK_TOLERANCE <= entry.created_at <= PASTED + CLOCK_TOLERANCE
    assert entry.scopes in (None, SCOPES)
    rivals = [other for other in listed if other != entry and _could_be_meant(other, taken)]
    assert not rivals


def _could_be_meant(entry: OrganisationToken, taken: set[str]) -> bool:
    return entry.user_id == WANTED.account_id and entry.id not in taken and entry.label in (ENTRY.label, CODE.lower())


@given(LISTINGS.flatmap(lambda listed: st.tuples(st.just(listed), st.permutations(listed))))
def test_the_order_of_the_listing_does_not_matter(
    pair: tuple[list[OrganisationToken], list[OrganisationToken]],
) -> None:
    first, second = (find_entry(listed, WANTED, taken=()) for listed in pair)
    assert (first.match, first.entry, set(first.candidates)) == (second.match, second.entry, set(second.candidates))


@given(LISTINGS)
def test_a_decoy_never_makes_another_entry_the_answer(listed: list[OrganisationToken]) -> None:
    """Whatever else is listed, adding one more token with the code never lets the rule name a token."""
    decoy = replace(ENTRY, id="decoy")
    with_decoy = find_entry([*listed, decoy], WANTED, taken=())
    meant = [entry for entry in listed if _could_be_meant(entry, set())]
    assert with_decoy.match is (Match.SEVERAL if meant else Match.UNIQUE)
