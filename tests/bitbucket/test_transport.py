"""Where a request goes, what it carries, and what stays secret (real HTTP)."""

import logging
import pickle
from pathlib import Path

import pytest
import requests
from werkzeug.wrappers import Request as Seen
from werkzeug.wrappers import Response

from bitbucket.credentials import Basic, Bearer
from bitbucket.errors import BudgetSpent, Invalid, RemoteError, ServerDown
from bitbucket.failures import raise_for_failure
from bitbucket.protocol import Request
from bitbucket.session import safe_session
from bitbucket.transport import Transport
from tests.bitbucket.conftest import Certificates, MakeTransport
from tests.bitbucket.servers import as_json, canned, http_service, raw_service

SECRET = "ATATT3xCanarySecretOfEmma"
CREDENTIAL = Basic("emma@acme.test", SECRET)
ASK = Request("test.ask", "GET", "/user", credential=CREDENTIAL)


class Purse:
    """A budget that holds so many requests and notes who asks."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.asked: list[tuple[str, str, int, int]] = []

    def spend(self, host: str, principal: str, limit_per_hour: int, reserve: int = 0, /) -> bool:
        self.asked.append((host, principal, limit_per_hour, reserve))
        self.left -= 1
        return self.left >= 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_nobody_else_hears_of_it(status: int, make_transport: MakeTransport) -> None:
    with raw_service(canned(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) as canary:
        elsewhere = f"http://127.0.0.1:{canary.port}/user"
        with http_service(lambda _: Response("", status, {"Location": elsewhere})) as service:
            answer = make_transport(service.url).send(ASK)
            with pytest.raises(RemoteError, match="redirect"):
                raise_for_failure(answer)
            with safe_session() as session:
                assert session.get(service.url, auth=("emma", SECRET)).status_code == status
    assert canary.connections == 0
    assert bytes(canary.received) == b""


def test_the_environment_changes_nothing(
    make_transport: MakeTransport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login mallory password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with raw_service(canned(b"")) as proxy, http_service(lambda _: as_json({})) as service:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        make_transport(service.url).send(Request("test.ask", "GET", "/user"))
        assert proxy.connections == 0
    assert "Authorization" not in service.seen[0].headers


def test_the_configured_proxy_is_used(make_transport: MakeTransport) -> None:
    with raw_service(canned(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) as proxy:
        transport = make_transport("http://bitbucket.invalid/2.0", proxy=f"http://127.0.0.1:{proxy.port}")
        assert transport.send(ASK).status == 200
    assert proxy.received.startswith(b"GET http://bitbucket.invalid/2.0/user HTTP/1.1\r\n")


def test_tls_is_tunnelled_through_the_proxy_so_that_it_sees_no_secret(make_transport: MakeTransport) -> None:
    with raw_service(canned(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")) as proxy:
        transport = make_transport("https://bitbucket.invalid/2.0", proxy=f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(ServerDown):
            transport.send(ASK)
    assert proxy.received.startswith(b"CONNECT bitbucket.invalid:443")
    assert b"uthorization" not in proxy.received


def test_only_the_given_bundle_makes_a_private_certificate_good(
    make_transport: MakeTransport, certificates: Certificates
) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with raw_service(canned(answer), tls=certificates.server) as service:
        url = f"https://127.0.0.1:{service.port}"
        assert make_transport(url, ca_bundle=certificates.ca_file).send(ASK).status == 200
        before = bytes(service.received)
        with pytest.raises(ServerDown, match="TLS"):
            make_transport(url).send(ASK)
    assert bytes(service.received) == before, "something was said to a server that nobody trusts"


def test_a_missing_bundle_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="CA_BUNDLE"):
        safe_session(ca_bundle="/nowhere/ca.pem")


def test_cookies_are_not_carried_from_one_credential_to_the_next(make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json({}, headers={"Set-Cookie": "session=emma; Path=/"})) as service:
        transport = make_transport(service.url)
        transport.send(ASK)
        transport.send(Request("test.ask", "GET", "/user", credential=Bearer("another")))
    assert [one.headers.get("Cookie") for one in service.seen] == [None, None]


def test_it_sends_what_was_asked(make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json({})) as service:
        transport = make_transport(service.url + "/2.0/")
        transport.send(Request("test.post", "POST", "/users/a%3Ab", "q=1%202", Bearer("key"), {"message": "so"}))
    seen = service.seen[0]
    assert (seen.method, seen.path, seen.args["q"]) == ("POST", "/2.0/users/a:b", "1 2")
    assert seen.get_json() == {"message": "so"}
    assert seen.headers["Authorization"] == "Bearer key"
    assert seen.headers["Accept-Encoding"] == "identity"


def test_a_spent_budget_sends_nothing(make_transport: MakeTransport) -> None:
    purse = Purse(1)
    with http_service(lambda _: as_json({})) as service:
        transport = make_transport(service.url, budget=purse, principal="audit-bot", limit_per_hour=900, reserve=200)
        transport.send(ASK)
        with pytest.raises(BudgetSpent):
            transport.send(ASK)
    assert len(service.seen) == 1
    assert purse.asked == [("127.0.0.1", "audit-bot", 900, 200)] * 2


@pytest.mark.parametrize(
    "url",
    ["ftp://x/", "api.bitbucket.org", "https://", "https://emma:pw@host", "https://host/?a=1", "https://host/#a", ""],
)
def test_an_odd_base_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="base URL"):
        Transport(url)


def echo(seen: Seen) -> Response:
    """What a badly behaved server might do: repeat everything it was told."""
    value = seen.headers["Authorization"]
    return Response(f"{value} and {value.split()[1]} and {SECRET}", 500, {"X-Echo": SECRET})


@pytest.mark.parametrize("credential", [CREDENTIAL, Bearer("opaque-key-without-shape"), Bearer(SECRET)])
def test_errors_and_logs_show_no_secret_even_if_the_server_repeats_it(
    credential: Basic | Bearer, make_transport: MakeTransport, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with http_service(echo) as service:
        answer = make_transport(service.url).send(Request("test.ask", "GET", "/user", credential=credential))
    with pytest.raises(ServerDown) as caught:
        raise_for_failure(answer)
    shown = repr(caught.value) + str(caught.value) + str(vars(caught.value)) + caplog.text + repr(answer)
    for secret in [*credential.secrets(), SECRET]:
        assert secret not in shown
    assert "•••" in caught.value.detail


def test_a_failed_call_leaves_no_request_hanging_on_its_error(make_transport: MakeTransport) -> None:
    with raw_service(canned(b"")) as service, pytest.raises(ServerDown) as caught:
        make_transport(f"http://127.0.0.1:{service.port}").send(ASK)
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    assert SECRET.encode() not in pickle.dumps(error)
    assert not any(isinstance(value, requests.RequestException) for value in vars(error).values())


def test_what_cannot_be_sent_is_invalid_and_not_quoted(make_transport: MakeTransport) -> None:
    transport = make_transport("http://127.0.0.1:1")
    with pytest.raises(Invalid) as caught:
        transport.send(Request("test.ask", "GE\r\nT: " + SECRET, "/user"))
    assert SECRET not in str(caught.value)
    assert caught.value.__context__ is None
