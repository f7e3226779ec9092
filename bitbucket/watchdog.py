"""A deadline and a byte allowance that hold for a whole call, and the HTTP plumbing that obeys them.

A read timeout is no deadline: whoever drips one byte a second never meets it. So every single read of a
watched connection gets only the time that is left of the call, and every byte counts, headers and chunk marks
included. Name look-up, connecting, TLS and a proxy's tunnel draw on the same time.
"""

import http.client
import io
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection


class Watchdog:
    """The limits of one call.

    Args:
        seconds: the call's whole time.
        max_bytes: what it may receive.
    """

    def __init__(self, seconds: float, max_bytes: int) -> None:
        self._end = time.monotonic() + seconds
        self._allowance = max_bytes

    @property
    def is_expired(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self._end

    @property
    def is_overfed(self) -> bool:
        """Whether more arrived than allowed."""
        return self._allowance < 0

    def at_most(self, seconds: float | None) -> float:
        """The given patience, cut to what is left of the call.

        Raises:
            TimeoutError: nothing is left.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call's time is over")
        return left if seconds is None else min(seconds, left)

    def count(self, received: int) -> None:
        """Take received bytes off the allowance.

        Raises:
            OSError: it is overdrawn.
        """
        self._allowance -= received
        if self.is_overfed:
            raise OSError("the answer is larger than allowed")


_on_duty: ContextVar[Watchdog | None] = ContextVar("bitbucket_watchdog", default=None)


@contextmanager
def watching(seconds: float, max_bytes: int) -> Iterator[Watchdog]:
    """Everything sent inside the block shares one deadline and one allowance; an outer block's limits win."""
    outer = _on_duty.get()
    watchdog = outer or Watchdog(seconds, max_bytes)
    token = _on_duty.set(watchdog)
    try:
        yield watchdog
    finally:
        _on_duty.reset(token)


def _watchdog() -> Watchdog:
    watchdog = _on_duty.get()
    assert watchdog is not None, "a watched connection is used outside watching()"
    return watchdog


class _WatchedReader(io.RawIOBase):
    """Reads a socket with the call's remaining time and counts what it gives."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase, watchdog: Watchdog) -> None:
        self._sock, self._raw, self._watchdog = sock, raw, watchdog
        self._patience = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._watchdog.at_most(self._patience))
        received: int | None = self._raw.readinto(buffer)
        self._watchdog.count(received or 0)
        return received

    def close(self) -> None:
        self._raw.close()
        super().close()


class _WatchedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_WatchedReader(sock, self.fp.detach(), _watchdog()))


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
            return self._connected(_addresses(self._dns_host, self.port, _watchdog().at_most(self.timeout)))
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
                patience = _watchdog().at_most(self.timeout)
                sock = create_connection((address, self.port), patience, socket_options=self.socket_options)
                sock.settimeout(_watchdog().at_most(self.timeout))
            except OSError as error:
                failure = error
            else:
                return sock
        raise failure

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(_watchdog().at_most(self.timeout))
        super().request(*args, **kwargs)  # type: ignore[misc]

    def _tunnel(self) -> None:
        super()._tunnel()  # type: ignore[misc]
        if self.sock is not None:  # the TLS handshake that follows inherits this patience
            self.sock.settimeout(_watchdog().at_most(self.timeout))


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
