"""Where the servers keep their programs and data.

An ordinary user's servers live in the state directory. Root's cannot: their system user must reach them, and
the checkout may lie where only root may enter. They live under /var/lib, in a directory per checkout, so that
nothing outside the project's own directories needs its permissions changed.
"""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from devstack.account import Account, remove_accounts, server_account

CHECKOUT = Path(__file__).resolve().parent.parent
MACHINERY = CHECKOUT / ".demo"
SHARED = Path("/var/lib/credential-portal-dev")


@dataclass(frozen=True)
class Home:
    """The servers' directory for one state directory, and the user they run as."""

    path: Path
    account: Account

    def closed_directory(self, name: str) -> Path:
        """Make a directory that only the servers' user may enter.

        Args:
            name: its name in this home.

        Returns:
            Its path.
        """
        path = self.path / name
        path.mkdir(mode=0o700, exist_ok=True)
        path.chmod(0o700)
        self.account.own(path)
        return path

    def remove(self) -> None:
        """Delete the servers' data. They must not be running."""
        shutil.rmtree(self.path, ignore_errors=True)


def home_for(state: Path) -> Home:
    """Make the home of a state directory's servers.

    Args:
        state: the state directory, which exists.

    Returns:
        The home, its directory created.

    Raises:
        StackError: we are root and the servers' user cannot be created.
    """
    account = server_account()
    path = servers_path(state, is_root=account.is_ours)
    if account.is_ours:
        for directory in (SHARED, path.parent):
            open_directory(directory)
        (path.parent / "CHECKOUT").write_text(f"{CHECKOUT}\n")
    path.mkdir(exist_ok=True)
    path.chmod(0o755 if account.is_ours else 0o700)
    return Home(path, account)


def servers_path(state: Path, *, is_root: bool) -> Path:
    """Tell where a state directory's servers keep their data.

    Args:
        state: the state directory.
        is_root: whether root asks.
    """
    return checkout_home() / _digest(state.resolve()) if is_root else state / "servers"


def checkout_home() -> Path:
    """Tell the directory under /var/lib that belongs to this checkout when root runs it."""
    return SHARED / _digest(CHECKOUT)


def remove_checkout_home() -> None:
    """Delete this checkout's directory under /var/lib, and with the last one the servers' users."""
    if os.geteuid() != 0 or not SHARED.exists():
        return
    shutil.rmtree(checkout_home(), ignore_errors=True)
    if not any(SHARED.iterdir()):
        SHARED.rmdir()
        remove_accounts()


def open_directory(path: Path) -> None:
    """Make a directory of ours that everybody may enter and only we may change.

    Args:
        path: its path; its parent exists.
    """
    path.mkdir(exist_ok=True)
    path.chmod(0o755)


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]
