"""Starts the sandbox: for a test in a thread, for a person from the command line."""

import threading
from types import TracebackType
from typing import Any, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox.app import Sandbox
from sandbox.options import Options
from sandbox.ssh_clerk import SshClerk
from sandbox.world import World

HOST = "127.0.0.1"


class _QuietHandler(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  (the base class named it)
        """Say nothing."""


class _PlainHandler(_QuietHandler):
    """Logs method, path and status; never a query, which may carry a code."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write one line."""
        print(f"{self.command} {self.path.partition('?')[0]} {code}", flush=True)


class RunningSandbox:
    """A sandbox that answers at `url` until `stop`; `world` can be looked into and changed directly."""

    def __init__(self, options: Options, port: int = 0, *, verbose: bool = False) -> None:
        """Open the port (0 = any free one) without serving yet; raises OSError when it is taken."""
        self.world = World(options)
        handler = _PlainHandler if verbose else _QuietHandler
        self._server: BaseWSGIServer = make_server(
            HOST, port, Sandbox(self.world), threaded=True, request_handler=handler
        )
        self.port = self._server.server_port
        self.url = f"http://{HOST}:{self.port}"
        self._thread: threading.Thread | None = None
        self._clerk = SshClerk(self.world, self.world.ssh) if self.world.ssh is not None else None

    def serve_in_thread(self) -> Self:
        """Serve in a thread of its own."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def serve(self) -> None:
        """Serve here until interrupted."""
        self._server.serve_forever()

    def stop(self) -> None:
        """Close the port; what was kept is written, what was temporary is removed."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        if self._clerk is not None:
            self._clerk.stop()
        self.world.close()

    def __enter__(self) -> Self:
        """Use it as a context manager."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()


def start(port: int = 0, **options: Any) -> RunningSandbox:
    """Start a sandbox in a thread.

    Args:
        port: 0 takes any free one.
        options: fields of `sandbox.options.Options`.

    Returns:
        the running sandbox, with `.url`, `.world` and `.stop()`.
    """
    return RunningSandbox(Options(**options), port).serve_in_thread()
