"""Who somebody is, decided from plain values."""

import pytest

from accounts.observation import Profile, SeatSeen, SignIn, confirmed_addresses, reason_from_error, refusal_for
from accounts.policy import Role, roles_from, words_from_roles
from accounts.redirects import is_own_path, own_path
from accounts.refusals import REFUSAL_WORDS, Reason
from bitbucket.errors import BadAnswer, Forbidden, MissingScope, TimedOut, Unauthorized
from bitbucket.resources import CurrentUser, EmailAddress

SEAT = SeatSeen("{acme-uuid}", "acme", "member")


@pytest.mark.parametrize(
    ("account_id", "live", "seat", "approver", "roles"),
    [
        ("emma", True, True, False, {Role.EMPLOYEE}),
        ("aria", True, True, True, {Role.EMPLOYEE, Role.APPROVER}),
        ("aria", True, False, True, set()),
        ("ada", True, False, False, {Role.ADMIN}),
        ("ada", True, True, False, {Role.EMPLOYEE, Role.ADMIN}),
        ("ada", True, False, True, {Role.ADMIN, Role.APPROVER}),
        ("otto", True, False, False, {Role.AUDITOR}),
        ("otto", True, True, True, {Role.AUDITOR}),
        ("both", True, True, True, {Role.AUDITOR}),
        ("sam", True, False, False, set()),
        ("ada", False, True, True, set()),
        ("otto", False, False, False, set()),
    ],
)
def test_roles_follow_from_what_is_known(
    account_id: str, live: bool, seat: bool, approver: bool, roles: set[Role]
) -> None:
    found = roles_from(
        account_id,
        is_live=live,
        has_seat=seat,
        is_named_approver=approver,
        admins={"ada", "both"},
        auditors={"otto", "both"},
    )
    assert found == roles


def test_roles_in_words() -> None:
    assert words_from_roles({Role.APPROVER, Role.EMPLOYEE}) == "Employee, approver"
    assert words_from_roles(set()) == ""


def signing_in(
    *, status: str = "active", email: str = "emma@acme.test", seats: tuple[SeatSeen, ...] = (SEAT,)
) -> SignIn:
    profile = Profile("712020:emma", "{emma}", "Emma", "emma", status)
    return SignIn(profile, email=email, confirmed_emails=(email,) if email else (), seats=seats)


@pytest.mark.parametrize(
    ("seen", "switched_off", "named", "reason"),
    [
        (signing_in(), False, False, None),
        (signing_in(seats=()), False, False, Reason.NOT_A_MEMBER),
        (signing_in(seats=()), False, True, None),
        (signing_in(email=""), False, False, Reason.NO_CONFIRMED_EMAIL),
        (signing_in(email="", seats=()), False, True, Reason.NO_CONFIRMED_EMAIL),
        (signing_in(status="inactive"), False, True, Reason.DEACTIVATED),
        (signing_in(), True, True, Reason.DEACTIVATED),
    ],
)
def test_the_gate_decides(seen: SignIn, switched_off: bool, named: bool, reason: Reason | None) -> None:
    assert refusal_for(seen, switched_off=switched_off, named=named) == reason


def test_only_confirmed_addresses_count_and_the_primary_comes_first() -> None:
    listed = [
        EmailAddress("new@acme.test", is_primary=False, is_confirmed=False),
        EmailAddress("old@acme.test", is_primary=False, is_confirmed=True),
        EmailAddress("emma@acme.test", is_primary=True, is_confirmed=True),
    ]
    assert confirmed_addresses(listed) == ("emma@acme.test", ("emma@acme.test", "old@acme.test"))
    assert confirmed_addresses(listed[:1]) == ("", ())


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TimedOut("x", None), Reason.BITBUCKET_UNREACHABLE),
        (BadAnswer("x", 200), Reason.BITBUCKET_UNREACHABLE),
        (Unauthorized("x", 401, "User is inactive"), Reason.DEACTIVATED),
        (Unauthorized("x", 401, "Token is invalid"), Reason.ERROR),
        (MissingScope("x", 403), Reason.ERROR),
        (Forbidden("x", 403), Reason.ERROR),
    ],
)
def test_what_a_failed_call_means(error: BadAnswer, reason: Reason) -> None:
    assert reason_from_error(error) == reason


def test_a_name_that_looks_like_a_secret_gives_way_to_the_account_id() -> None:
    answer = CurrentUser("712020:emma", "{emma}", "https://a:b@c", "Em  \n ma", "")
    profile = Profile.from_current_user(answer)
    assert (profile.display_name, profile.nickname, profile.account_status) == ("712020:emma", "Em ma", "active")
    assert Profile.from_mapping(profile.as_mapping()) == profile


@pytest.mark.parametrize("path", ["/", "/requests/7/?tab=1#x", "/people/712020:emma/"])
def test_own_paths(path: str) -> None:
    assert is_own_path(path)
    assert own_path(path) == path


@pytest.mark.parametrize(
    "address",
    [
        "",
        "home",
        "https://evil.test/",
        "//evil.test/",
        "///evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "http:evil.test",
        "javascript:alert(1)",
        "/\t/evil.test",
        "/\n/evil.test",
        "/\r\nSet-Cookie: a=b",
        " /x",
        "http://testserver/",
    ],
)
def test_other_addresses_are_no_way_to_go(address: str) -> None:
    assert not is_own_path(address)
    assert own_path(address, default="/") == "/"


def test_every_reason_has_words_and_a_next_step() -> None:
    assert set(REFUSAL_WORDS) == set(Reason)
    assert all(words.title and words.why and words.what_now for words in REFUSAL_WORDS.values())
