"""What the benches of the inventory and of offboarding stand on: a sandbox of a size, workers, management commands."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import requests

from devstack.environment import environment_of
from devstack.ports import HOST
from devstack.readiness import answers_with

LATENCY_MS: Final = 50
READY_SECONDS: Final = 60
CHECKOUT: Final = Path(__file__).resolve().parent.parent


class Size(NamedTuple):
    """A workspace: repositories, projects, and how many repositories the leaver reaches."""

    repositories: int
    projects: int
    reached: int

    @property
    def members(self) -> int:
        """People beside the cast."""
        return min(300, max(36, self.repositories // 10))


class Sandbox:
    """A stand-in of one size, as a process."""

    def __init__(self, size: Size, port: int) -> None:
        self.port, self.url = port, f"http://{HOST}:{port}"
        numbers = {
            "port": port,
            "repositories": size.repositories,
            "projects": size.projects,
            "members": size.members,
            "leaver-repositories": size.reached,
            "latency-ms": LATENCY_MS,
            "hourly-limit": 0,
        }
        self.command = [sys.executable, "-m", "sandbox"]
        self.command += [text for name, value in numbers.items() for text in (f"--{name}", str(value))]

    def environment(self) -> dict[str, str]:
        """What the portal needs to work with it."""
        said = subprocess.run([*self.command, "--print-environment"], capture_output=True, text=True, check=True)
        lines = (line.partition("=") for line in said.stdout.splitlines() if "=" in line)
        return {name.strip(): value.strip() for name, _, value in lines}

    def pull(self, lever: str, **body: Any) -> None:
        """Pull one of its levers."""
        requests.post(f"{self.url}/_sandbox{lever}", json=body, timeout=10).raise_for_status()

    def forget_counts(self) -> None:
        """Start counting again."""
        requests.delete(f"{self.url}/_sandbox/requests", timeout=10).raise_for_status()

    def counted(self) -> int:
        """Requests to the REST API since the counts were forgotten; the organisation's listing is another limit."""
        return sum(self.by_route().values())

    def by_route(self) -> dict[str, int]:
        """The same by route and statuses."""
        routes = requests.get(f"{self.url}/_sandbox/requests", timeout=30).json()["routes"]
        rest = [row for row in routes if row["route"].startswith("/2.0")]
        return {f"{row['method']} {row['route']} {row['statuses']}": row["count"] for row in rest}

    def leaver(self) -> dict[str, Any]:
        """Who is about to leave."""
        people = requests.get(f"{self.url}/_sandbox/world", timeout=30).json()["people"]
        return next(one for one in people if one["key"] == "lee")

    def answers(self) -> bool:
        """Whether it is up."""
        return answers_with(self.port, "/_sandbox/switches")


def wait_until(is_ready: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + READY_SECONDS
    while not is_ready():
        if time.monotonic() > ends:
            message = f"{what} did not come up"
            raise RuntimeError(message)
        time.sleep(0.2)


@contextmanager
def running(command: Sequence[str], environment: dict[str, str] | None = None) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def portal_values(sandbox: Sandbox) -> dict[str, str]:
    return {
        **sandbox.environment(),
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "DEMO": "1",
        "SECRET_KEY": "bench-only-" + "x" * 40,
        "LOG_LEVEL": "WARNING",
        "BITBUCKET_REQUESTS_PER_HOUR": "1000000",
        "ORGANISATION_REQUESTS_PER_HOUR": "1000000",
    }


def manage(values: dict[str, str], *words: str, process: str = "cli") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "manage.py", *words]
    environment = environment_of(process, values)
    return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
