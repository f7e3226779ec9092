"""A PostgreSQL server of our own: TCP on 127.0.0.1, SCRAM, a generated password."""

import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
from psycopg import sql

from devstack.children import Child, Nursery, wait_until
from devstack.errors import StackError
from devstack.home import Home
from devstack.keep import keep_number, kept_number, kept_secret
from devstack.ports import HOST, free_port
from devstack.programs import postgres_programs

USER = "postgres"
# After a kill -9 the lock file names a process that may stay unreaped for seconds; a start then fails.
_LOCK_SECONDS = 25.0
_UNSAFE_AND_FAST = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    child: Child
    port: int
    password: str

    def url(self, database: str) -> str:
        """Give the address of a database, password included.

        Args:
            database: its name.
        """
        return f"postgres://{USER}:{self.password}@{HOST}:{self.port}/{database}"

    def ensure_database(self, name: str) -> None:
        """Create a database unless it is there.

        Args:
            name: its name.
        """
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def start_postgres(home: Home, nursery: Nursery, *, ephemeral: bool) -> Postgres:
    """Start the server, making its cluster on first use.

    Args:
        home: where it keeps its data.
        nursery: starts the process.
        ephemeral: give up crash safety for speed.

    Returns:
        The server, accepting connections.

    Raises:
        StackError: it could not be started; the text shows why.
    """
    programs = postgres_programs(home)
    password = _password(home)
    data = _cluster(home, programs)
    kept_port = home.path / "postgres-port"
    until = time.monotonic() + _LOCK_SECONDS
    while True:
        port = free_port(kept_number(kept_port))
        keep_number(kept_port, port)
        child = _launched(home, nursery, programs, data, port, ephemeral=ephemeral)
        server = Postgres(child, port, password)
        try:
            wait_until(partial(_accepts, server), child=child, seconds=60)
        except StackError:
            may_pass = child.has_ended() and any(
                words in child.last_lines() for words in ("lock file", "Address already in use")
            )
            nursery.end([child], patience_seconds=0)
            if not may_pass or time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return server


def _password(home: Home) -> str:
    path = home.path / "postgres-password"
    password = kept_secret(path)
    home.account.own(path)
    return password


def _cluster(home: Home, programs: Path) -> Path:
    data = home.closed_directory("postgres")
    if (data / "MADE").exists():
        return data
    # Without the mark an earlier initdb was cut short: its remains can be neither used nor overwritten.
    shutil.rmtree(data)
    home.closed_directory("postgres")
    command = [str(programs / "initdb"), "-D", str(data), "-U", USER, "--auth=scram-sha-256"]
    command += [f"--pwfile={home.path / 'postgres-password'}", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, **home.account.run_as())
    if answer.returncode:
        raise StackError(f"PostgreSQL's cluster could not be made: {answer.stderr.strip()}")
    (data / "MADE").touch()
    return data


def _launched(home: Home, nursery: Nursery, programs: Path, data: Path, port: int, *, ephemeral: bool) -> Child:
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-c", f"listen_addresses={HOST}"]
    # No socket file: its path could be too long, and its directory would need permissions of its own.
    command += ["-c", "unix_socket_directories=", "-c", "timezone=UTC", "-c", "log_timezone=UTC"]
    command += _UNSAFE_AND_FAST if ephemeral else []
    return nursery.start("postgres", command, run_as=home.account.run_as(), stop_signal=signal.SIGINT)


def _accepts(server: Postgres) -> bool:
    try:
        psycopg.connect(server.url("postgres"), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True
