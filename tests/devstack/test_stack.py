"""The whole stack: each process with its own secrets, an end that leaves nothing, a start after a kill."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from devstack.environment import ALL, COMMON, OWN, SECRETS
from devstack.errors import StackError
from devstack.home import CHECKOUT
from devstack.liveness import birth
from devstack.ports import answers, free_port
from devstack.readiness import answers_with
from devstack.records import Record, Records
from devstack.sshd import found_sshd
from devstack.stack import Stack
from devstack.state import State

pytestmark = pytest.mark.e2e
PATIENCE_SECONDS = 120
# The demo does without it: what it would read, the audit bot reads.
NOT_IN_THE_DEMO = {"AUDIT_WORKSPACE_TOKEN"}


def environment_of_process(pid: int) -> set[str]:
    pairs = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return {pair.partition(b"=")[0].decode() for pair in pairs}


def given_to(name: str) -> set[str]:
    return (set(COMMON) | set(OWN[name])) & SECRETS - NOT_IN_THE_DEMO


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="this system does not show environments")
def test_up_each_with_its_own_secrets_and_gone_without_a_trace() -> None:
    with Stack(ephemeral=True, port=0, sandbox_port=0) as stack:
        for name in ("web", "worker", "worker-revoke", "beat"):
            held = environment_of_process(stack.child(name).pid) & ALL & SECRETS
            assert held == given_to(name), name
        assert not environment_of_process(stack.child("sandbox").pid) & SECRETS
        living = Records(stack.state.path / "processes.json").living()
        assert {record.name for record in living} == EVERYBODY
        assert (stack.ssh_url is None) == (not SSHD)
        assert stack.ssh_url is None or answers(int(stack.ssh_url.rpartition(":")[2]))
        stack.kill("worker")
        stack.raise_for_the_dead()
        stack.start_again("worker")
        os.kill(stack.child("beat").pid, signal.SIGKILL)
        with pytest.raises(StackError, match="beat ended by itself"):
            until_raised(stack)
        port, state = int(stack.portal_url.rpartition(":")[2]), stack.state.path
    assert [record for record in living if birth(record.pid) == record.born] == []
    assert not answers(port)
    assert stack.ssh_url is None or not answers(int(stack.ssh_url.rpartition(":")[2]))
    assert not state.exists()


# Where there is neither an sshd nor a Debian to fetch one from, the stack runs without.
SSHD = {"sshd"} if found_sshd() or (shutil.which("apt-get") and shutil.which("dpkg-deb")) else set()
EVERYBODY = {"postgres", "redis", "sandbox", "web", "worker", "worker-revoke", "beat"} | SSHD


def until_raised(stack: Stack) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        stack.raise_for_the_dead()
        time.sleep(0.05)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator["Demo"]:
    demo = Demo(tmp_path / "state", free_port(), free_port())
    yield demo
    demo.end()


class Demo:
    """`make demo`, started from a shell that can be killed."""

    def __init__(self, state: Path, port: int, sandbox_port: int) -> None:
        self.state, self.port = state, port
        unwanted = {"DATABASE_URL", "REDIS_URL"}
        self.environment = {name: value for name, value in os.environ.items() if name not in unwanted}
        self.environment |= {"PORT": str(port), "SANDBOX_PORT": str(sandbox_port)}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "devstack", "demo", "--state", str(self.state)]
        self.process = subprocess.Popen(command, cwd=CHECKOUT, env=self.environment, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if b"Ready after" in line:
                return self.process
        raise AssertionError("the demo did not come up")

    def living(self) -> list[Record]:
        return Records(self.state / "processes.json").living()

    def database_url(self) -> str:
        pid = next(record.pid for record in self.living() if record.name == "web")
        pairs = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        return next(pair for pair in pairs if pair.startswith(b"DATABASE_URL=")).partition(b"=")[2].decode()

    def end(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.communicate(timeout=PATIENCE_SECONDS)
        State(self.state).remove()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="this system does not show environments")
def test_a_killed_demo_starts_again_with_its_data_and_ctrl_c_ends_all_of_it(demo: Demo) -> None:
    killed = demo.start()
    with psycopg.connect(demo.database_url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    orphans = demo.living()
    assert {record.name for record in orphans} == EVERYBODY
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert answers(demo.port), "its processes outlive a supervisor that could not tidy up"
    again = demo.start()
    assert answers_with(demo.port, "/readyz")
    assert not [record for record in orphans if birth(record.pid) == record.born]
    with psycopg.connect(demo.database_url()) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (42,)
    second = demo.living()
    again.send_signal(signal.SIGINT)
    rest, _ = again.communicate(timeout=PATIENCE_SECONDS)
    assert again.returncode == 0
    assert b"its data is kept" in rest
    assert not [record for record in second if birth(record.pid) == record.born]
    assert not answers(demo.port)
    demo.process = None
