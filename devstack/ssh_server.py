"""An OpenSSH server of our own for git with deploy keys: on 127.0.0.1, as an ordinary user, for that user alone.

An ordinary user's sshd can sign in nobody but that user, so it needs neither root nor the user and directory that
root's would separate its privileges with. It reads what the sandbox writes into one folder.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from devstack.account import Account, git_account
from devstack.children import Child, Nursery, wait_until
from devstack.environment import of_the_machine
from devstack.errors import StackError
from devstack.home import Home
from devstack.ports import HOST, answers
from devstack.sshd import Sshd, ensured_sshd

NAME = "sshd"
_READY_SECONDS = 20.0
_NO_SHELLS = {"nologin", "false"}


@dataclass(frozen=True)
class SshServer:
    """A server that can be started.

    `folder` is what the sandbox is told with `--ssh-folder`; `user` is the one name it signs in.
    """

    folder: Path
    account: Account
    user: str
    sshd: Sshd
    port: int

    @property
    def url(self) -> str:
        """Where it answers; a clone's address goes on with /WORKSPACE/REPOSITORY.git."""
        return f"ssh://{self.user}@{HOST}:{self.port}"

    def start(self, nursery: Nursery) -> Child:
        """Start it and wait until it answers.

        Args:
            nursery: starts the process.

        Raises:
            StackError: it did not come up; the text shows the end of its log.
        """
        command = [str(self.sshd.program), "-D", "-e", "-f", str(self._written_settings())]
        child = nursery.start(
            NAME,
            command,
            environment=of_the_machine() | self.sshd.environment(),
            run_as=self.account.run_as(),
        )
        wait_until(partial(answers, self.port), child=child, seconds=_READY_SECONDS)
        return child

    def _written_settings(self) -> Path:
        path = self.folder / "sshd_config"
        path.write_text("".join(f"{name} {value}\n" for name, value in self._settings()))
        path.chmod(0o644)
        return path

    def _settings(self) -> list[tuple[str, str]]:
        return [
            ("ListenAddress", HOST),
            ("Port", str(self.port)),
            ("HostKey", _quoted(self.folder / "host_key")),
            ("AuthorizedKeysFile", _quoted(self.folder / "authorized_keys")),
            # The folder may lie below one that others may write to, as /tmp is.
            ("StrictModes", "no"),
            ("PidFile", "none"),
            ("UsePAM", "no"),
            ("AllowUsers", self.user),
            ("AuthenticationMethods", "publickey"),
            ("PasswordAuthentication", "no"),
            ("KbdInteractiveAuthentication", "no"),
            ("DisableForwarding", "yes"),
            ("PermitTTY", "no"),
            ("PermitUserRC", "no"),
            # git's newer protocol is asked for in a variable, and git itself may be somewhere else than systems expect.
            ("AcceptEnv", "GIT_PROTOCOL"),
            ("SetEnv", f'"PATH={os.environ.get("PATH", os.defpath)}"'),
            *((name, _quoted(path)) for name, path in self.sshd.own_paths()),
        ]


def prepared_ssh_server(home: Home, port: int) -> SshServer:
    """Get everything ready for a server: its program, its user, its folder and its own key.

    Args:
        home: where the folder is made; it is kept from one start to the next.
        port: where it will listen on 127.0.0.1.

    Returns:
        The server, not yet started.

    Raises:
        StackError: this machine cannot have one; the text says why.
    """
    sshd = ensured_sshd(home)
    account = git_account()
    folder = replace(home, account=account).closed_directory("ssh")
    spool = replace(home, path=folder, account=account).closed_directory("spool")
    assert spool.parent == folder
    _make_host_key(folder / "host_key", account)
    return SshServer(folder, account, _user(account), sshd, port)


def _user(account: Account) -> str:
    try:
        entry = pwd.getpwuid(account.uid)
    except KeyError:
        raise StackError(f"user number {account.uid} has no name here, and sshd signs in by name.") from None
    if Path(entry.pw_shell).name in _NO_SHELLS:
        raise StackError(f"user {entry.pw_name} has no shell, and sshd runs every command through one.")
    return entry.pw_name


def _make_host_key(path: Path, account: Account) -> None:
    if path.exists():
        return
    keygen = shutil.which("ssh-keygen")
    if keygen is None:
        raise StackError("there is no ssh-keygen here: install it (Debian: apt-get install openssh-client).")
    command = [keygen, "-q", "-t", "ed25519", "-N", "", "-C", "sandbox", "-f", str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, **account.run_as())
    if answer.returncode:
        raise StackError(f"no key could be made for the SSH server: {answer.stderr.strip()}")


def _quoted(path: Path) -> str:
    """Write a path the way sshd reads one: a percent sign would begin something to fill in."""
    return '"' + str(path).replace("%", "%%") + '"'
