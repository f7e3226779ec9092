"""Every process of the portal beside the sandbox and real servers, on this machine."""

import signal
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from devstack import recipe, ssh_server
from devstack.children import Child, Nursery, wait_until
from devstack.environment import environment_of
from devstack.errors import StackError
from devstack.home import CHECKOUT
from devstack.ports import HOST, free_port, is_free
from devstack.readiness import Roll, answers_with
from devstack.servers import Servers, are_given, start_servers, stop_servers
from devstack.ssh_server import SshServer, prepared_ssh_server
from devstack.state import State
from devstack.statics import are_collected

_READY_SECONDS = 90.0
_LEAVE_SECONDS = 12.0
_WORKERS = ("worker", "worker-revoke")
SSH_PORT = 8122


class Stack:
    """The whole portal, from `start` to `stop`. Also a context manager.

    Attributes:
        portal_url, sandbox_url: where they answer.
        ssh_url: where git over SSH answers; None where this machine cannot have that.
        state: the state directory that is held between start and stop.
        servers: PostgreSQL and Redis, once started.
        values: all of the portal's variables, once known.
    """

    state: State

    def __init__(
        self,
        state_dir: Path | None = None,
        *,
        port: int = 8000,
        sandbox_port: int = 8100,
        ssh_port: int | None = None,
        ephemeral: bool = False,
        extra_env: Mapping[str, str] | None = None,
    ) -> None:
        """Describe a stack; nothing is started yet.

        Args:
            state_dir: what it keeps between runs; None only with `ephemeral`.
            port: the portal's; 0 for any free one.
            sandbox_port: the sandbox's; 0 for any free one.
            ssh_port: the one for git over SSH; 0 for any free one, None for 8122 where nothing is in its way.
            ephemeral: forget everything at the end and give up crash safety for speed.
            extra_env: variables for every process of the portal; they win over our own.
        """
        self._state_dir, self._ephemeral, self._extra = state_dir, ephemeral, dict(extra_env or {})
        self._port, self._sandbox_port, self._ssh_port = port, sandbox_port, ssh_port
        self._ssh: SshServer | None = None
        self.servers: Servers | None = None
        self.values: dict[str, str] = {}

    @property
    def portal_url(self) -> str:
        """Where the portal answers."""
        return f"http://{HOST}:{self._port}"

    @property
    def sandbox_url(self) -> str:
        """Where the sandbox answers."""
        return f"http://{HOST}:{self._sandbox_port}"

    @property
    def ssh_url(self) -> str | None:
        """Where git over SSH answers, as `ssh://USER@HOST:PORT`; a clone's address goes on with /WORKSPACE/REPO.git."""
        return self._ssh.url if self._ssh else None

    @property
    def mail(self) -> Path:
        """The directory to which the portal's mails go, one file each."""
        return self.state.path / "mail"

    def start(self) -> None:
        """Start everything and wait until it is ready.

        Raises:
            StackError: a port is busy, another run has the state directory, or a process failed; in that case
                everything that was started is stopped again.
        """
        self.state = self._taken_state()
        self._nursery = Nursery(self.state.records, self.state.logs)
        try:
            # Only now: what a killed run left on these ports is gone.
            self._port = _chosen(self._port, "PORT")
            self._sandbox_port = _chosen(self._sandbox_port, "SANDBOX_PORT")
            self._start_all()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop everything in order; an ephemeral stack is then gone without a trace."""
        self.state.say_leaving()
        servers = self.servers.children if self.servers else ()
        # The workers finish what they hold while database and Redis are still there.
        self._nursery.end(
            [child for child in self._nursery.children if child not in servers],
            patience_seconds=_LEAVE_SECONDS,
        )
        if self.servers:
            stop_servers(self.servers, self._nursery)
        if self._ephemeral:
            self.state.remove()
        else:
            self.state.release()

    def child(self, name: str) -> Child:
        """Find a process.

        Args:
            name: postgres, redis, sandbox, sshd, web, worker, worker-revoke or beat.

        Raises:
            KeyError: none of that name runs.
        """
        return {child.name: child for child in self._nursery.children}[name]

    def raise_for_the_dead(self) -> None:
        """Check on every process.

        Raises:
            StackError: one has ended; the text names it and shows the end of its log.
        """
        self._nursery.raise_for_the_dead()

    def kill(self, name: str) -> None:
        """End a process and all of its group at once, without a chance to tidy up.

        Args:
            name: as for `child`.
        """
        child = self.child(name)
        child.signal_all(signal.SIGKILL)
        self._nursery.end([child], patience_seconds=0)

    def start_again(self, name: str) -> None:
        """Start one of the portal's processes again after `kill`, and wait until it is ready.

        Args:
            name: web, worker, worker-revoke or beat.

        Raises:
            StackError: it failed.
        """
        recipe.start_process(name, self.state, self._nursery, self.values)
        self._wait_for((name,))

    def manage(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a management command against this stack.

        Args:
            arguments: as after `manage.py`.
            stdin: what it reads.

        Returns:
            The finished process with its text output; its exit code is not judged.
        """
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=CHECKOUT,
            env=environment_of("cli", self.values),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.stop()

    def _taken_state(self) -> State:
        if self._state_dir is not None:
            return State(self._state_dir)
        return State.ephemeral()

    def _prepared_ssh(self) -> SshServer | None:
        """Get git over SSH ready; the rest of the stack works without it."""
        if self._ssh_port is not None:
            port = _chosen(self._ssh_port, "SANDBOX_SSH_PORT")
        else:
            port = free_port(0 if self._ephemeral else SSH_PORT)
        try:
            return prepared_ssh_server(self.state.home(), port)
        except StackError as error:
            _say_without_ssh(error)
            return None

    def _start_ssh(self) -> None:
        try:
            if self._ssh is not None:
                self._ssh.start(self._nursery)
        except StackError as error:
            _say_without_ssh(error)
            self._nursery.end([self.child(ssh_server.NAME)], patience_seconds=0)
            self._ssh = None

    def _start_all(self) -> None:
        self._ssh = self._prepared_ssh()
        ssh_folder = self._ssh.folder if self._ssh else None
        sandbox = recipe.sandbox_command(self.state, self._sandbox_port, self.portal_url, ssh_folder)
        with ThreadPoolExecutor() as pool:
            values = pool.submit(recipe.portal_values, self.state, self._port, sandbox)
            self.servers = start_servers(
                self.state, self._nursery, ephemeral=self._ephemeral, given=are_given(self._ephemeral)
            )
        self.values = {**values.result(), **self.servers.environment(), **self._extra}
        self._nursery.start("sandbox", sandbox, run_as=recipe.SANDBOX_RUN_AS)
        self._start_ssh()
        if self._ssh is not None:
            self.values["BITBUCKET_SSH_URL"] = self._ssh.url
        # The web process reads its code while the database is prepared; it is not ready before that. Which static files
        # there are it looks up once, when it starts: where they are not collected yet, it has to wait for them.
        before = ("web",) if are_collected() else ()
        for name in before:
            recipe.start_process(name, self.state, self._nursery, self.values)
        recipe.prepare(self.values, self.state.logs)
        for name in [name for name in recipe.PROCESSES if name not in before]:
            recipe.start_process(name, self.state, self._nursery, self.values)
        self._wait_for(("sandbox", *recipe.PROCESSES))

    def _wait_for(self, names: tuple[str, ...]) -> None:
        roll = Roll(self.values["REDIS_URL"])
        checks = {
            "sandbox": partial(answers_with, self._sandbox_port, "/_sandbox/requests"),
            "web": partial(answers_with, self._port, "/readyz"),
            **{worker: partial(roll.is_present, worker) for worker in _WORKERS},
        }
        for name in names:
            if name in checks:
                wait_until(checks[name], child=self.child(name), seconds=_READY_SECONDS)
        roll.close()
        self.raise_for_the_dead()


def _say_without_ssh(error: StackError) -> None:
    print(f"Without git over SSH: {error}", file=sys.stderr)


def _chosen(port: int, variable: str) -> int:
    if port and not is_free(port):
        raise StackError(
            f"Port {port} is busy: free it, or choose another with {variable}, e.g. {variable}={port + 1}."
        )
    return port or free_port()
