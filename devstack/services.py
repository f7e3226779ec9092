"""Run commands beside a real PostgreSQL and a real Redis that live as long as they do."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from typing import IO

from devstack.servers import OURS, Servers, ephemeral_servers


def run_beside_servers(*commands: Sequence[str]) -> list[int]:
    """Run commands at the same time, each with a DATABASE_URL and REDIS_URL of its own on the same servers.

    Args:
        commands: program and arguments of each. The first one's output is seen as it comes, that of the others
            after it, one after the other.

    Returns:
        Their exit codes.

    Raises:
        StackError: a server could not be started.
    """
    with ephemeral_servers() as servers, ExitStack() as files:
        held: list[IO[bytes] | None] = [None]
        held += [files.enter_context(tempfile.TemporaryFile()) for _ in commands[1:]]
        processes = [
            subprocess.Popen(command, env=_environment(servers, number), stdout=file, stderr=file and subprocess.STDOUT)
            for number, (command, file) in enumerate(zip(commands, held, strict=True))
        ]
        codes = []
        for process, file in zip(processes, held, strict=True):
            codes.append(_waited_for(process, processes))
            _show(file)
        return codes


def _environment(servers: Servers, number: int) -> dict[str, str]:
    """Two runs of the tests would otherwise make and drop the same test database."""
    variables = servers.environment()
    if number:
        variables["DATABASE_URL"] += f"_{number}"
        variables["REDIS_URL"] = f"{variables['REDIS_URL'].rpartition('/')[0]}/{number}"
    return {**os.environ, **variables, OURS: "1"}


def _waited_for(process: "subprocess.Popen[bytes]", processes: "list[subprocess.Popen[bytes]]") -> int:
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # The terminal sent Ctrl-C to the commands too: they may finish in their own way.
            for each in processes:
                each.send_signal(signal.SIGINT)


def _show(file: IO[bytes] | None) -> None:
    if file is not None:
        file.seek(0)
        print(file.read().decode(errors="replace"), end="", flush=True)
