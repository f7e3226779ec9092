"""A TCP proxy between a process and what it talks to, which can be as bad as any network."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

HOST = "127.0.0.1"
_CHUNK = 65_536
_WAIT_SECONDS = 10.0


class Manner(StrEnum):
    """How the proxy treats a connection."""

    PASS = "pass"
    DELAY = "delay"  # answers come `seconds` late
    DRIP = "drip"  # answers come one byte every `seconds`
    HALF_OPEN = "half_open"  # takes everything, passes nothing on, answers nothing
    SWALLOW = "swallow"  # passes everything on and keeps the answer: it happened, and nobody hears of it
    CUT = "cut"  # hangs up after `after_bytes` of the answer
    REFUSE = "refuse"  # nobody listens
    STALL = "stall"  # the connection is never established


@dataclass(frozen=True)
class Rule:
    """What is done, and to which requests.

    Attributes:
        manner: what.
        only: how a request must begin to be treated so, such as ``b"DELETE "``; empty for all.
        seconds: for the slow manners.
        after_bytes: for the one that cuts.
    """

    manner: Manner = Manner.PASS
    only: bytes = b""
    seconds: float = 0.0
    after_bytes: int = 0


class _Connection:
    """One client's connection and the one behind it."""

    def __init__(self, writer: asyncio.StreamWriter, behind: asyncio.StreamWriter) -> None:
        self.writer, self.behind = writer, behind
        self.rule = Rule()
        self.left = 0

    def abort(self) -> None:
        for one in (self.writer, self.behind):
            one.transport.abort()


class Proxy:
    """Passes connections on to a port of this machine, in the manner of the moment. Also a context manager.

    Args:
        port: where to.

    Attributes:
        port: where it listens.
        connections: how many it accepted.
        delivered: bytes of answers that it sent on.
    """

    def __init__(self, port: int) -> None:
        self._behind, self._rule = port, Rule()
        self.port = self.connections = self.delivered = 0
        self._open: set[_Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._stalling: list[socket.socket] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def start(self) -> Self:
        """Listen on a free port."""
        self._thread.start()
        self._do(self._listen())
        return self

    def stop(self) -> None:
        """Hang up and end."""
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_WAIT_SECONDS)
        self._loop.close()

    def behave(
        self, manner: Manner, *, only: bytes = b"", seconds: float = 0.0, after_bytes: int = 0, hang_up: bool = True
    ) -> None:
        """Change the manner.

        Args:
            manner: from now on.
            only: how a request must begin to be treated so; empty for all.
            seconds: for the slow manners.
            after_bytes: for the one that cuts.
            hang_up: close what is open first, so that kept connections are treated so too.
        """
        self._do(self._behave(Rule(manner, only, seconds, after_bytes), hang_up=hang_up))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_WAIT_SECONDS)

    async def _behave(self, rule: Rule, *, hang_up: bool) -> None:
        self._rule = rule
        if hang_up:
            self._hang_up()
        if rule.manner in (Manner.REFUSE, Manner.STALL):
            await self._stop_listening()
            if rule.manner == Manner.STALL:
                self._stall()
        elif self._server is None:
            await self._listen()

    async def _listen(self) -> None:
        self._end_stall()
        self._server = await asyncio.start_server(self._serve, HOST, self.port, reuse_address=True)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        self._end_stall()

    def _stall(self) -> None:
        """A queue of connections that is full and that nobody empties: the system then drops who comes."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, self.port))
        listener.listen(0)
        self._stalling = [listener]
        for _ in range(4):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex((HOST, self.port))
            self._stalling.append(waiting)

    def _end_stall(self) -> None:
        for one in self._stalling:
            one.close()
        self._stalling = []

    def _hang_up(self) -> None:
        for one in list(self._open):
            one.abort()

    async def _close(self) -> None:
        await self._stop_listening()
        self._hang_up()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._pass(reader, writer)
        finally:
            self._tasks.discard(task)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            from_behind, behind = await asyncio.open_connection(HOST, self._behind)
        except OSError:
            writer.transport.abort()
            return
        connection = _Connection(writer, behind)
        self._open.add(connection)
        try:
            with contextlib.suppress(OSError):
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._requests(connection, reader))
                    both.create_task(self._answers(connection, from_behind))
        except* OSError:
            pass
        finally:
            connection.abort()
            self._open.discard(connection)

    async def _requests(self, connection: _Connection, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(_CHUNK):
            rule = self._rule if data.startswith(self._rule.only) else Rule()
            connection.rule, connection.left = rule, rule.after_bytes
            if rule.manner != Manner.HALF_OPEN:
                connection.behind.write(data)
                await connection.behind.drain()
        connection.abort()

    async def _answers(self, connection: _Connection, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(_CHUNK):
            await self._answer(connection, data)
        connection.abort()

    async def _answer(self, connection: _Connection, data: bytes) -> None:
        rule = connection.rule
        if rule.manner == Manner.SWALLOW:
            return
        if rule.manner == Manner.DELAY:
            await asyncio.sleep(rule.seconds)
        if rule.manner == Manner.CUT:
            data, connection.left = data[: connection.left], connection.left - len(data)
        pieces = [data] if rule.manner != Manner.DRIP else [bytes([one]) for one in data]
        for piece in pieces:
            if rule.manner == Manner.DRIP:
                await asyncio.sleep(rule.seconds)
            connection.writer.write(piece)
            await connection.writer.drain()
            self.delivered += len(piece)
        if rule.manner == Manner.CUT and connection.left <= 0:
            connection.writer.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
