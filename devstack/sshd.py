"""An OpenSSH server's program for git over SSH: one that is here, else Debian's, unpacked and never installed.

Nothing is set up by that: no service, no user, nothing that listens on port 22.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from devstack.errors import StackError
from devstack.home import MACHINERY, Home, checkout_home
from devstack.programs import open_tree

_PACKAGE = "openssh-server"
# What Debian's sshd needs and many machines lack; it is fetched beside it.
_LIBRARY = "libwrap0"
_NONE = "there is no sshd here: install one (Debian: apt-get install openssh-server), or set SSHD to the path of one."


@dataclass(frozen=True)
class Sshd:
    """The program, and the root of the package it was unpacked from (None: it is the system's)."""

    program: Path
    root: Path | None = None

    def environment(self) -> dict[str, str]:
        """Give what the program needs in its environment to start: where its library is."""
        libraries = sorted(path.parent for path in self.root.rglob("libwrap.so.0")) if self.root else []
        return {"LD_LIBRARY_PATH": str(libraries[0])} if libraries else {}

    def own_paths(self) -> Sequence[tuple[str, Path]]:
        """Give the settings for the programs that newer versions start beside themselves, where they are unpacked."""
        if self.root is None:
            return ()
        named = {"SshdSessionPath": "sshd-session", "SshdAuthPath": "sshd-auth"}
        paths = [(setting, self.root / "usr/lib/openssh" / name) for setting, name in named.items()]
        return [(setting, path) for setting, path in paths if path.exists()]

    def runs(self) -> bool:
        """Tell whether it starts at all: a library may be missing."""
        # An unknown option makes every version say its name, and end.
        answer = subprocess.run(
            [self.program, "-?"], env=self.environment(), capture_output=True, text=True, check=False
        )
        return "OpenSSH" in answer.stderr


def found_sshd() -> Sshd | None:
    """Find an sshd: $SSHD, one on the PATH, or where systems keep it.

    Returns:
        It, or None.

    Raises:
        StackError: $SSHD names nothing.
    """
    named = os.environ.get("SSHD", "")
    if named:
        if not Path(named).is_file():
            raise StackError(f"SSHD names {named}, and there is no such program.")
        return Sshd(Path(named).absolute())
    # It insists on being started by its whole path.
    found = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    return Sshd(Path(found).absolute()) if found else None


def ensured_sshd(home: Home) -> Sshd:
    """Find an sshd, or fetch Debian's once for this checkout.

    Args:
        home: whose account decides where it is unpacked: root's servers cannot reach into every checkout.

    Returns:
        One that starts.

    Raises:
        StackError: there is none and none can be fetched; the text says why.
    """
    found = found_sshd()
    if found is not None:
        return found
    place = checkout_home() if home.account.is_ours else MACHINERY
    root = place / _PACKAGE
    unpacked = Sshd(root / "usr/sbin/sshd", root)
    if not (unpacked.program.exists() and unpacked.runs()):
        _unpack(root)
        if not unpacked.runs():
            raise StackError(f"{_NONE} Debian's was fetched into {root} and does not start there.")
    return unpacked


def _unpack(root: Path) -> None:
    apt, dpkg = shutil.which("apt-get"), shutil.which("dpkg-deb")
    if apt is None or dpkg is None:
        raise StackError(_NONE)
    root.parent.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fetching-", dir=root.parent) as folder:
        scratch = Path(folder)
        _download(apt, scratch)
        for package in scratch.glob("*.deb"):
            _run([dpkg, "-x", str(package), str(scratch / "root")], scratch)
        open_tree(scratch / "root")
        shutil.rmtree(root, ignore_errors=True)
        # A second run at the same moment may have been first.
        with suppress(OSError):
            (scratch / "root").rename(root)


def _download(apt: str, folder: Path) -> None:
    """Fetch both packages; as root, after a look at what there is now where the lists are too old."""
    # apt gives downloads to a user of its own, who may not enter our folder.
    options = ["-qq", "-o", "APT::Sandbox::User=root"] if os.geteuid() == 0 else ["-qq"]
    fetch = [apt, *options, "download", _PACKAGE, _LIBRARY]
    try:
        _run(fetch, folder)
    except StackError:
        if os.geteuid() != 0:
            raise
        _run([apt, *options, "update"], folder)
        _run(fetch, folder)


def _run(command: list[str], folder: Path) -> None:
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise StackError(f"{_NONE} Fetching Debian's failed: {answer.stderr.strip()[-300:]}")
