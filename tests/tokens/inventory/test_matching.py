"""What an entry is, by the rules alone."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.content import refuse_secret
from bitbucket.resources import OrganisationToken
from tests.tokens.inventory.entries import entry
from tokens.codes import codes_in
from tokens.inventory.labels import clean_label, clean_scopes
from tokens.inventory.matching import Wish, standing_after, standing_of, wish_for
from tokens.inventory.own import OwnAccounts
from tokens.models import Answer, Standing

APPROVED_AT = datetime(2026, 5, 1, tzinfo=UTC)
WISH = Wish(1, "bcp-7K4QXM", "acc-emma", APPROVED_AT)
BITBUCKET = {"read:repository:bitbucket"}


@pytest.mark.parametrize(
    ("scopes", "standing"),
    [
        (BITBUCKET, "undeclared"),
        (BITBUCKET | {"read:jira-work"}, "undeclared"),
        ({"read:jira-work"}, "other_product"),
        (set(), "other_product"),
        (None, "unknown_product"),
    ],
)
def test_scopes_tell_the_product(scopes: set[str] | None, standing: str) -> None:
    assert standing_of(scopes, is_own=False) == standing
    assert standing_of(scopes, is_own=True) == "own"


@pytest.mark.parametrize(
    ("before", "answer", "scopes", "after"),
    [
        (Standing.APPROVED, "", {"read:jira-work"}, Standing.APPROVED),
        (Standing.UNKNOWN_PRODUCT, "", None, Standing.UNKNOWN_PRODUCT),
        (Standing.UNKNOWN_PRODUCT, Answer.NOT_BITBUCKET, None, Standing.OTHER_PRODUCT),
        (Standing.OTHER_PRODUCT, Answer.NOT_BITBUCKET, None, Standing.OTHER_PRODUCT),
        (Standing.OTHER_PRODUCT, Answer.NOT_BITBUCKET, BITBUCKET, Standing.UNDECLARED),
        (Standing.UNKNOWN_PRODUCT, "", {"read:jira-work"}, Standing.OTHER_PRODUCT),
        (Standing.UNDECLARED, Answer.USES, None, Standing.UNDECLARED),
    ],
)
def test_a_second_read_keeps_what_was_known_and_believes_the_listing(
    before: Standing, answer: str, scopes: set[str] | None, after: Standing
) -> None:
    assert standing_after(before, answer, scopes, is_own=False) is after


def _entry(label: str = "bcp-7K4QXM build", owner: str = "acc-emma", *, hours: float = 1) -> OrganisationToken:
    return entry(owner, label=label, created_at=APPROVED_AT + timedelta(hours=hours))


def test_an_entry_may_be_what_a_request_waits_for() -> None:
    assert wish_for(_entry(), [WISH]) == WISH
    assert wish_for(_entry("CI (BCP-7k4qxm)"), [WISH]) == WISH


@pytest.mark.parametrize(
    "other",
    [
        _entry(owner="acc-lee"),
        _entry("bcp-7K4QXMA"),
        _entry("xbcp-7K4QXM"),
        _entry("laptop"),
        _entry(hours=-1),
    ],
)
def test_what_cannot_be_it_is_not_taken_for_it(other: OrganisationToken) -> None:
    assert wish_for(other, [WISH]) is None


def test_a_label_with_the_codes_of_two_requests_is_nobodys() -> None:
    second = Wish(2, "bcp-9ACDEF", "acc-emma", APPROVED_AT)
    assert codes_in("bcp-7K4QXM bcp-9ACDEF") == {"bcp-7K4QXM", "bcp-9ACDEF"}
    assert wish_for(_entry("bcp-7K4QXM bcp-9ACDEF"), [WISH, second]) is None


def test_a_label_that_is_a_secret_is_masked_before_anybody_keeps_it() -> None:
    secret = "ATATT3xFfGF0" + "a1B2c3D4" * 20
    for text in (secret, f"my token {secret}", f"https://me:{secret}@bitbucket.org", "Authorization: Bearer x"):
        label = clean_label(text)
        assert secret[:30] not in label
        refuse_secret(label, where="label")
    assert clean_label("a\x00b\n c" + "d" * 300).startswith("a\ufffdb c")
    assert len(clean_label("d" * 300)) == 200
    assert clean_scopes(None) is None
    assert clean_scopes(frozenset({"b" * 90, "a"})) == ["a", "b" * 60]


def test_the_bots_are_known_by_address_and_by_account() -> None:
    own = OwnAccounts(frozenset({"bot@example.test"}), frozenset({"acc-bot"}))
    assert own.holds("acc-x", "Bot@Example.test")
    assert own.holds("acc-bot", "")
    assert not own.holds("acc-x", "")
