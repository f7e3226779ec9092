"""HTTP connections that obey the watchdog on duty, from the name look-up to the last read."""

import http.client
import io
import queue
import socket
import threading
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from bitbucket.watchdog import Watchdog, on_duty


class _WatchedReader(io.RawIOBase):
    """Reads a socket with the call's remaining time and counts what it gives."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase, watchdog: Watchdog) -> None:
        self._sock, self._raw, self._watchdog = sock, raw, watchdog
        self._patience = sock.gettimeout()
        self.must_go_on = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._watchdog.at_most(self._patience))
        received: int | None = self._raw.readinto(buffer)
        self._watchdog.count(received or 0)
        if self.must_go_on and not received:
            raise ConnectionResetError("the answer ends in its headers")
        return received

    def close(self) -> None:
        self._raw.close()
        super().close()


class _WatchedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._reader = _WatchedReader(sock, self.fp.detach(), on_duty())
        self.fp = io.BufferedReader(self._reader)

    def begin(self) -> None:
        # http.client takes a hang-up for the end of the headers: half a list of scopes would pass for a whole one.
        self._reader.must_go_on = True
        super().begin()
        self._reader.must_go_on = False


class _Watched:
    """What both connection classes add to urllib3's: each step before the first read gets the time left."""

    response_class = _WatchedResponse
    sock: socket.socket | None
    port: int
    timeout: float | None
    socket_options: Any
    _dns_host: str

    def _new_conn(self) -> socket.socket:
        try:
            return self._connected(_addresses(self._dns_host, self.port, on_duty().at_most(self.timeout)))
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "connecting took too long") from error
        except socket.gaierror as error:
            raise NameResolutionError(self._dns_host, self, error) from error  # type: ignore[arg-type]
        except (OSError, UnicodeError) as error:
            raise NewConnectionError(self, "no connection") from error  # type: ignore[arg-type]

    def _connected(self, addresses: list[str]) -> socket.socket:
        failure: OSError = OSError("the name has no address")
        for address in addresses:
            try:
                patience = on_duty().at_most(self.timeout)
                sock = create_connection((address, self.port), patience, socket_options=self.socket_options)
                sock.settimeout(on_duty().at_most(self.timeout))
            except OSError as error:
                failure = error
            else:
                return sock
        raise failure

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(on_duty().at_most(self.timeout))
        super().request(*args, **kwargs)  # type: ignore[misc]

    def _tunnel(self) -> None:
        super()._tunnel()  # type: ignore[misc]
        if self.sock is not None:  # the TLS handshake that follows inherits this patience
            self.sock.settimeout(on_duty().at_most(self.timeout))


class _HTTP(_Watched, HTTPConnection):  # type: ignore[misc]
    pass


class _HTTPS(_Watched, HTTPSConnection):  # type: ignore[misc]
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPS


WATCHED_POOLS = {"http": _HTTPPool, "https": _HTTPSPool}


def _addresses(host: str, port: int, seconds: float) -> list[str]:
    # getaddrinfo knows no timeout, so it runs where nobody has to wait for it.
    found: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found.put([str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except (OSError, UnicodeError) as error:
            found.put(error)

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        outcome = found.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("the name look-up took too long") from None
    if isinstance(outcome, Exception):
        raise outcome
    return outcome
