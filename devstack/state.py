"""A state directory: what one demo, or one run of the tests, keeps on disk. One run at a time may use it."""

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from devstack.errors import StackError
from devstack.home import MACHINERY, Home, home_for, servers_path
from devstack.records import Records

EPHEMERAL = MACHINERY / "tmp"
_LEAVING = "leaving"
_LEAVING_SECONDS = 40.0


class InUseError(StackError):
    """Another run holds the state directory."""


class State:
    """A state directory that we hold until `release`."""

    def __init__(self, path: Path, *, patience_seconds: float = 2.0) -> None:
        """Take a state directory, creating it on first use and ending what a killed run left running.

        Args:
            path: the directory.
            patience_seconds: how long to wait for a run that may be about to leave.

        Raises:
            InUseError: another run has it.
        """
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        self.path = path
        self._lock = _locked(path / "lock", patience_seconds)
        self.logs = path / "logs"
        self.logs.mkdir(exist_ok=True)
        self.records = Records(path / "processes.json")
        self.leftovers = self.records.end_leftovers()

    @classmethod
    def ephemeral(cls) -> Self:
        """Make a fresh one under `.demo/tmp` and sweep away those whose owner was killed."""
        with _making():
            EPHEMERAL.mkdir(exist_ok=True)
            for path in EPHEMERAL.iterdir():
                _sweep(path)
            return cls(EPHEMERAL / secrets.token_hex(4))

    def home(self) -> Home:
        """Give the servers' home. Without our mark in the state directory it starts empty.

        Returns:
            The home.
        """
        mark = self.path / "servers-are-mine"
        if not mark.exists():
            # The state directory was deleted by hand: data without its keys would be useless.
            shutil.rmtree(servers_path(self.path, is_root=os.geteuid() == 0), ignore_errors=True)
            mark.touch()
        return home_for(self.path)

    def say_leaving(self) -> None:
        """Tell a run that waits for this directory that we are about to give it up."""
        os.pwrite(self._lock, _LEAVING.encode(), 0)

    def release(self) -> None:
        """Let the next run have it."""
        os.close(self._lock)

    def remove(self) -> None:
        """Delete it with the servers' data, and let go. Nothing of it may be running."""
        shutil.rmtree(servers_path(self.path, is_root=os.geteuid() == 0), ignore_errors=True)
        shutil.rmtree(self.path, ignore_errors=True)
        self.release()


def _locked(path: Path, patience_seconds: float) -> int:
    """Take a lock; wait longer for a holder that says it is leaving."""
    until, is_leaving = time.monotonic() + patience_seconds, False
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if _got(descriptor, path):
            os.ftruncate(descriptor, 0)
            return descriptor
        if not is_leaving and os.pread(descriptor, 20, 0).decode() == _LEAVING:
            until, is_leaving = time.monotonic() + _LEAVING_SECONDS, True
        os.close(descriptor)
        if time.monotonic() >= until:
            raise InUseError(f"Another run already uses {path.parent}: stop it first (Ctrl-C in its window).")
        time.sleep(0.1)


def _got(descriptor: int, path: Path) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The holder before us may have deleted the file: then this is a lock on nothing.
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except (BlockingIOError, FileNotFoundError):
        return False


@contextmanager
def _making() -> Iterator[None]:
    """Keep a sweep from taking a directory that is made but not locked yet."""
    MACHINERY.mkdir(mode=0o700, exist_ok=True)
    descriptor = _locked(MACHINERY / "making", _LEAVING_SECONDS)
    try:
        yield
    finally:
        os.close(descriptor)


def _sweep(path: Path) -> None:
    try:
        State(path, patience_seconds=0).remove()
    except (InUseError, FileNotFoundError):
        return  # somebody uses it, or its own run is removing it at this moment
