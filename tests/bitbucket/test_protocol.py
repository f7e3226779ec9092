"""Pure: paths, base URLs, next pages, JSON."""

import contextlib
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitbucket.credentials import Bearer
from bitbucket.errors import BadAnswer
from bitbucket.protocol import (
    Answer,
    Request,
    checked_base_url,
    expect_no_content,
    json_from_answer,
    next_request,
    path,
    query,
    url_of,
)

BASE = "https://api.bitbucket.org/2.0"
ASK = Request("test.list", "GET", "/workspaces/acme/members", "pagelen=100", Bearer("t"))


def answered(body: bytes = b"{}", status: int = 200, request: Request = ASK) -> Answer:
    return Answer(request, status, {}, body)


def test_segments_are_quoted_whole() -> None:
    assert path("workspaces", "{47-f}", "members", "712020:a/b") == ("/workspaces/%7B47-f%7D/members/712020%3Aa%2Fb")


@pytest.mark.parametrize("segment", ["", ".", ".."])
def test_a_segment_that_would_address_something_else_is_refused(segment: str) -> None:
    with pytest.raises(ValueError, match="segment"):
        path("users", "712020:emma", "manage", "api-tokens", segment)


@given(st.lists(st.text(min_size=1).filter(lambda text: text not in {".", ".."}), min_size=1, max_size=4))
def test_no_segment_ever_leaves_its_place(segments: list[str]) -> None:
    segments = [segment.encode("utf-8", "ignore").decode() or "x" for segment in segments]
    made = path(*segments)
    assert made.count("/") == len(segments)
    assert urlsplit(BASE + made).path == "/2.0" + made


def test_query_leaves_out_empty_texts_and_quotes_the_rest() -> None:
    assert query(q='user.uuid="{a}"', sort="", pagelen=100) == "q=user.uuid%3D%22%7Ba%7D%22&pagelen=100"


def test_a_base_url_loses_its_last_slash() -> None:
    assert checked_base_url("https://api.bitbucket.org/2.0/") == BASE


@pytest.mark.parametrize("link", [None, ""])
def test_no_link_is_the_end(link: object) -> None:
    assert next_request(BASE, answered(), link) is None


@pytest.mark.parametrize(
    "link",
    [
        BASE + "/workspaces/%7Ba%7D/members?page=2&ctx=a%2Fb",
        "https://api.bitbucket.org:443/2.0/workspaces/%7Ba%7D/members?page=2&ctx=a%2Fb",
        "HTTPS://API.BITBUCKET.ORG/2.0/workspaces/%7Ba%7D/members?page=2&ctx=a%2Fb",
        "/2.0/workspaces/%7Ba%7D/members?page=2&ctx=a%2Fb",
        BASE + "/workspaces/%7Ba%7D/members?page=2&ctx=a%2Fb#bottom",
    ],
)
def test_a_next_page_at_home_is_followed_as_it_is_written(link: str) -> None:
    following = next_request(BASE, answered(), link)
    assert following == Request("test.list", "GET", "/workspaces/%7Ba%7D/members", "page=2&ctx=a%2Fb", Bearer("t"))


FOREIGN: list[Any] = [
    "https://evil.example/2.0/x",
    "http://api.bitbucket.org/2.0/x",
    "https://api.bitbucket.org:8443/2.0/x",
    "https://emma@api.bitbucket.org/2.0/x",
    "https://@api.bitbucket.org/2.0/x",
    "https://api.bitbucket.org@evil.example/2.0/x",
    "https://api.bitbucket.org.evil.example/2.0/x",
    "https://api.bitbucket.org\\@evil.example/2.0/x",
    "//evil.example/2.0/x",
    "https://api.bitbucket.org/1.0/x",
    "https://api.bitbucket.org/2.0",
    "https://api.bitbucket.org/2.0evil/x",
    "https://api.bitbucket.org/2.0/../1.0/x",
    "https://api.bitbucket.org/2.0/%2e%2e/1.0/x",
    "https://api.bitbucket.org/2.0/%252e%252e/1.0/x",
    "https://api.bitbucket.org/2.0/..%2f1.0/x",
    "https://api.bitbucket.org/2.0/..\\1.0/x",
    "https://api.bitbucket.org/2.0/x\r\nHost: evil.example",
    "https://api.bitbucket.org:port/2.0/x",
    "https://[::1/2.0/x",
    "file:///etc/passwd",
    "javascript:alert(1)",
    7,
    True,
    ["https://api.bitbucket.org/2.0/x"],
]


@pytest.mark.parametrize("link", FOREIGN)
def test_a_next_page_elsewhere_is_an_error(link: object) -> None:
    with pytest.raises(BadAnswer, match="outside"):
        next_request(BASE, answered(), link)


_PIECES = st.sampled_from(
    [
        "https:",
        "http:",
        "//",
        "/",
        "\\",
        "api.bitbucket.org",
        "evil.example",
        "@",
        ":",
        "443",
        "2.0",
        "..",
        "%2e",
        "?",
        "#",
        "x",
    ]
)


@given(st.lists(_PIECES, max_size=12).map("".join) | st.text(max_size=60))
def test_no_link_leads_away(link: str) -> None:
    try:
        following = next_request(BASE, answered(), link)
    except BadAnswer:
        return
    if following is not None:
        target = urlsplit(url_of(BASE, following))
        assert (target.scheme, target.netloc) == ("https", "api.bitbucket.org")
        assert target.path.startswith("/2.0/")
        assert ".." not in target.path.split("/")


BAD_BODIES = [b"", b"  \n", b"<!doctype html><p>Sign in</p>", b"{", b'{"a": NaN}', b"\xff\xfe\xff", b"[" * 100_000]


@pytest.mark.parametrize("body", BAD_BODIES, ids=lambda body: repr(body[:12]))
def test_what_is_no_json_is_an_error(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        json_from_answer(answered(body))


@given(st.binary(max_size=40))
def test_any_bytes_are_json_or_a_bad_answer(body: bytes) -> None:
    with contextlib.suppress(BadAnswer):
        assert json_from_answer(answered(body)) == json.loads(body)


@pytest.mark.parametrize("status", [200, 201, 202, 205])
def test_only_204_counts_as_done(status: int) -> None:
    expect_no_content(answered(b"", 204))
    with pytest.raises(BadAnswer):
        expect_no_content(answered(b"", status))
