"""Run a command beside a real PostgreSQL and a real Redis that live as long as it does."""

import os
import signal
import subprocess
from collections.abc import Sequence

from devstack.servers import OURS, ephemeral_servers


def run_beside_servers(command: Sequence[str]) -> int:
    """Run a command with DATABASE_URL and REDIS_URL set.

    Args:
        command: program and arguments.

    Returns:
        Its exit code.

    Raises:
        StackError: a server could not be started.
    """
    with ephemeral_servers() as servers:
        process = subprocess.Popen(command, env={**os.environ, **servers.environment(), OURS: "1"})
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                # The terminal sent Ctrl-C to the command too: it may finish in its own way.
                process.send_signal(signal.SIGINT)
