"""PostgreSQL and Redis together: those the environment names, else our own."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from devstack.children import Child, Nursery
from devstack.postgres import Postgres, start_postgres
from devstack.redis_server import RedisServer, start_redis
from devstack.state import State

DATABASE = "portal"
_LEAVE_SECONDS = 20.0


@dataclass(frozen=True)
class Servers:
    """Where the database and Redis are, and which of them are ours to stop."""

    database_url: str
    redis_url: str
    children: tuple[Child, ...]

    def environment(self) -> dict[str, str]:
        """Give the variables under which everything else finds them."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


# Set by `services` for its command: the addresses in the environment are ours and shared with the unit tests.
OURS = "DEVSTACK_SERVICES"


def are_given(ephemeral: bool) -> bool:
    """Tell whether the addresses in our environment are to be used.

    Args:
        ephemeral: an ephemeral stack keeps away from the servers that the unit tests use.
    """
    return not (ephemeral and os.environ.get(OURS))


def start_servers(state: State, nursery: Nursery, *, ephemeral: bool, given: bool = True) -> Servers:
    """Start what the environment does not already name.

    Args:
        state: whose home holds the data.
        nursery: starts the processes.
        ephemeral: give up crash safety for speed.
        given: whether DATABASE_URL and REDIS_URL of our environment count.

    Returns:
        Both servers, answering, with the portal's database created.

    Raises:
        StackError: one could not be started; what was started is on the nursery's list.
    """
    database_url = os.environ.get("DATABASE_URL", "") if given else ""
    redis_url = os.environ.get("REDIS_URL", "") if given else ""
    if database_url and redis_url:
        return Servers(database_url, redis_url, ())
    home = state.home()
    with ThreadPoolExecutor() as pool:
        postgres = None if database_url else pool.submit(start_postgres, home, nursery, ephemeral=ephemeral)
        redis = None if redis_url else pool.submit(start_redis, home, nursery, ephemeral=ephemeral)
    return _together(
        postgres.result() if postgres else None, redis.result() if redis else None, database_url, redis_url
    )


def stop_servers(servers: Servers, nursery: Nursery) -> None:
    """Stop those that are ours.

    Args:
        servers: what `start_servers` gave.
        nursery: the one it was given.
    """
    nursery.end(servers.children, patience_seconds=_LEAVE_SECONDS)


@contextmanager
def ephemeral_servers() -> Iterator[Servers]:
    """Run servers for as long as the block, and leave nothing of them behind.

    Yields:
        The servers; those that the environment already names are used as they are.

    Raises:
        StackError: one could not be started.
    """
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield Servers(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], ())
        return
    state = State.ephemeral()
    nursery = Nursery(state.records, state.logs)
    try:
        yield start_servers(state, nursery, ephemeral=True)
    finally:
        nursery.end(list(nursery.children), patience_seconds=_LEAVE_SECONDS)
        state.remove()


def _together(postgres: Postgres | None, redis: RedisServer | None, database_url: str, redis_url: str) -> Servers:
    if postgres:
        postgres.ensure_database(DATABASE)
        database_url = postgres.url(DATABASE)
    children = tuple(server.child for server in (postgres, redis) if server)
    return Servers(database_url, redis.url() if redis else redis_url, children)
