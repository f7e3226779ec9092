"""PostgreSQL and Redis of a world: shared or its own, and what can be done to them."""

import os
import signal
import time
from dataclasses import dataclass

import psycopg
import redis
from psycopg import sql
from redis.backoff import NoBackoff
from redis.retry import Retry

from devstack.children import Nursery
from devstack.home import Home
from devstack.postgres import Postgres, start_postgres
from devstack.redis_server import RedisServer, start_redis

_LEAVE_SECONDS = 20.0


class OwnRedis:
    """A Redis that may be flushed, frozen, stopped and started again at the same address.

    Args:
        home: where it keeps its files.
        nursery: starts it.
    """

    def __init__(self, home: Home, nursery: Nursery) -> None:
        self._home, self._nursery = home, nursery
        self._server: RedisServer = start_redis(home, nursery, ephemeral=True)
        self.url = self._server.url()
        self.client = redis.Redis.from_url(self.url, socket_timeout=5, retry=Retry(NoBackoff(), 0))

    def freeze(self) -> None:
        """Let it hang: connections stay, nothing answers."""
        self._server.child.signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._server.child.signal_all(signal.SIGCONT)

    def stop(self) -> None:
        """Kill it; what it held is lost."""
        self.thaw()
        self._server.child.signal_all(signal.SIGKILL)
        self._nursery.end([self._server.child], patience_seconds=_LEAVE_SECONDS)

    def start(self) -> None:
        """Start it again, empty, where it was."""
        self._server = start_redis(self._home, self._nursery, ephemeral=True)
        assert self._server.url() == self.url, "somebody took its port meanwhile"

    def disconnect_everybody(self) -> None:
        """Close every client's connection."""
        for kind in ("normal", "pubsub"):
            self.client.client_kill_filter(_type=kind, skipme=True)


class OwnPostgres:
    """A PostgreSQL server of this world alone, which may be stopped and started at the same address.

    It keeps what it has committed, unlike the fast one that the other worlds share: that one may forget it in a crash.

    Args:
        home: where it keeps its data.
        nursery: starts it.
    """

    def __init__(self, home: Home, nursery: Nursery) -> None:
        self._home, self._nursery = home, nursery
        self._server: Postgres = start_postgres(home, nursery, ephemeral=False)
        self._server.ensure_database("portal")
        self.url = self._server.url("portal")

    def stop(self, *, immediate: bool = True) -> None:
        """Stop it: at once and without a shutdown checkpoint, or after its clients were told to leave."""
        os.kill(self._server.child.pid, signal.SIGQUIT if immediate else signal.SIGINT)
        until = time.monotonic() + _LEAVE_SECONDS
        while not self._server.child.has_ended() and time.monotonic() < until:
            time.sleep(0.02)
        self._nursery.end([self._server.child], patience_seconds=_LEAVE_SECONDS)

    def start(self) -> None:
        """Start it again where it was; it recovers first."""
        self._server = start_postgres(self._home, self._nursery, ephemeral=False)
        assert self._server.url("portal") == self.url, "somebody took its port meanwhile"


@dataclass(frozen=True)
class Database:
    """One database of the server that all runs share, made as a copy of a prepared one."""

    url: str

    @property
    def name(self) -> str:
        """Its name."""
        return self.url.rpartition("/")[2]

    def sibling(self, name: str) -> "Database":
        """Another database of the same server."""
        return Database(f"{self.url.rpartition('/')[0]}/{name}")

    def make(self, template: str = "template1") -> None:
        """Create it, instead of one of that name that an earlier run left."""
        self.drop()
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(self.name), sql.Identifier(template))
        )

    def drop(self) -> None:
        """Delete it, whoever is connected."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.sibling("postgres").url, autocommit=True) as connection:
            connection.execute(statement)
