"""The document of the HTTP API, and answers that keep to it whatever is sent."""

import json
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from openapi_spec_validator import validate
from pytest_django import Settings

from accounts.models import User
from tests.accounts.people import make_user
from tests.portal.api_desk import NAMES, browser, post, settle

WORDS = (
    "git push",
    "git",
    "curl",
    "-X",
    "POST",
    "GET",
    "/2.0/repositories/a/b",
    "https://",
    "\n",
    " ",
    "$WS",
    "{x}",
    "%7B",
)
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
TEXT = some.text() | some.lists(some.sampled_from(WORDS)).map(" ".join)
USERS = some.sampled_from(["person", "machine", "pipelines", None])
GOOD = some.fixed_dictionaries({"text": TEXT}, optional={"used_by": USERS, "more": JSON})
BAD = some.fixed_dictionaries({"text": JSON}, optional={"used_by": JSON}) | JSON


@pytest.fixture
def emma(settings: Settings, db: None) -> User:
    """Somebody with a seat."""
    return settle(settings)


@pytest.fixture
def document(emma: User) -> dict[str, Any]:
    """What the portal says of its API."""
    answer = browser(emma).get(reverse("api:openapi-json"))
    found: dict[str, Any] = answer.json()
    return found


def test_the_document_is_valid_and_names_what_there_is(document: dict[str, Any]) -> None:
    validate(document)
    mine = {reverse(f"api:{name}") for name in NAMES}
    others = {reverse("api:offboardings"), reverse("api:offboardings") + "/{number}"}
    assert set(document["paths"]) == mine | others
    for address in mine:
        operation = document["paths"][address]["post"]
        assert operation["security"], "nobody may think that it is open"
        assert operation["requestBody"]["required"] is True
        assert set(operation["responses"]) == {"200", "400", "401", "403", "413", "422"}


def test_the_document_is_for_those_who_are_signed_in(emma: User) -> None:
    url = reverse("api:openapi-json")
    assert browser().get(url)["Location"].startswith(reverse("signin"))
    assert browser(make_user("otto", seat=False)).get(url).status_code == 200


def test_there_is_no_page_that_loads_scripts_from_elsewhere(emma: User) -> None:
    for path in ("", "docs", "redoc"):
        assert browser(emma).get(f"{reverse('api:api-root')}{path}").status_code == 404


def judge(document: dict[str, Any], name: str, answer: Any) -> None:
    """Hold one answer against the document."""
    request = MockRequest("http://testserver", "post", reverse(f"api:{name}"))
    content_type = answer["Content-Type"].partition(";")[0]
    OpenAPI.from_dict(document).validate_response(
        request, MockResponse(answer.content, answer.status_code, content_type=content_type)
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sent", ["good", "bad"])
def test_whatever_is_sent_the_answer_keeps_to_the_document(
    emma: User, document: dict[str, Any], name: str, sent: str
) -> None:
    client, seen = browser(emma), set[int]()

    @settings(max_examples=60, suppress_health_check=[HealthCheck.nested_given])
    @given(body=GOOD if sent == "good" else BAD)
    @example(body={"text": "\x00\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace")})
    def send(body: Any) -> None:
        answer = post(client, name, json.dumps(body))
        seen.add(answer.status_code)
        judge(document, name, answer)
        assert answer.status_code in ({200} if sent == "good" else {200, 422})

    send()
    assert seen == ({200} if sent == "good" else {200, 422}), "both were really tried"


@pytest.mark.parametrize(
    ("status", "body", "is_signed_in"),
    [(400, "{", True), (401, "{}", False), (413, '"' + "x" * 300_000 + '"', True), (422, "{}", True)],
)
@pytest.mark.parametrize("name", NAMES)
def test_refusals_keep_to_the_document(
    emma: User, document: dict[str, Any], name: str, status: int, body: str, *, is_signed_in: bool
) -> None:
    answer = post(browser(emma if is_signed_in else None), name, body)
    assert answer.status_code == status
    judge(document, name, answer)


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_form_token_keeps_to_the_document(emma: User, document: dict[str, Any], name: str) -> None:
    client = browser(emma)
    client.handler.enforce_csrf_checks = True
    answer = post(client, name, {"text": ""})
    assert answer.status_code == 403
    judge(document, name, answer)
