"""Is a process that we once started still that process?"""

import contextlib
import os
import subprocess
from pathlib import Path

PROC = Path("/proc")
# Counted from the state, which follows the command's closing bracket (proc_pid_stat(5), fields 3 and 22).
_STATE, _BORN = 0, 19


def birth(pid: int) -> str | None:
    """Tell when a process was born, as a mark that a later process of the same id does not carry.

    Args:
        pid: process id.

    Returns:
        The mark, or None when no such process lives. A process that ended but was not reaped yet counts as
        dead: on some machines process 1 takes seconds to reap, and `kill -0` succeeds all that time.
    """
    return _birth_from_proc(pid) if (PROC / "self").exists() else _birth_from_ps(pid)


def _birth_from_proc(pid: int) -> str | None:
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[_STATE] in "ZX" else fields[_BORN]


def _birth_from_ps(pid: int) -> str | None:
    answer = subprocess.run(["ps", "-o", "state=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, started = answer.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


def signal_one(pid: int, number: int) -> None:
    """Send a signal to one process; gone already is fine.

    Args:
        pid: its id.
        number: signal number.
    """
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def signal_group(pid: int, number: int) -> None:
    """Send a signal to the process group that a process of ours leads; gone already is fine.

    Args:
        pid: id of the group's leader.
        number: signal number.
    """
    # macOS answers "not permitted" for a group that holds only ended processes.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
