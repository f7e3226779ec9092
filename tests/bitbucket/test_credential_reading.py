"""What is read from the one look at a pasted credential (real HTTP)."""

import base64
import json
import time
from typing import Any

import pytest
from werkzeug.wrappers import Response

from bitbucket.credential_reading import CredentialReading, read_access_token, read_credential
from tests.bitbucket.conftest import MakeTransport
from tests.bitbucket.servers import as_json, canned, http_service, raw_service, silent

EMAIL = "emma@acme.test"
SECRET = "ATATT3xCanaryCanaryCanary"
HEADERS = {"x-credential-type": "api_token", "x-oauth-scopes": "read:user:bitbucket, read:repository:bitbucket"}
BOTH = frozenset({"read:user:bitbucket", "read:repository:bitbucket"})
EMMA = {"account_id": "712020:emma", "uuid": "{e}", "display_name": "Emma"}


def reading_of(response: Response, make_transport: MakeTransport) -> CredentialReading:
    with http_service(lambda _: response) as service:
        found = read_credential(make_transport(service.url + "/2.0"), email=EMAIL, secret=SECRET)
    seen = service.seen[0]
    assert (seen.method, service.paths) == ("GET", ["/2.0/user"])
    sent = base64.b64decode(seen.headers["Authorization"].removeprefix("Basic ")).decode()
    assert sent == f"{EMAIL}:{SECRET}"
    assert SECRET not in repr(found)
    return found


def test_a_good_token_tells_everything(make_transport: MakeTransport) -> None:
    found = reading_of(as_json(EMMA, 200, HEADERS), make_transport)
    assert found == CredentialReading(200, "api_token", BOTH, "712020:emma", "")


def test_an_empty_header_means_no_scope_and_no_header_means_not_told(make_transport: MakeTransport) -> None:
    assert reading_of(as_json(EMMA, 200, {"x-oauth-scopes": ""}), make_transport).scopes == frozenset()
    assert reading_of(as_json(EMMA, 200), make_transport).scopes is None


def refusal(detail: Any, headers: dict[str, str] | None = None) -> Response:
    return as_json({"type": "error", "error": {"message": "scopes", "detail": detail}}, 403, headers)


GRANTED = {"required": ["read:user:bitbucket"], "granted": ["read:repository:bitbucket"]}
ONE = frozenset({"read:repository:bitbucket"})


@pytest.mark.parametrize(
    ("response", "scopes"),
    [
        (refusal(GRANTED, HEADERS), ONE),
        (refusal(json.dumps(GRANTED)), ONE),
        (refusal({"granted": []}), frozenset()),
        (refusal("no object", HEADERS), BOTH),
        (refusal({"granted": "odd"}, HEADERS), BOTH),
        (Response("<html>", 403, HEADERS), BOTH),
        (refusal("no object"), None),
        (Response("", 403), None),
        (Response("<html>proxy says no</html>", 403), None),
        (refusal({"granted": [SECRET]}), None),
    ],
)
def test_a_refusal_tells_the_scopes_but_not_the_holder(
    response: Response, scopes: frozenset[str] | None, make_transport: MakeTransport
) -> None:
    found = reading_of(response, make_transport)
    assert (found.status, found.scopes, found.account_id, found.failure) == (403, scopes, None, "")


def test_a_wrong_secret_is_401_and_no_failure_of_the_look(make_transport: MakeTransport) -> None:
    body = {"type": "error", "error": {"message": "Token is invalid, expired, or not supported"}}
    assert reading_of(as_json(body, 401), make_transport) == CredentialReading(401, None, None, None, "")


@pytest.mark.parametrize("kind", ["api_token", "repo_access_token", "apikey", "Something-New 2027"])
def test_the_kind_is_handed_on_as_it_came(kind: str, make_transport: MakeTransport) -> None:
    assert reading_of(Response("", 403, {"x-credential-type": kind}), make_transport).credential_type == kind


@pytest.mark.parametrize("status", [301, 400, 404, 408, 410, 429, 500, 502, 503])
def test_any_other_status_is_a_failure_in_words(status: int, make_transport: MakeTransport) -> None:
    found = reading_of(Response(f"{EMAIL}:{SECRET}", status, {**HEADERS, "Location": "/2.0/x"}), make_transport)
    assert (found.status, found.scopes, found.account_id) == (status, None, None)
    assert str(status) in found.failure
    assert SECRET not in found.failure


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"null", b"{}", b'{"account_id": null}', b'{"account_id": 5}', b'{"account_id": "a b"}'],
)
def test_a_200_that_does_not_name_the_holder_is_a_failure(body: bytes, make_transport: MakeTransport) -> None:
    found = reading_of(Response(body, 200, HEADERS), make_transport)
    assert (found.status, found.credential_type, found.account_id) == (200, "api_token", None)
    assert found.failure


def test_an_echoed_secret_is_neither_scope_nor_kind_nor_holder(make_transport: MakeTransport) -> None:
    echo = {"x-oauth-scopes": SECRET, "x-credential-type": SECRET}
    found = reading_of(as_json({"account_id": f"{SECRET}!"}, 200, echo), make_transport)
    assert (found.scopes, found.account_id) == (None, None)
    assert found.credential_type == "•••"


def test_five_seconds_are_the_end_by_default(make_transport: MakeTransport) -> None:
    started = time.monotonic()
    with raw_service(silent) as service:
        transport = make_transport(f"http://127.0.0.1:{service.port}/2.0")
        found = read_credential(transport, email=EMAIL, secret=SECRET)
        seconds = time.monotonic() - started
    assert (found.status, found.scopes) == (None, None)
    assert "in time" in found.failure
    assert 4.5 < seconds < 6


def test_no_server_is_a_failure_and_no_exception(make_transport: MakeTransport) -> None:
    with raw_service(canned(b"")) as service:
        port = service.port
    found = read_credential(make_transport(f"http://127.0.0.1:{port}"), email=EMAIL, secret=SECRET)
    assert (found.status, bool(found.failure)) == (None, True)


@pytest.mark.parametrize(("email", "secret"), [("a:b@acme.test", SECRET), (EMAIL, "line\nbreak")])
def test_what_cannot_be_sent_is_a_failure(email: str, secret: str, make_transport: MakeTransport) -> None:
    found = read_credential(make_transport("http://127.0.0.1:1"), email=email, secret=secret)
    assert found.status is None
    assert found.failure
    assert secret not in found.failure


ACCESS_TOKEN = "ATCTT3xCanaryCanaryCanary"
CLASSIC = "pullrequest, repository"


def access_reading_of(response: Response, make_transport: MakeTransport) -> CredentialReading:
    with http_service(lambda _: response) as service:
        found = read_access_token(make_transport(service.url + "/2.0"), secret=ACCESS_TOKEN)
    [seen] = service.seen
    assert (seen.method, service.paths) == ("GET", ["/2.0/user"])
    assert seen.headers["Authorization"] == f"Bearer {ACCESS_TOKEN}"
    assert ACCESS_TOKEN not in repr(found)
    return found


@pytest.mark.parametrize("kind", ["repo_access_token", "project_access_token", "workspace_access_token", "new_one"])
def test_the_refusal_of_an_access_token_tells_its_kind_and_scopes(kind: str, make_transport: MakeTransport) -> None:
    headers = {"x-credential-type": kind, "x-oauth-scopes": CLASSIC}
    body = {"type": "error", "error": {"message": "This resource is not available to access tokens."}}
    found = access_reading_of(as_json(body, 403, headers), make_transport)
    assert found == CredentialReading(403, kind, frozenset({"pullrequest", "repository"}), None, "")


@pytest.mark.parametrize("status", [404, 429, 500])
def test_a_failed_look_at_an_access_token_is_told_in_words(status: int, make_transport: MakeTransport) -> None:
    found = access_reading_of(Response(ACCESS_TOKEN, status), make_transport)
    assert (found.status, found.scopes, ACCESS_TOKEN in found.failure) == (status, None, False)
    assert str(status) in found.failure


def test_an_unknown_access_token_is_401(make_transport: MakeTransport) -> None:
    assert access_reading_of(as_json({}, 401), make_transport) == CredentialReading(401, None, None, None, "")


@pytest.mark.parametrize("secret", ["", "two words", "line\nbreak", "schlüssel"])
def test_what_no_header_can_carry_is_not_sent(secret: str, make_transport: MakeTransport) -> None:
    found = read_access_token(make_transport("http://127.0.0.1:1"), secret=secret)
    assert found.status is None
    assert found.failure


def test_an_access_token_waits_five_seconds_at_most(make_transport: MakeTransport) -> None:
    started = time.monotonic()
    with raw_service(silent) as service:
        transport = make_transport(f"http://127.0.0.1:{service.port}/2.0")
        found = read_access_token(transport, secret=ACCESS_TOKEN, deadline_seconds=0.3)
    assert "in time" in found.failure
    assert time.monotonic() - started < 2
