"""Real servers: closed to whoever lacks the password, gone afterwards, or keeping their data."""

import os
import pwd
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from devstack.account import NAME
from devstack.children import Nursery
from devstack.errors import StackError
from devstack.home import CHECKOUT, servers_path
from devstack.ports import answers
from devstack.servers import Servers, ephemeral_servers, start_servers, stop_servers
from devstack.state import State

KEYLESS = {"DATABASE_URL", "REDIS_URL", "DEVSTACK_SERVICES"}


@pytest.fixture(autouse=True)
def no_given_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYLESS:
        monkeypatch.delenv(name, raising=False)


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port
    return port


def reap(servers: Servers) -> None:
    for child in servers.children:
        child.make_leave(0)


@contextmanager
def kept_servers(path: Path) -> Iterator[tuple[State, Servers]]:
    state = State(path)
    nursery = Nursery(state.records, state.logs)
    servers = start_servers(state, nursery, ephemeral=False)
    try:
        yield state, servers
    finally:
        stop_servers(servers, nursery)
        state.release()


def test_only_the_password_opens_them_and_nothing_stays() -> None:
    with ephemeral_servers() as servers:
        with psycopg.connect(servers.database_url) as connection:
            row = connection.execute("SELECT current_setting('fsync'), current_setting('TimeZone')").fetchone()
            assert row == ("off", "UTC")
            addresses = connection.execute("SHOW listen_addresses").fetchone()
            assert addresses == ("127.0.0.1",)
        wrong = servers.database_url.replace("@", "0@")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        stranger = redis.Redis(port=port_of(servers.redis_url))
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()
        stranger.close()
        passwords = [urlsplit(url).password or "?" for url in (servers.database_url, servers.redis_url)]
        for child in servers.children:
            arguments = subprocess.check_output(["ps", "-ww", "-o", "args=", "-p", str(child.pid)], text=True)
            assert child.name in arguments
            assert not [word for word in passwords if word in arguments]
    assert not answers(port_of(servers.database_url))
    assert not answers(port_of(servers.redis_url))
    assert all(child.has_ended() for child in servers.children)


def test_the_demos_servers_keep_data_and_ports(tmp_path: Path) -> None:
    with kept_servers(tmp_path / "state") as (_, servers):
        first = servers
        with psycopg.connect(servers.database_url) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
        client = redis.Redis.from_url(servers.redis_url)
        client.set("kept", "42")
        client.close()
    with kept_servers(tmp_path / "state") as (state, servers):
        assert servers.database_url == first.database_url
        assert servers.redis_url == first.redis_url
        with psycopg.connect(servers.database_url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (42,)
        client = redis.Redis.from_url(servers.redis_url)
        assert client.get("kept") == b"42"
        client.close()
    home = servers_path(state.path, is_root=os.geteuid() == 0)
    assert home.exists()
    State(tmp_path / "state").remove()
    assert not home.exists()
    assert not (tmp_path / "state").exists()


def test_data_without_its_state_directory_starts_empty(tmp_path: Path) -> None:
    with kept_servers(tmp_path / "state") as (state, servers):
        before = servers.database_url
    for path in state.path.iterdir():
        if path.is_file():
            path.unlink()
    with kept_servers(tmp_path / "state") as (_, servers):
        assert servers.database_url != before
    State(tmp_path / "state").remove()


def test_after_a_kill_of_everything_the_next_start_recovers(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    nursery = Nursery(state.records, state.logs)
    servers = start_servers(state, nursery, ephemeral=False)
    with psycopg.connect(servers.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    for child in servers.children:
        os.kill(child.pid, signal.SIGKILL)
    state.release()
    # Until somebody reaps them, the killed processes look alive to PostgreSQL, and its start is refused.
    reaper = threading.Timer(1.5, reap, [servers])
    reaper.start()
    with kept_servers(tmp_path / "state") as (_, again), psycopg.connect(again.database_url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (42,)
    reaper.join()
    State(tmp_path / "state").remove()


def test_servers_named_by_the_environment_are_used_and_nothing_is_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@elsewhere/portal")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/3")
    state = State(tmp_path / "state")
    servers = start_servers(state, Nursery(state.records, state.logs), ephemeral=False)
    assert servers == Servers("postgres://somebody@elsewhere/portal", "redis://elsewhere/3", ())
    assert not servers_path(state.path, is_root=os.geteuid() == 0).exists()
    state.release()


def test_without_a_wheel_or_a_system_server_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("devstack.programs._package", lambda _name: None)
    monkeypatch.setattr("devstack.programs._SYSTEM", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/sbin" if os.geteuid() == 0 else str(tmp_path))
    state = State(tmp_path / "state")
    with pytest.raises(StackError, match=r"There is no (PostgreSQL|Redis).* install .* or set (DATABASE|REDIS)_URL"):
        start_servers(state, Nursery(state.records, state.logs), ephemeral=True)
    state.remove()


def test_a_command_runs_beside_them_and_its_exit_code_comes_back() -> None:
    code = "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL']).close(); raise SystemExit(7)"
    environment = {name: value for name, value in os.environ.items() if name not in KEYLESS}
    answer = subprocess.run(
        [sys.executable, "-m", "devstack", "services", "--", sys.executable, "-c", code],
        cwd=CHECKOUT,
        env=environment,
        check=False,
    )
    assert answer.returncode == 7


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another user run the servers")
def test_root_runs_neither_server_as_root() -> None:
    with ephemeral_servers() as servers:
        for child in servers.children:
            assert Path(f"/proc/{child.pid}").stat().st_uid == pwd.getpwnam(NAME).pw_uid
