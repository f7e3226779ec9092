"""The processes we start: each leads its own group, writes to its own log and is on record."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from devstack.account import RunAs
from devstack.environment import of_the_machine
from devstack.errors import StackError
from devstack.liveness import signal_group
from devstack.records import Records

_TAIL_LINES = 15


class Child:
    """One process of ours."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path, stop_signal: int) -> None:
        """Hold a started process; `Nursery.start` makes these.

        Args:
            name: our word for it.
            process: the started process.
            log: where its output goes.
            stop_signal: the signal that asks it to leave.
        """
        self.name, self.log = name, log
        self._process, self._stop_signal = process, stop_signal

    @property
    def pid(self) -> int:
        """The process id, which is also its group's."""
        return self._process.pid

    def has_ended(self) -> bool:
        """Tell whether it ended, and reap it if so."""
        return self._process.poll() is not None

    def last_lines(self) -> str:
        """Give the end of its log."""
        try:
            text = self.log.read_text(errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(text.splitlines()[-_TAIL_LINES:])

    def end_report(self) -> str:
        """Say how it ended, with the end of its log."""
        return f"{self.name} ended by itself (exit {self._process.poll()}). Its last lines, from {self.log}:\n" + (
            self.last_lines()
        )

    def signal_all(self, number: int) -> None:
        """Send a signal to it and to all of its group.

        Args:
            number: signal number.
        """
        signal_group(self.pid, number)

    def ask_to_leave(self) -> None:
        """Send the signal that this process takes as a request to finish."""
        if not self.has_ended():
            self._process.send_signal(self._stop_signal)

    def make_leave(self, until: float) -> None:
        """Wait for it to end, then kill whatever is left of its group.

        Args:
            until: moment on the monotonic clock after which it is killed.
        """
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=max(0.0, until - time.monotonic()))
        signal_group(self.pid, signal.SIGKILL)
        self._process.wait()


class Nursery:
    """Starts processes and ends them, newest first."""

    def __init__(self, records: Records, logs: Path) -> None:
        """Begin with none.

        Args:
            records: where each is put down for a later run.
            logs: an existing directory for their logs.
        """
        self._records, self._logs = records, logs
        self.children: list[Child] = []

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        run_as: RunAs | None = None,
        stop_signal: int = signal.SIGTERM,
    ) -> Child:
        """Start a process in a group of its own, so that Ctrl-C reaches only us and we end it in order.

        Args:
            name: our word for it, also its log's name.
            command: program and arguments.
            environment: its whole environment; when None, ours without the portal's variables.
            run_as: user, umask and directory to run in.
            stop_signal: what asks it to leave.

        Returns:
            The child.
        """
        log = self._logs / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.before"))
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as output:
            process = subprocess.Popen(
                command,
                env=of_the_machine() if environment is None else dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **(run_as or RunAs()),
            )
        self._records.add(name, process.pid)
        child = Child(name, process, log, stop_signal)
        self.children.append(child)
        return child

    def end(self, children: Sequence[Child], *, patience_seconds: float) -> None:
        """Ask several to leave at once, wait for them, and kill what stays.

        Args:
            children: which.
            patience_seconds: how long all of them together may take.
        """
        until = time.monotonic() + patience_seconds
        for child in children:
            child.ask_to_leave()
        for child in children:
            child.make_leave(until)
            self._records.forget(child.pid)
            self.children.remove(child)

    def raise_for_the_dead(self) -> None:
        """Check on all children.

        Raises:
            StackError: one has ended; the text names it and shows the end of its log.
        """
        for child in self.children:
            if child.has_ended():
                raise StackError(child.end_report())


def wait_until(is_ready: Callable[[], bool], *, child: Child, seconds: float) -> None:
    """Wait for a child to become ready.

    Args:
        is_ready: asked again and again.
        child: whose end ends the waiting.
        seconds: how long at most.

    Raises:
        StackError: it ended or took too long; the text shows the end of its log.
    """
    until, pause_seconds = time.monotonic() + seconds, 0.03
    while not is_ready():
        if child.has_ended():
            raise StackError(child.end_report())
        if time.monotonic() > until:
            raise StackError(
                f"{child.name} was not ready after {seconds:.0f} seconds. Its last lines, from {child.log}:\n"
                + child.last_lines()
            )
        time.sleep(pause_seconds)
        # Each question may cost the child a page of log.
        pause_seconds = min(0.5, pause_seconds * 1.3)
