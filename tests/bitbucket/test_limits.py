"""One call ends in time and within its size, whatever the other side does (real sockets)."""

import gzip
import itertools
import socket
import time
from collections.abc import Callable

import pytest

from bitbucket.credentials import Basic
from bitbucket.errors import BadAnswer, RemoteError, ServerDown, TimedOut, Transient
from bitbucket.protocol import Answer, Request
from bitbucket.session import MAX_BYTES, safe_session
from tests.bitbucket.conftest import Certificates, MakeTransport
from tests.bitbucket.servers import Behaviour, canned, raw_service, request_head, silent

ASK = Request("test.ask", "GET", "/user", credential=Basic("emma@acme.test", "ATATTsecretsecret"))
DEADLINE = 0.8
SLACK = 0.6


def dripping(start: bytes, drop: bytes, *, pause: float = 0.05) -> Behaviour:
    """Answer with `start`, then one `drop` after another for as long as somebody listens."""

    def behave(connection: socket.socket) -> None:
        request_head(connection)
        connection.sendall(start)
        while True:
            connection.sendall(drop)
            time.sleep(pause)

    return behave


def pouring(start: bytes, bucket: bytes) -> Behaviour:
    """The same without a pause: an endless answer."""
    return dripping(start, bucket, pause=0)


def deaf(connection: socket.socket) -> None:
    """Not even read."""
    time.sleep(DEADLINE + SLACK)


SLOW: dict[str, Behaviour] = {
    "silent": silent,
    "deaf": deaf,
    "status line in drops": dripping(b"", b"H"),
    "headers in drops": dripping(b"HTTP/1.1 200 OK\r\nX-Long: ", b"a"),
    "headers without end": dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "only 100 Continue": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body in drops": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"),
    "chunks in drops": dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "body until hang-up": dripping(b"HTTP/1.1 200 OK\r\n\r\n[", b" "),
    "promises more than it sends": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}", b"", pause=0.3),
}


def failure_of(call: Callable[[], Answer]) -> tuple[RemoteError, float]:
    started = time.monotonic()
    with pytest.raises(RemoteError) as caught:
        call()
    return caught.value, time.monotonic() - started


@pytest.mark.parametrize("behaviour", SLOW.values(), ids=SLOW.keys())
def test_a_slow_server_is_left_at_the_deadline(behaviour: Behaviour, make_transport: MakeTransport) -> None:
    with raw_service(behaviour) as service:
        transport = make_transport(f"http://127.0.0.1:{service.port}", deadline_seconds=DEADLINE)
        error, seconds = failure_of(lambda: transport.send(ASK))
    assert isinstance(error, TimedOut), error
    assert DEADLINE - 0.1 < seconds < DEADLINE + SLACK


def test_a_slow_tls_handshake_is_left_at_the_deadline(make_transport: MakeTransport) -> None:
    def drip_records(connection: socket.socket) -> None:
        for byte in itertools.chain(b"\x16\x03\x03\x40\x00\x02\x00\x3f\x00", itertools.repeat(0)):
            connection.sendall(bytes([byte]))
            time.sleep(0.05)

    with raw_service(drip_records) as service:
        transport = make_transport(f"https://127.0.0.1:{service.port}", deadline_seconds=DEADLINE)
        error, seconds = failure_of(lambda: transport.send(ASK))
    assert isinstance(error, TimedOut), error
    assert seconds < DEADLINE + SLACK


def test_a_slow_body_over_tls_is_left_at_the_deadline(
    make_transport: MakeTransport, certificates: Certificates
) -> None:
    with raw_service(SLOW["body in drops"], tls=certificates.server) as service:
        transport = make_transport(
            f"https://127.0.0.1:{service.port}", deadline_seconds=DEADLINE, ca_bundle=certificates.ca_file
        )
        error, seconds = failure_of(lambda: transport.send(ASK))
    assert isinstance(error, TimedOut), error
    assert seconds < DEADLINE + SLACK


def test_a_slow_proxy_is_left_at_the_deadline(make_transport: MakeTransport) -> None:
    with raw_service(dripping(b"HTTP/1.1 200 OK\r\nX-Long: ", b"a")) as proxy:
        transport = make_transport(
            "https://bitbucket.invalid/2.0",
            deadline_seconds=DEADLINE,
            proxy=f"http://127.0.0.1:{proxy.port}",
        )
        error, seconds = failure_of(lambda: transport.send(ASK))
    assert isinstance(error, TimedOut), error
    assert seconds < DEADLINE + SLACK


def test_a_handshake_behind_a_slow_tunnel_gets_only_the_time_left(make_transport: MakeTransport) -> None:
    def tunnel_late_then_silent(connection: socket.socket) -> None:
        request_head(connection)
        time.sleep(DEADLINE * 0.8)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        silent(connection)

    with raw_service(tunnel_late_then_silent) as proxy:
        transport = make_transport(
            "https://bitbucket.invalid/2.0",
            deadline_seconds=DEADLINE,
            proxy=f"http://127.0.0.1:{proxy.port}",
        )
        _, seconds = failure_of(lambda: transport.send(ASK))
    assert seconds < DEADLINE + 0.3


def test_a_kept_connection_gets_a_fresh_deadline_and_no_more(make_transport: MakeTransport) -> None:
    def polite_once(connection: socket.socket) -> None:
        request_head(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        request_head(connection)
        SLOW["body in drops"](connection)

    with raw_service(polite_once) as service:
        transport = make_transport(f"http://127.0.0.1:{service.port}", deadline_seconds=DEADLINE)
        assert transport.send(ASK).status == 200
        time.sleep(DEADLINE / 2)
        error, seconds = failure_of(lambda: transport.send(ASK))
        assert service.connections == 1, "the second call did not reuse the connection: this test shows nothing"
    assert isinstance(error, TimedOut)
    assert seconds < DEADLINE + SLACK


def test_a_name_server_that_does_not_answer_is_left_in_time(
    make_transport: MakeTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow_look_up(*_args: object, **_options: object) -> object:
        time.sleep(2)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", slow_look_up)
    transport = make_transport("http://bitbucket.invalid", deadline_seconds=DEADLINE)
    error, seconds = failure_of(lambda: transport.send(ASK))
    assert isinstance(error, TimedOut)
    assert seconds < DEADLINE + SLACK


def test_a_host_that_drops_packets_costs_the_connect_timeout(
    make_transport: MakeTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = socket.socket()
    full.bind(("127.0.0.1", 0))
    full.listen(0)
    knocking = [socket.socket() for _ in range(3)]
    for one in knocking:  # the queue of a listener that never accepts: further SYNs are dropped
        one.setblocking(False)
        one.connect_ex(full.getsockname())
    try:
        monkeypatch.setattr("bitbucket.session.CONNECT_SECONDS", 0.5)
        transport = make_transport(f"http://127.0.0.1:{full.getsockname()[1]}")
        error, seconds = failure_of(lambda: transport.send(ASK))
    finally:
        for one in [full, *knocking]:
            one.close()
    assert isinstance(error, TimedOut), error
    assert seconds < 0.5 + SLACK


def test_a_call_may_have_a_deadline_of_its_own(make_transport: MakeTransport) -> None:
    with raw_service(silent) as service:
        transport = make_transport(f"http://127.0.0.1:{service.port}")
        _, seconds = failure_of(lambda: transport.send(ASK, deadline_seconds=0.4))
    assert seconds < 0.4 + SLACK


_ONE_MIB = b"x" * (1024 * 1024)
FLOODS: dict[str, Behaviour] = {
    "body": pouring(b"HTTP/1.1 200 OK\r\n\r\n", _ONE_MIB),
    "announced body": pouring(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n", _ONE_MIB),
    "chunks": pouring(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"100000\r\n" + _ONE_MIB + b"\r\n"),
    "100 Continue": pouring(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
}


@pytest.mark.parametrize("behaviour", FLOODS.values(), ids=FLOODS.keys())
def test_an_endless_answer_is_left_at_five_mebibytes(behaviour: Behaviour, make_transport: MakeTransport) -> None:
    with raw_service(behaviour) as service:
        transport = make_transport(f"http://127.0.0.1:{service.port}")
        error, seconds = failure_of(lambda: transport.send(ASK))
    assert isinstance(error, BadAnswer), error
    assert "5 MiB" in error.detail
    assert seconds < 10


def test_an_endless_chunk_mark_is_left_early(make_transport: MakeTransport) -> None:
    endless = pouring(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", _ONE_MIB)
    with raw_service(endless) as service:
        error, seconds = failure_of(lambda: make_transport(f"http://127.0.0.1:{service.port}").send(ASK))
    assert isinstance(error, Transient)
    assert seconds < 5


def test_a_small_answer_that_unpacks_to_a_large_one_is_left_too(make_transport: MakeTransport) -> None:
    packed = gzip.compress(b" " * (MAX_BYTES + 1))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with raw_service(canned(head + packed)) as service:
        transport = make_transport(f"http://127.0.0.1:{service.port}")
        error, _ = failure_of(lambda: transport.send(ASK))
    assert isinstance(error, BadAnswer)


def test_an_answer_just_below_the_limit_arrives_whole(make_transport: MakeTransport) -> None:
    body = b'"' + b"x" * (MAX_BYTES - 1000) + b'"'
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    with raw_service(canned(head + body)) as service:
        answer = make_transport(f"http://127.0.0.1:{service.port}").send(ASK)
    assert answer.body == body


BROKEN = {
    "hangs up at once": b"",
    "hangs up in the headers": b"HTTP/1.1 200 OK\r\nContent-Le",
    "hangs up after a header": b"HTTP/1.1 403 Forbidden\r\nx-oauth-scopes: read:repository:bitbucket\r\n",
    "hangs up in the body": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
    "hangs up in a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nabc",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "broken chunk mark": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
    "broken gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_answer_is_transient(answer: bytes, make_transport: MakeTransport) -> None:
    with raw_service(canned(answer)) as service:
        error, _ = failure_of(lambda: make_transport(f"http://127.0.0.1:{service.port}").send(ASK))
    assert isinstance(error, Transient)
    assert error.status is None


def test_nobody_listening_is_a_server_that_is_down(make_transport: MakeTransport) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error, _ = failure_of(lambda: make_transport(f"http://127.0.0.1:{port}").send(ASK))
    assert isinstance(error, ServerDown)


def test_the_session_for_other_libraries_keeps_the_same_deadline() -> None:
    started = time.monotonic()
    with (
        raw_service(SLOW["body in drops"]) as service,
        safe_session(deadline_seconds=DEADLINE) as session,
        pytest.raises(OSError, match="in time"),
    ):
        session.get(f"http://127.0.0.1:{service.port}/")
    assert time.monotonic() - started < DEADLINE + SLACK
