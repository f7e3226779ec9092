"""Nothing that looks like a secret, or stands where one is expected, survives into any part of a diagnosis."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.tokens.catalogue.diagnosis.test_texts import TEXTS
from tests.tokens.catalogue.places import SILENT, TELLING
from tests.tokens.catalogue.test_masking import MARK, PASSWORDS, TOKENS
from tokens.catalogue.diagnosis import diagnose, diagnosis_as_json, shown_text
from tokens.catalogue.masking import HIDDEN

AROUND = st.sampled_from([text.text for text in TEXTS])


def survives(text: str) -> bool:
    """Whether the mark inside the secret is anywhere in the answer."""
    found = diagnose(text)
    return any(MARK.lower() in part.lower() for part in (repr(found), repr(diagnosis_as_json(found)), shown_text(text)))


@pytest.mark.parametrize("place", [*TELLING, *SILENT])
@settings(max_examples=15)
@given(secret=TOKENS, before=AROUND, after=AROUND)
def test_no_atlassian_secret_survives(place: str, secret: str, before: str, after: str) -> None:
    text = f"{before}\n{(TELLING | SILENT)[place](secret)}\n{after}"
    assert not survives(text)
    assert diagnose(text).hid_secret


@pytest.mark.parametrize("place", TELLING)
@settings(max_examples=15)
@given(secret=PASSWORDS, after=AROUND)
@example(secret=f"it's\"{MARK}\\", after="")
def test_no_password_survives_where_the_place_tells(place: str, secret: str, after: str) -> None:
    assert not survives(f"{TELLING[place](secret)}\n{after}")


@settings(max_examples=60)
@given(secret=TOKENS, cut=st.integers(1, 12))
def test_a_secret_that_colours_cut_in_two_does_not_come_back(secret: str, cut: int) -> None:
    text = f"token is {secret[:cut]}\x1b[0m{secret[cut:]} and 401"
    assert not survives(text)


def test_a_secret_never_becomes_a_scope_or_a_repository() -> None:
    token = "ATA" + "T3xFfGF0" + MARK + "z" * 20
    said = "Your credentials lack one or more required privilege scopes."
    assert not survives(f"{said} required: [{token}] granted: [repository]")
    assert not survives(f"CHANGE-3222 https://bitbucket.org/acme/{token}.git")
    assert not survives(f"CHANGE-3222 https://bitbucket.org/{token}/web.git")


def test_what_is_shown_is_the_masked_text() -> None:
    found = diagnose("git clone https://emma:hunter2@bitbucket.org/acme/web.git\r\n\x1b[31mfatal: 401\x1b[0m")
    assert found.lines == (f"git clone https://{HIDDEN}:{HIDDEN}@bitbucket.org/acme/web.git", "fatal: 401")
    assert found.hid_secret
    assert not diagnose("fatal: Authentication failed").hid_secret


@pytest.mark.parametrize(
    ("address", "secret"),
    [
        ("emma", False),
        ("emma.example-1", False),
        ("AT" + "BB" + "q" * 20, True),
        ("k9" * 18, True),
        ("emma:hunter2", True),
    ],
)
def test_a_user_name_is_hidden_without_alarm(address: str, secret: bool) -> None:
    found = diagnose(f"fatal: Authentication failed for 'https://{address}@bitbucket.org/acme/web.git/'")
    assert address not in repr(found)
    assert found.hid_secret is secret


@pytest.mark.parametrize(
    "seed",
    [
        *(
            "a",
            " ",
            "\\",
            '\\"',
            "[",
            "<-",
            "\x1b[",
            "\x1b]",
            "&quot;",
            "> ",
            "remote: ",
            "10:15:30 ",
            "error: ",
            "(401)",
        ),
        *("://a@", "://a:", "a@b.", "-u ", "required: [", "required: a,", "x-oauth-scopes: a,", "git@bitbucket.org:a/"),
        *(
            "load key ",
            "cannot open ",
            "exceeds a ",
            "cannot push a ",
            "denied (a,",
            "your ip ",
            "exceeded a ",
            "lookup a.",
        ),
        *(
            "password for 'https://a@b.c",
            "repository ",
            "project a",
            "username for 'https://bitbucket.org': a.",
            "/scm/a",
        ),
    ],
)
def test_a_hostile_line_costs_no_more_than_its_length(seed: str) -> None:
    line = (seed * 200_000)[:200_000]
    started = time.perf_counter()
    diagnose(line)
    assert time.perf_counter() - started < 10
