"""What was pasted, told without sending it anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokens.catalogue.shape import classify_for_check, classify_secret, clean_secret

TOKEN = "ATATT3xFfGF0exampleExample-123_456=0A1B2C3D"


@pytest.mark.parametrize(
    ("text", "kind", "sendable", "telling"),
    [
        (TOKEN, "api_token", True, "API token"),
        (f"  \t{TOKEN}\r\n", "api_token", True, "API token"),
        (f"\ufeff{TOKEN}\u200b", "api_token", True, "API token"),
        (f"{TOKEN[:20]} {TOKEN[20:]}", "api_token", False, "Copy the token again"),
        (f"{TOKEN[:20]}\n{TOKEN[20:]}", "api_token", False, "line break"),
        (f"{TOKEN}…", "api_token", False, "does not belong"),
        ("ATBBabcdefghijklmnop12345678", "app_password", False, "removed app passwords"),
        ("ATCTT3xFfGN0abcdefghijkl=12345678", "access_token", False, "organisation"),
        ("https://bitbucket.org/acme/web", "url", False, "address"),
        (f"https://x-token-auth:{TOKEN}@bitbucket.org/acme/web.git", "url", False, "address"),
        ("", "empty", False, "Nothing was pasted"),
        (" \n\u200b ", "empty", False, "Nothing was pasted"),
        ("correct horse battery staple", "other", False, "password"),
        ("hunter2", "other", False, "password"),
        (TOKEN.lower(), "other", False, "starts with ATAT"),
        (f'"{TOKEN}"', "other", False, "quotation marks"),
        (f"emma@acme.test:{TOKEN}", "other", False, "alone"),
        (f"curl -u emma@acme.test:{TOKEN} https://api.bitbucket.org/2.0/user", "other", False, "alone"),
        (f"git clone https://x:{TOKEN}@bitbucket.org/acme/web.git", "other", False, "alone"),
    ],
)
def test_shapes(text: str, kind: str, sendable: bool, telling: str) -> None:
    shape = classify_secret(text)
    assert (shape.kind, shape.sendable) == (kind, sendable)
    assert telling in shape.words


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
def test_only_what_starts_like_an_api_token_is_ever_sent(text: str) -> None:
    assert classify_secret(text).sendable == text.startswith("ATAT")
    assert classify_secret(f"ATAT{text}").sendable


@given(st.text(), st.text())
def test_a_text_of_several_words_is_never_sent(before: str, after: str) -> None:
    shape = classify_secret(f"{before}a b{after}")
    assert not shape.sendable
    assert shape.words


def test_a_private_key_is_told_to_be_burnt() -> None:
    shape = classify_secret("-----BEGIN OPENSSH PRIVATE KEY-----\nabc")
    assert (shape.kind, shape.sendable) == ("other", False)
    assert "burnt" in shape.words


def test_the_answer_is_one_of_a_few_fixed_texts() -> None:
    assert TOKEN not in repr(classify_secret(TOKEN))
    assert classify_secret(TOKEN) == classify_secret("ATATsomething-else")
    assert classify_secret("hunter2") == classify_secret("another password")


@given(st.text())
def test_cleaning_takes_off_only_what_copying_put_around(text: str) -> None:
    assert clean_secret(f" \u200b{TOKEN}\n") == TOKEN
    assert clean_secret(text) in text
    assert clean_secret(clean_secret(text)) == clean_secret(text)


ACCESS_TOKEN = "ATCTT3xFfGN0abcdefghijkl=12345678"


def test_an_access_token_may_be_sent_only_when_the_person_said_so() -> None:
    said = classify_for_check(f" {ACCESS_TOKEN}\n", is_said_to_be_access_token=True)
    assert (said.kind, said.sendable) == ("access_token", True)
    unsaid = classify_for_check(ACCESS_TOKEN, is_said_to_be_access_token=False)
    assert (unsaid.kind, unsaid.sendable) == ("access_token", False)
    assert "organisation" in unsaid.words
    assert "choose that kind" in unsaid.words
    assert not classify_secret(ACCESS_TOKEN).sendable


@pytest.mark.parametrize("broken", [f"{ACCESS_TOKEN[:9]} {ACCESS_TOKEN[9:]}", f"{ACCESS_TOKEN}…", "ATCT\tx"])
def test_a_broken_access_token_is_not_sent(broken: str) -> None:
    shape = classify_for_check(broken, is_said_to_be_access_token=True)
    assert (shape.kind, shape.sendable) == ("access_token", False)
    assert "Copy the token again" in shape.words


@given(st.text(), st.booleans())
def test_saying_access_token_changes_nothing_for_anything_else(text: str, said: bool) -> None:
    assert clean_secret(text).startswith("ATCT") or classify_for_check(
        text, is_said_to_be_access_token=said
    ) == classify_secret(text)
