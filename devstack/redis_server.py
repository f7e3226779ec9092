"""A Redis server of our own: TCP on 127.0.0.1 and a generated password."""

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from devstack.children import Child, Nursery, wait_until
from devstack.errors import StackError
from devstack.home import Home
from devstack.keep import keep_number, kept_number, kept_secret, write_private
from devstack.ports import HOST, free_port
from devstack.programs import redis_program

_TRIES = 5


@dataclass(frozen=True)
class RedisServer:
    """A running server."""

    child: Child
    port: int
    password: str

    def url(self, number: int = 0) -> str:
        """Give the address of a numbered database, password included.

        Args:
            number: 0 to 15.
        """
        return f"redis://:{self.password}@{HOST}:{self.port}/{number}"


def start_redis(home: Home, nursery: Nursery, *, ephemeral: bool) -> RedisServer:
    """Start the server.

    Args:
        home: where it keeps its data.
        nursery: starts the process.
        ephemeral: keep nothing on disk.

    Returns:
        The server, answering.

    Raises:
        StackError: it could not be started; the text shows why.
    """
    program = redis_program(home)
    kept_port = home.path / "redis-port"
    for attempt in range(_TRIES):
        port = free_port(kept_number(kept_port))
        keep_number(kept_port, port)
        password = kept_secret(home.path / "redis-password")
        settings = _settings_file(home, port, password, ephemeral=ephemeral)
        child = nursery.start("redis", [str(program), str(settings)], run_as=home.account.run_as())
        server = RedisServer(child, port, password)
        try:
            wait_until(partial(_answers, server), child=child, seconds=30)
        except StackError:
            nursery.end([child], patience_seconds=0)
            if attempt == _TRIES - 1 or "Address already in use" not in child.last_lines():
                raise
            time.sleep(0.2)
        else:
            return server
    raise AssertionError("the last attempt returned or raised")


def _settings_file(home: Home, port: int, password: str, *, ephemeral: bool) -> Path:
    data = home.closed_directory("redis")
    lines = [f"bind {HOST}", f"port {port}", f'dir "{data}"', f"requirepass {password}", 'save ""']
    # The demo's second start finds its queue as it was; the file is small, the doorbell is all that is in it.
    lines += ["appendonly no"] if ephemeral else ["appendonly yes", "appendfsync everysec"]
    path = home.path / "redis.conf"
    write_private(path, "\n".join([*lines, ""]))
    home.account.own(path)
    return path


def _answers(server: RedisServer) -> bool:
    client = redis.Redis.from_url(server.url(), socket_timeout=2, retry=Retry(NoBackoff(), 0))
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
