"""Which system users run the servers. PostgreSQL refuses to run as root, and rightly; sshd is better off without."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from devstack.errors import StackError

NAME = "credportal-dev"
# Another one for git over SSH: it can be signed in to, and has no business with the database.
GIT_NAME = "credportal-git"


class RunAs(TypedDict, total=False):
    """Keyword arguments for subprocess that start a program as the servers' user."""

    user: int
    group: int
    extra_groups: list[int]
    umask: int
    cwd: str


@dataclass(frozen=True)
class Account:
    """A servers' user: ourselves, or as root a system user of our own."""

    uid: int
    gid: int
    is_ours: bool

    def run_as(self) -> RunAs:
        """Give subprocess what it needs to start a program as this user.

        The working directory is / because the one we are in may be closed to that user.
        """
        if not self.is_ours:
            return RunAs(umask=0o077)
        return RunAs(user=self.uid, group=self.gid, extra_groups=[], umask=0o077, cwd="/")

    def own(self, path: Path) -> None:
        """Hand a file or directory of our own making to this user.

        Args:
            path: what to hand over; what lies in it is left alone.
        """
        if self.is_ours:
            os.chown(path, self.uid, self.gid)


def server_account() -> Account:
    """Find the user that runs the database servers; as root, create it once.

    Returns:
        The account.

    Raises:
        StackError: we are root and the system has no way to add a user.
    """
    return _account(NAME, directory="/nonexistent", login_shell="/usr/sbin/nologin")


def git_account() -> Account:
    """Find the user that serves git over SSH; as root, create it once.

    Returns:
        The account. Its commands are run by a shell, in a directory that is there.

    Raises:
        StackError: as for `server_account`.
    """
    return _account(GIT_NAME, directory="/", login_shell="/bin/sh")


def remove_accounts() -> None:
    """Remove the servers' users, where the system can."""
    userdel = _administrative("userdel")
    for name in (NAME, GIT_NAME):
        if userdel is not None and _entry(name) is not None:
            subprocess.run([userdel, name], capture_output=True, check=False)


def _account(name: str, *, directory: str, login_shell: str) -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_ours=False)
    entry = _entry(name) or _created(name, directory, login_shell)
    return Account(entry.pw_uid, entry.pw_gid, is_ours=True)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _created(name: str, directory: str, login_shell: str) -> pwd.struct_passwd:
    useradd = _administrative("useradd")
    if useradd is None:
        raise StackError(
            "PostgreSQL does not run as root and this system has no useradd: run this as an ordinary user,"
            " or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", directory]
    subprocess.run([*command, "--shell", login_shell, name], capture_output=True, check=False)
    # A second run at the same moment may have been first: only the result counts.
    entry = _entry(name)
    if entry is None:
        raise StackError(f"The system user {name}, which runs a server instead of root, could not be created.")
    return entry


def _administrative(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
