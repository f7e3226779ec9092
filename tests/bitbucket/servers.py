"""Small real servers for the client's tests: one speaks HTTP, one does what no HTTP server would."""

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

Answering = Callable[[Request], Response]
Behaviour = Callable[[socket.socket], None]


def as_json(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(json.dumps(body), status, headers, content_type="application/json")


@dataclass
class HttpService:
    """What a running HTTP server saw."""

    url: str
    seen: list[Request] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        """Paths with query, in order."""
        return [one.full_path.rstrip("?") for one in self.seen]


@contextmanager
def http_service(answering: Answering) -> Iterator[HttpService]:
    """Serve on a free loopback port until the block ends."""

    def application(environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        request.get_data()
        service.seen.append(request)
        return answering(request)(environ, start_response)

    server = make_server("127.0.0.1", 0, application, threaded=True)
    service = HttpService(f"http://127.0.0.1:{server.port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class RawService:
    """What a running TCP server received."""

    port: int
    received: bytearray = field(default_factory=bytearray)
    connections: int = 0


@contextmanager
def raw_service(behaviour: Behaviour, *, tls: ssl.SSLContext | None = None) -> Iterator[RawService]:
    """Accept TCP (or TLS) connections and treat each to `behaviour` until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    service = RawService(listener.getsockname()[1])
    open_sockets: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def treat(plain: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection = tls.wrap_socket(plain, server_side=True) if tls else plain
            open_sockets.append(connection)
            behaviour(_Recording(connection, service.received))  # type: ignore[arg-type]
            connection.close()

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            service.connections += 1
            open_sockets.append(connection)
            threads.append(threading.Thread(target=treat, args=(connection,), daemon=True))
            threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield service
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for one in open_sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in [accepting, *threads]:
            thread.join(5)


class _Recording:
    """A connected socket that notes what it receives."""

    def __init__(self, connection: socket.socket, received: bytearray) -> None:
        self._connection, self._received = connection, received

    def recv(self, size: int) -> bytes:
        """Receive and note."""
        data = self._connection.recv(size)
        self._received += data
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def request_head(connection: socket.socket) -> bytes:
    """Read a request up to the empty line."""
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(4096)
        if not data:
            break
        head += data
    return head


def silent(connection: socket.socket) -> None:
    """Take everything, never answer, leave when the other side does: a half-open connection looks like this."""
    while connection.recv(4096):
        pass


def canned(answer: bytes) -> Behaviour:
    """Read a request, send these bytes, hang up."""

    def behave(connection: socket.socket) -> None:
        request_head(connection)
        connection.sendall(answer)

    return behave
