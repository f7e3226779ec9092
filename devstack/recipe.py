"""How each process of the stack is started, and with what."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from devstack.account import RunAs
from devstack.children import Child, Nursery
from devstack.environment import environment_of, of_the_machine
from devstack.errors import StackError
from devstack.home import CHECKOUT
from devstack.keep import kept_secret
from devstack.ports import HOST
from devstack.state import State
from devstack.statics import are_collected, remember_collected

IN_CHECKOUT = RunAs(cwd=str(CHECKOUT))
# The SSH server's user reads the repositories that the sandbox makes; what is private in there says so itself.
SANDBOX_RUN_AS = RunAs(cwd=str(CHECKOUT), umask=0o022)
_PYTHON = sys.executable
_PREPARATION = ("migrate", "install_templates", "record_settings")
_CELERY = [_PYTHON, "-m", "celery", "-A", "portal.celery"]
_LOUDNESS = ["--loglevel", "INFO"]
_WORKER = [*_CELERY, "worker", "-c", "2", "--without-gossip", "--without-mingle", *_LOUDNESS]
PROCESSES: dict[str, list[str]] = {
    "web": [_PYTHON, "-m", "gunicorn", "-c", "portal/gunicorn_conf.py", "portal.wsgi:application"],
    "worker": [*_WORKER, "-Q", "default", "-n", "worker@%h"],
    "worker-revoke": [*_WORKER, "-Q", "cut,revoke", "-n", "worker-revoke@%h"],
    "beat": [*_CELERY, "beat", *_LOUDNESS, "--schedule"],
}
# These act on what they find, so the tables must be there first.


def sandbox_command(state: State, port: int, portal_url: str, ssh_folder: Path | None = None) -> list[str]:
    """Give the sandbox's command line.

    Args:
        state: where it keeps accounts, tokens and repositories.
        port: its port.
        portal_url: the portal that signs in with it.
        ssh_folder: what it shares with an SSH server; None without one.
    """
    command = [_PYTHON, "-m", "sandbox", "--port", str(port), "--portal-url", portal_url]
    command += ["--ssh-folder", str(ssh_folder)] if ssh_folder else []
    return [*command, "--state", str(state.path / "sandbox")]


def process_command(name: str, state: State) -> list[str]:
    """Give the command line of one of the portal's processes.

    Args:
        name: one of `PROCESSES`.
        state: where beat keeps its schedule.
    """
    return PROCESSES[name] + ([str(state.path / "beat-schedule")] if name == "beat" else [])


def portal_values(state: State, port: int, sandbox_command: Sequence[str]) -> dict[str, str]:
    """Collect the portal's variables for a demo, without the servers' addresses.

    Args:
        state: keeps the generated keys, and the mails.
        port: the portal's port.
        sandbox_command: how the sandbox is started: it says itself what the portal needs to work with it.

    Raises:
        StackError: the sandbox could not say.
    """
    mail = state.path / "mail"
    mail.mkdir(exist_ok=True)
    return {
        **_sandbox_values(sandbox_command),
        "DEMO": "1",
        # The demo shows what holders are told; a new installation of one's own starts with "observe".
        "INVENTORY_MODE": "advise",
        "PORTAL_URL": f"http://{HOST}:{port}",
        "PORTAL_BIND": f"{HOST}:{port}",
        # One process starts faster than two and serves one person as well.
        "WEB_WORKERS": "1",
        "WEB_THREADS": "8",
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "EMAIL_URL": mail.resolve().as_uri(),
        "SECRET_KEY": kept_secret(state.path / "secret-key"),
        "FINGERPRINT_PEPPERS": kept_secret(state.path / "fingerprint-pepper"),
        # The word marks a demo secret; outside the demo this text is no key.
        "AUDIT_SIGNING_KEY": f"SANDBOX-{kept_secret(state.path / 'signing-key')}",
    }


def prepare(values: Mapping[str, str], logs: Path) -> None:
    """Bring the database and the static files up to date, both at once.

    Args:
        values: the portal's variables.
        logs: directory for what the commands say.

    Raises:
        StackError: a command failed; the text shows the end of what it said.
    """
    environment = environment_of("cli", values)
    steps: dict[str, tuple[str, ...]] = {"prepare": _PREPARATION}
    if not are_collected():
        steps["collectstatic"] = ("collectstatic",)
    running = {name: _launched(commands, environment, logs / f"{name}.log") for name, commands in steps.items()}
    codes = {name: process.wait() for name, process in running.items()}
    for name, code in codes.items():
        if code:
            log = logs / f"{name}.log"
            end = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            raise StackError(f"{', '.join(steps[name])} failed (exit {code}). The last lines, from {log}:\n{end}")
    remember_collected()


def _launched(commands: Sequence[str], environment: Mapping[str, str], log: Path) -> "subprocess.Popen[bytes]":
    command = [_PYTHON, "-m", "devstack.prepare", *commands]
    with log.open("wb") as output:
        return subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=output, stderr=subprocess.STDOUT)


def start_process(name: str, state: State, nursery: Nursery, values: Mapping[str, str]) -> Child:
    """Start one of the portal's processes with the variables that are its own.

    Args:
        name: one of `PROCESSES`.
        state: the state directory.
        nursery: starts it.
        values: all of the portal's variables.
    """
    environment = environment_of(name, values)
    return nursery.start(name, process_command(name, state), environment=environment, run_as=IN_CHECKOUT)


def _sandbox_values(sandbox_command: Sequence[str]) -> dict[str, str]:
    command = [*sandbox_command, "--print-environment"]
    answer = subprocess.run(command, cwd=CHECKOUT, env=of_the_machine(), capture_output=True, text=True, check=False)
    if answer.returncode:
        raise StackError(f"The sandbox could not say what the portal needs:\n{answer.stderr.strip()}")
    lines = [line.partition("=") for line in answer.stdout.splitlines() if "=" in line]
    return {name.strip(): value.strip() for name, _, value in lines}
