"""Values that must not show themselves."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitbucket.credentials import Basic, Bearer
from bitbucket.masking import MASK, excerpt, masked
from bitbucket.protocol import Answer, Request

SECRET = "ATATT3xCanaryCanaryCanary"


def test_credentials_hide_in_every_text() -> None:
    basic, bearer = Basic("emma@acme.test", SECRET), Bearer(SECRET)
    request = Request("test.ask", "GET", "/user", credential=basic)
    answer = Answer(request, 200, {"authorization": SECRET}, SECRET.encode())
    for shown in (repr(basic), str(bearer), f"{basic} {bearer!r}", repr(request), repr(answer), repr([bearer])):
        assert SECRET not in shown
        assert "emma@acme.test" not in shown


def test_header_values() -> None:
    value = Basic("emma@acme.test", SECRET).header_value()
    assert base64.b64decode(value.removeprefix("Basic ")).decode() == f"emma@acme.test:{SECRET}"
    assert Bearer("key").header_value() == "Bearer key"


@pytest.mark.parametrize(("email", "secret"), [("a:b@c", "x"), ("a\n@c", "x"), ("a@c", "x\r\nHost: evil")])
def test_what_basic_cannot_carry_is_refused_unquoted(email: str, secret: str) -> None:
    with pytest.raises(ValueError, match="Basic") as caught:
        Basic(email, secret)
    assert secret not in str(caught.value).split()


@pytest.mark.parametrize("token", ["", " ", "a b", "a\r\nHost: evil", "schlüssel"])
def test_what_a_header_cannot_carry_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="token"):
        Bearer(token)


@given(
    st.text(), st.sampled_from(["ATATT3x", "ATBB", "ATCTT3x"]), st.from_regex(r"[A-Za-z0-9_=-]{8,60}", fullmatch=True)
)
def test_no_token_survives_masking(around: str, prefix: str, rest: str) -> None:
    assert prefix + rest not in masked(f"{around} {prefix}{rest} {around}")


@given(st.from_regex(r"[A-Za-z0-9]{12,40}", fullmatch=True), st.integers(0, 400))
def test_a_known_secret_survives_at_no_place_not_even_in_parts(secret: str, before: int) -> None:
    shown = excerpt("." * before + secret + "." * 400, secrets=[secret])
    assert not any(secret[:length] in shown for length in range(8, len(secret) + 1))


def test_ordinary_words_stay() -> None:
    text = "Basic auth is off; use a bearer token or Basic authentication. ATLAS, ATTACH"
    assert masked(text) == text
    assert masked("Authorization: Bearer abcdefghij1") == f"Authorization: Bearer {MASK}"
