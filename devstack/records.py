"""A list on disk of the processes we started, so that a later run can end what a killed one left behind."""

import json
import signal
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from devstack.liveness import birth, signal_group, signal_one


@dataclass(frozen=True)
class Record:
    """One process: its name in our words, its id and its mark of birth."""

    name: str
    pid: int
    born: str


class Records:
    """The processes of one state directory, newest last."""

    def __init__(self, path: Path) -> None:
        """Read the list, which may be absent or cut short by a crash.

        Args:
            path: the JSON file.
        """
        self._path = path
        self._lock = threading.Lock()
        self._records = _read(path)

    def add(self, name: str, pid: int) -> None:
        """Remember a process that has just been started.

        Args:
            name: our word for it.
            pid: its id; it must lead its own process group.
        """
        born = birth(pid)
        if born is not None:
            with self._lock:
                self._records.append(Record(name, pid, born))
                self._write()

    def forget(self, pid: int) -> None:
        """Drop a process that has ended.

        Args:
            pid: its id.
        """
        with self._lock:
            self._records = [record for record in self._records if record.pid != pid]
            self._write()

    def living(self) -> list[Record]:
        """List what still runs, compared by birth so that a reused id is never taken for ours."""
        return [record for record in self._records if birth(record.pid) == record.born]

    def end_leftovers(self, patience_seconds: float = 15.0) -> list[str]:
        """End what an earlier run left running, newest first, and forget it.

        Args:
            patience_seconds: how long each may take to leave by itself before it is killed.

        Returns:
            The names of what was still running.
        """
        leftovers = list(reversed(self.living()))
        for record in leftovers:
            _end(record, patience_seconds)
        self._records = []
        self._write()
        return [record.name for record in leftovers]

    def _write(self) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps([asdict(record) for record in self._records]))
        fresh.replace(self._path)


def _read(path: Path) -> list[Record]:
    try:
        return [Record(**entry) for entry in json.loads(path.read_text())]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def _end(record: Record, patience_seconds: float) -> None:
    # PostgreSQL takes SIGTERM as "wait until every client has left"; SIGINT means "now, cleanly".
    signal_one(record.pid, signal.SIGINT if record.name == "postgres" else signal.SIGTERM)
    until = time.monotonic() + patience_seconds
    while birth(record.pid) == record.born and time.monotonic() < until:
        time.sleep(0.05)
    signal_group(record.pid, signal.SIGKILL)
