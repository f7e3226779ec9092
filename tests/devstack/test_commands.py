"""Makefile, .ci/run, the virtual environment's maker and the search for a browser."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from devstack import bootstrap, chromium
from devstack.environment import OWN, environment_of
from devstack.errors import StackError
from devstack.home import CHECKOUT
from devstack.ports import HOST, free_port, is_free
from devstack.state import State


def test_help_tells_every_target() -> None:
    targets = re.search(r"^\.PHONY: (.*)$", (CHECKOUT / "Makefile").read_text(), re.MULTILINE)
    assert targets
    told = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[1] for line in told.splitlines()} == set(targets[1].split())


def test_an_old_python_is_refused_in_one_sentence(tmp_path: Path) -> None:
    fake = tmp_path / "python3"
    fake.write_text('#!/bin/sh\n[ "$1" = -V ] && { echo Python 3.9.1; exit; }\nexit 1\n')
    fake.chmod(0o755)
    answer = subprocess.run(
        ["make", ".venv"],
        cwd=CHECKOUT,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode != 0
    assert "The portal needs Python 3.11 or newer; the python3 on the PATH is Python 3.9.1." in answer.stderr


def test_what_ci_runs_stops_at_the_first_failure() -> None:
    script = (CHECKOUT / ".ci/run").read_text()
    assert script.splitlines()[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in script
    subprocess.run(["bash", "-n", ".ci/run"], cwd=CHECKOUT, check=True)
    assert all(f"make {target}" in script for target in (".venv", "lint", "test"))


def test_a_python_that_cannot_make_environments_gives_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / "venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / "venv/bin/python")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "venv/stamp")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert bootstrap.main() == 1
    said = capsys.readouterr().err
    assert re.search(r"cannot make virtual environments: .*apt-get install python3\.\d+-venv", said)
    assert not (tmp_path / "venv").exists()


def test_the_environment_is_made_anew_only_when_a_requirement_changes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in bootstrap.REQUIREMENTS:
        (tmp_path / name).write_text("one")
    made: list[int] = []
    monkeypatch.setattr(bootstrap, "CHECKOUT", tmp_path)
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(bootstrap, "_make", lambda: made.append(1))
    assert bootstrap.main() == 0
    assert bootstrap.main() == 0
    assert len(made) == 1
    (tmp_path / "requirements-dev.txt").write_text("two")
    assert bootstrap.main() == 0
    assert len(made) == 2


def test_a_named_browser_that_is_not_there_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(StackError, match="CHROMIUM names /nowhere/chromium"):
        chromium.ensured_chromium()


def test_a_browser_is_found_on_the_path_else_among_playwrights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "browsers"))
    assert chromium.chromium_path() is None
    with pytest.raises(StackError, match="There is no Chromium here: install one"):
        chromium.ensured_chromium()
    program = tmp_path / "browsers/chromium-1200/chrome-linux/chrome"
    program.parent.mkdir(parents=True)
    program.write_text("")
    assert chromium.chromium_path() == program
    (tmp_path / "chromium").write_text("")
    (tmp_path / "chromium").chmod(0o755)
    assert chromium.chromium_path() == tmp_path / "chromium"


@pytest.mark.parametrize("process", OWN)
def test_a_process_sees_its_own_variables_and_nothing_from_the_machine(
    process: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLASSIAN_REVOKE_KEY", "from the shell")
    monkeypatch.setenv("SECRET_KEY_FILE", "/from/the/shell")
    monkeypatch.setenv("EDITOR", "vi")
    values = {name: f"ours {name}" for names in OWN.values() for name in names} | {"EXTRA": "1"}
    environment = environment_of(process, values)
    assert {name for name in values if name in environment} == {*OWN[process], "EXTRA"}
    assert "from the shell" not in environment.values()
    assert "SECRET_KEY_FILE" not in environment
    assert environment["EDITOR"] == "vi"
    assert environment["PORTAL_PROCESS"] == process


def test_a_busy_port_gives_one_sentence_and_starts_nothing(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-u", "-c", LISTENER], stdout=subprocess.PIPE, text=True) as listener:
        assert listener.stdout is not None
        port = int(listener.stdout.readline())
        assert not is_free(port)
        answer = subprocess.run(
            [sys.executable, "-m", "devstack", "demo", "--state", str(tmp_path / "state")],
            cwd=CHECKOUT,
            env={"PATH": "/usr/bin:/bin:/usr/sbin", "PORT": "0", "SANDBOX_PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
        )
        listener.kill()
    assert answer.returncode == 1
    assert answer.stderr == (
        f"Port {port} is busy: free it, or choose another with SANDBOX_PORT, e.g. SANDBOX_PORT={port + 1}.\n"
    )
    State(tmp_path / "state").remove()


LISTENER = f"""
import socket, time
listener = socket.create_server(("{HOST}", 0))
print(listener.getsockname()[1])
time.sleep(60)
"""


def test_a_free_port_is_the_preferred_one_when_that_is_free() -> None:
    port = free_port()
    assert free_port(port) == port
