"""No secret survives the masker, wherever it stands, and what is no secret does."""

import base64
import time
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.tokens.catalogue.places import BEARING, SILENT, TELLING
from tokens.catalogue.masking import HIDDEN, looks_like_secret, mask, names_a_secret
from tokens.catalogue.pasted import mask_pasted

URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
MARK = "S3cr3tMark"
"""Stands inside every made-up secret, so that a surviving half is seen as well."""

TOKENS = st.builds(
    lambda prefix, before, after, check: f"{prefix}{before}{MARK}{after}={check}",
    st.sampled_from(["ATATT3xFfGF0", "ATCTT3xFfGN0", "ATAT", "ATBB", "ATCT"]),
    st.text(URL_SAFE, max_size=30),
    st.text(URL_SAFE, min_size=8, max_size=200),
    st.text("0123456789ABCDEF", min_size=8, max_size=8),
)
# What another rule would take for its own when it stands inside a password.
LURES = (
    "ATAT",
    "ATBB",
    "eyJ",
    "://",
    "//",
    "@",
    ":",
    "token=",
    "password=",
    "%40",
    "%3D",
    "&",
    "-u",
    "***",
    "\\",
    "<x>",
)
PIECES = st.lists(st.sampled_from(LURES) | st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=6)).map(
    "".join
)
PASSWORDS = st.builds(lambda before, after: f"{before}{MARK}{after}", PIECES, PIECES)
OPAQUE = st.builds(lambda before, after: f"{before}{MARK}{after}==", st.text(URL_SAFE), st.text(URL_SAFE, min_size=6))
AROUND = st.text(max_size=30).map(lambda text: text.replace("\\", "").replace('"', "").replace("'", ""))


def _forms(secret: str) -> set[str]:
    plain = {secret, MARK, quote(MARK, safe="")}
    encoded = {base64.b64encode(b"\0" * shift + MARK.encode() + b"\0\0")[4:-4].decode() for shift in range(3)}
    return plain | encoded | {"".join(f"%{ord(letter):02x}" for letter in MARK)}


def _survivors(secret: str, text: str) -> set[str]:
    masked = mask(text)
    return {form for form in _forms(secret) if form in masked}


@pytest.mark.parametrize("place", [*TELLING, *SILENT])
@settings(max_examples=60, deadline=None)
@given(secret=TOKENS, before=AROUND, after=AROUND)
def test_no_atlassian_secret_survives(place: str, secret: str, before: str, after: str) -> None:
    text = f"{before}\n{(TELLING | SILENT)[place](secret)}\n{after}"
    assert not _survivors(secret, text), mask(text)
    assert looks_like_secret(text)


@pytest.mark.parametrize("place", TELLING)
@settings(max_examples=120, deadline=None)
@given(secret=PASSWORDS)
@example(secret=f"it's\"{MARK}\\")
@example(secret=f"$1&{MARK};b|c")
@example(secret=f"{MARK},x)y]z}}")
@example(secret=f"\\{MARK}")
@example(secret=f"a@b:{MARK}@c/d?e#f")
def test_no_password_survives_where_the_place_tells(place: str, secret: str) -> None:
    text = TELLING[place](secret)
    assert not _survivors(secret, text), (text, mask(text))
    assert looks_like_secret(text)


@pytest.mark.parametrize("place", BEARING)
@settings(max_examples=60, deadline=None)
@given(secret=OPAQUE)
def test_no_access_token_of_oauth_survives(place: str, secret: str) -> None:
    text = BEARING[place](secret)
    assert not _survivors(secret, text), (text, mask(text))
    assert mask(mask(text)) == mask(text)


@settings(max_examples=400, deadline=None)
@given(st.text())
def test_masking_never_raises_and_masking_twice_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize("place", [*TELLING, *SILENT])
@settings(max_examples=30, deadline=None)
@given(secret=TOKENS)
def test_a_masked_text_looks_harmless(place: str, secret: str) -> None:
    masked = mask((TELLING | SILENT)[place](secret))
    assert not looks_like_secret(masked), masked
    assert HIDDEN in masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I need to clone acme/web for the new build.",
        "git push -u origin main",
        "sudo -u postgres psql",
        "git clone git@bitbucket.org:acme/web.git",
        "git clone ssh://git@bitbucket.org/acme/web.git",
        "https://x-bitbucket-api-token-auth@bitbucket.org/acme/web.git",
        "fatal: Authentication failed for 'https://emma%40acme.test@bitbucket.org/acme/web.git/'",
        "https://bitbucket.org/acme/web/pull-requests/12?at=main&mail=emma@acme.test",
        "GET https://api.bitbucket.org/2.0/repositories/acme/%7B0c1f%7D/refs?q=name~%22x%22",
        "http://127.0.0.1:8000/people/712020:emma-1?next=/a",
        "curl -u emma@acme.test:$BITBUCKET_TOKEN https://api.bitbucket.org/2.0/user",
        "curl -u emma@acme.test:*** https://api.bitbucket.org/2.0/user",
        "curl -H 'Authorization: Bearer ***' https://api.bitbucket.org/2.0/user",
        'export BITBUCKET_TOKEN="$(cat)"'.replace("$(cat)", "$TOKEN"),
        "Set password=<your token>, or --token <token> --verbose, or --password --verbose",
        "read:repository:bitbucket write:pullrequest:bitbucket",
        "Use Bearer instead of Basic; basic authentication is for API tokens.",
        "DATATYPE mismatch in CATATTACK, says ATATURK",
        "An API token starts with ATAT, an app password with ATBB, an access token with ATCT.",
        "The token: expired or revoked, I cannot tell",
        "tokens=12 max_tokens=3 token_id=5 keys=7 key=revoke:5",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "{0c1f2d3e-4a5b-6c7d-8e9f-0a1b2c3d4e5f} bcp-7K2QXM",
        "CHANGE-3222 - Functionality has been deprecated",
        "2026-11-22T10:00:00Z INFO GET /2.0/user 200 12ms",
        "remote: You may not have access to this repository or it no longer exists in this workspace.",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask(text) == text
    assert not looks_like_secret(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("curl -u emma@acme.test:hunter2 https://x.test", "curl -u emma@acme.test:*** https://x.test"),
        ("curl -H 'Authorization: Bearer abc' https://x.test", "curl -H 'Authorization: Bearer ***' https://x.test"),
        ("Authorization: Basic YTpi", "Authorization: Basic ***"),
        ("https://x-token-auth:abc@bitbucket.org/a/b", "https://x-token-auth:***@bitbucket.org/a/b"),
        ("https://emma%40acme.test:abc@bitbucket.org/a/b", "https://emma%40acme.test:***@bitbucket.org/a/b"),
        ("https://emma:abc@bitbucket.org/a/b", "https://***:***@bitbucket.org/a/b"),
        ('{"password": "a\\"b", "n": 1}', '{"password": "***", "n": 1}'),
        ("'ATATT3xFfGF0abc\\u003d12AB34CD'", "'***'"),
        ("ATATT3xFfGF0abc&#x3D;12AB34CD;", "***;"),
        ("password=<abc>def", "password=***"),
        ("/x?token=abc&page=2", "/x?token=***&page=2"),
    ],
)
def test_what_tells_the_cause_stays_readable(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_a_private_key_is_hidden_whole() -> None:
    marks = "-" * 5
    text = f"before\n{marks}BEGIN OPENSSH PRIVATE KEY{marks}\nabc\ndef\n{marks}END OPENSSH PRIVATE KEY{marks}\nafter"
    assert mask(text) == f"before\n{HIDDEN}\nafter"
    assert "abc" not in mask(text[:60])


@pytest.mark.parametrize(
    "text",
    [
        *("a", "ATAT", "://a:", "//a:b", "token=", "-u ", '"', "\\", '\\"', "authorization: ", "login a ", "x-"),
        *("-----BEGIN PRIVATE KEY-----", "eyJ", "Bearer a", "@", "a:b@", "%3a%2f%2fa", "docker login ", "cookie:"),
        *("password='", "QVRBV", "a\n", "\n", " ", "%41%54", "-password "),
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    long = (text * 100_000)[:100_000] + "@%40 login token key private"
    started = time.perf_counter()
    mask(long)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("password", True),
        ("BITBUCKET_OAUTH_SECRET", True),
        ("ATLASSIAN_REVOKE_KEY", True),
        ("REVOKE_BOT_TOKEN", True),
        ("SECRET_KEY", True),
        ("Authorization", True),
        ("set-cookie", True),
        ("access_token", True),
        ("FINGERPRINT_PEPPERS", True),
        ("token_id", False),
        ("key", False),
        ("scopes", False),
        ("token_label", False),
    ],
)
def test_names_of_secrets(name: str, secret: bool) -> None:
    assert names_a_secret(name) is secret


SECRET_WORD = "hunter2" + "butterfly"
TOKEN_LIKE = "ATAT" + "T3xFfGF0" + "Qq7Zz9Kk1"


@pytest.mark.parametrize(
    "text",
    [
        f"curl -u \\\n  emma@acme.test:{SECRET_WORD} https://api.bitbucket.org/2.0/user",
        f"curl --user ^\r\n emma@acme.test:{SECRET_WORD}",
        f"Authori\x1b[31mzation: Basic {SECRET_WORD}9A=",
    ],
)
def test_a_secret_does_not_hide_behind_the_end_of_a_line_or_a_colour(text: str) -> None:
    assert SECRET_WORD not in mask_pasted(text)


@pytest.mark.parametrize("gap", ["\x1b[0m", "\u200b", "\u2060", "\\u001b[1;31m", "\x1b]8;;\x07"])
def test_a_token_that_something_unseen_takes_apart_is_hidden(gap: str) -> None:
    assert TOKEN_LIKE[7:] not in mask_pasted(f"it was {TOKEN_LIKE[:7]}{gap}{TOKEN_LIKE[7:]} I think")


def test_the_address_that_git_pushes_to_stays() -> None:
    text = "git push -u https://bitbucket.org/acme/web.git main"
    assert mask(text) == text
