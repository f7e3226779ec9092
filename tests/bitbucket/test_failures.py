"""Each answer that is no success becomes the one error that says what to do."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitbucket.credentials import Basic
from bitbucket.errors import (
    AuthMethodRefused,
    BadAnswer,
    Forbidden,
    Gone,
    Invalid,
    MissingScope,
    NotFound,
    RateLimited,
    RemoteError,
    ServerDown,
    TimedOut,
    Unauthorized,
)
from bitbucket.failures import (
    error_from_answer,
    raise_for_failure,
    scopes_from_header,
    scopes_in_refusal,
    wait_asked_for,
)
from bitbucket.protocol import Answer, Request

SECRET = "ATATT3xCanaryCanaryCanary"
ASK = Request("test.ask", "GET", "/user", credential=Basic("emma@acme.test", SECRET))
NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def answered(status: int, body: Any = "", headers: dict[str, str] | None = None) -> Answer:
    text = body if isinstance(body, str) else json.dumps(body)
    return Answer(ASK, status, headers or {}, text.encode())


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, BadAnswer), (304, BadAnswer), (400, Invalid), (401, Unauthorized), (402, Invalid), (403, Forbidden),
        (404, NotFound), (408, TimedOut), (409, Invalid), (410, Gone), (422, Invalid), (429, RateLimited),
        (500, ServerDown), (502, ServerDown), (503, ServerDown), (504, ServerDown), (599, ServerDown),
    ],
)  # fmt: skip
def test_status_decides(status: int, kind: type[RemoteError]) -> None:
    error = error_from_answer(answered(status))
    assert type(error) is kind
    assert error.status == status
    assert error.operation == "test.ask"
    with pytest.raises(kind):
        raise_for_failure(answered(status))


@pytest.mark.parametrize("status", [200, 201, 204])
def test_success_passes(status: int) -> None:
    raise_for_failure(answered(status))


def refusal(detail: Any) -> dict[str, Any]:
    message = "Your credentials lack one or more required privilege scopes."
    return {"type": "error", "error": {"message": message, "detail": detail}}


NAMED = {"required": ["account"], "granted": ["read:repository:bitbucket"]}


@pytest.mark.parametrize("detail", [NAMED, json.dumps(NAMED)], ids=["object", "JSON in a text"])
def test_a_missing_scope_names_both_sides(detail: Any) -> None:
    error = error_from_answer(answered(403, refusal(detail)))
    assert isinstance(error, MissingScope)
    assert error.required == {"account"}
    assert error.granted == {"read:repository:bitbucket"}


def test_a_missing_scope_without_names_takes_the_granted_ones_from_the_header() -> None:
    error = error_from_answer(answered(403, refusal("see the manual"), {"x-oauth-scopes": "repository, team"}))
    assert isinstance(error, MissingScope)
    assert error.required == frozenset()
    assert error.granted == {"repository", "team"}


def test_a_wrong_kind_of_credential_is_told_from_a_closed_object() -> None:
    words = "This API is not accessible: authentication method was not via app password."
    error = error_from_answer(answered(403, {"type": "error", "error": {"message": words}}))
    assert isinstance(error, AuthMethodRefused)


@pytest.mark.parametrize(
    "detail", ["{", None, 7, [], {}, {"granted": "all"}, {"granted": [1]}, {"granted": [SECRET]}, {"granted": None}]
)
def test_a_refusal_that_names_no_scopes_names_none(detail: Any) -> None:
    assert scopes_in_refusal(answered(403, refusal(detail)), "granted") is None


def test_an_empty_list_of_granted_scopes_is_none_granted() -> None:
    assert scopes_in_refusal(answered(403, refusal({"granted": []})), "granted") == frozenset()


@pytest.mark.parametrize(
    ("value", "scopes"),
    [
        (None, None),
        ("", frozenset()),
        (" , ", frozenset()),
        ("read:user:bitbucket", {"read:user:bitbucket"}),
        ("repository:write,account ,  pullrequest", {"repository:write", "account", "pullrequest"}),
        ("account, account", {"account"}),
        ("read:ssh-key:bitbucket", {"read:ssh-key:bitbucket"}),
        (f"account, {SECRET}", None),
        ("account, <script>", None),
        ("account, " + "a" * 101, None),
    ],
)
def test_scopes_of_the_header(value: str | None, scopes: set[str] | None) -> None:
    headers = {} if value is None else {"x-oauth-scopes": value}
    assert scopes_from_header(answered(200, "", headers)) == scopes


def test_gone_carries_the_announcement() -> None:
    url = "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770"
    body = {"type": "error", "error": {"message": "CHANGE-2770", "data": {"announcement_url": url}}}
    error = error_from_answer(answered(410, body))
    assert isinstance(error, Gone)
    assert error.announcement_url == url


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://plain", 7, None])
def test_an_announcement_that_is_no_https_link_is_dropped(url: Any) -> None:
    error = error_from_answer(answered(410, {"error": {"message": "x", "data": {"announcement_url": url}}}))
    assert isinstance(error, Gone)
    assert error.announcement_url == ""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Rate limit for this resource has been exceeded", "Rate limit for this resource has been exceeded"),
        ("<html><h1>Sign in</h1>", "a web page"),
        ({"errors": [{"code": "INVALID_SORT", "title": "no", "detail": "sort"}]}, "INVALID_SORT: no: sort"),
        ({"key": "forbidden.action", "context": {}}, "forbidden.action"),
        ({"error": {"message": "first\r\nsecond\x1b[31m"}}, "first second [31m"),
        ({"error": {"message": f"bad token {SECRET}"}}, "bad token •••"),
        ({"error": {"message": f"see https://emma:{SECRET}@bitbucket.org/"}}, "see https://•••@bitbucket.org/"),
        ("x" * 5000, "x" * 299 + "…"),
        ("y" * 290 + SECRET, "y" * 290 + "•••"),
        ({"error": "text"}, ""),
        ([1, 2], "[1, 2]"),
    ],
)
def test_words_are_one_masked_trimmed_line(body: Any, words: str) -> None:
    assert error_from_answer(answered(400, body)).detail == words


def waiting(**headers: str) -> float | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return wait_asked_for(answered(429, "", named), now=NOW)


def test_seconds_and_dates() -> None:
    assert waiting(retry_after="3600") == 3600
    assert waiting(retry_after="1000000000") == 1e9
    assert waiting(retry_after="Mon, 23 Nov 2026 12:30:00 GMT") == 1800
    assert waiting(x_ratelimit_reset="2026-11-23T12:10:00Z") == 600
    assert waiting(x_ratelimit_reset="2026-11-23T12:10Z", retry_after="60") == 60


def test_a_date_is_measured_by_the_answers_own_clock() -> None:
    late = "Mon, 23 Nov 2026 13:00:00 GMT"
    assert waiting(retry_after="Mon, 23 Nov 2026 13:05:00 GMT", date=late) == 300


@pytest.mark.parametrize("value", ["", "-60", "1.5", "soon", "٣", "0x10", "Mon, 99 Nov 2026 12:30:00 GMT", "inf"])
def test_nonsense_asks_for_nothing(value: str) -> None:
    assert waiting(retry_after=value) is None


def test_a_moment_in_the_past_asks_for_no_time() -> None:
    assert waiting(retry_after="Mon, 23 Nov 2020 12:30:00 GMT") == 0


_DATES = st.datetimes().map(lambda moment: f"{moment:%a, %d %b %Y %H:%M:%S} +2359")


@given(st.text(max_size=40) | st.integers().map(str) | _DATES, st.text(max_size=30), _DATES | st.text(max_size=20))
def test_whatever_the_headers_say_it_is_a_wait_or_none(retry_after: str, reset: str, date: str) -> None:
    seconds = waiting(retry_after=retry_after, x_ratelimit_reset=reset, date=date)
    assert seconds is None or seconds >= 0


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["error", "errors", "message", "detail", "data", "granted", "key"]), inner)
    ),
    max_leaves=8,
)


@given(st.integers(300, 599), _JSON | st.text(max_size=30), st.text(max_size=20))
def test_whatever_the_answer_holds_it_is_one_error(status: int, body: Any, scopes: str) -> None:
    error = error_from_answer(answered(status, body, {"x-oauth-scopes": scopes}))
    assert isinstance(error, RemoteError)
    assert len(error.detail) <= 300
    assert error.detail.isprintable()
