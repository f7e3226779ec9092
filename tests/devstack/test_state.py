"""One run at a time holds a state directory, and what a killed one leaves is swept away."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from devstack import state as state_module
from devstack.home import CHECKOUT
from devstack.keep import keep_number, kept_number, kept_secret
from devstack.state import InUseError, State

HOLDER = "import sys, time; from pathlib import Path; from devstack.state import State\n"
HOLDER += "state = State(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"


def holder(path: Path) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], cwd=CHECKOUT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    process.stdout.close()
    return process


def test_a_second_run_is_told_in_one_sentence(tmp_path: Path) -> None:
    process = holder(tmp_path / "state")
    with pytest.raises(InUseError, match=r"Another run already uses .*: stop it first"):
        State(tmp_path / "state", patience_seconds=0)
    process.kill()
    process.wait()
    State(tmp_path / "state", patience_seconds=0).release()


def test_a_run_waits_for_one_that_is_leaving(tmp_path: Path) -> None:
    leaving = State(tmp_path / "state")
    leaving.say_leaving()
    timer = threading.Timer(0.5, leaving.release)
    timer.start()
    began = time.monotonic()
    State(tmp_path / "state", patience_seconds=0).release()
    assert time.monotonic() - began >= 0.4
    timer.join()


def test_a_removed_directory_is_not_held_through_its_deleted_lock(tmp_path: Path) -> None:
    first = State(tmp_path / "state")
    first.remove()
    second = State(tmp_path / "state")
    with pytest.raises(InUseError):
        State(tmp_path / "state", patience_seconds=0)
    second.release()


def test_an_ephemeral_directory_of_a_killed_run_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "MACHINERY", tmp_path)
    monkeypatch.setattr(state_module, "EPHEMERAL", tmp_path / "tmp")
    (tmp_path / "tmp").mkdir()
    killed, living = holder(tmp_path / "tmp" / "killed"), holder(tmp_path / "tmp" / "living")
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    fresh = State.ephemeral()
    assert {path.name for path in (tmp_path / "tmp").iterdir()} == {"living", fresh.path.name}
    fresh.remove()
    living.kill()
    living.wait()


def test_generated_secrets_stay_the_same_and_are_ours_alone(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "secret")
    assert kept_secret(tmp_path / "secret") == first
    assert kept_secret(tmp_path / "other") != first
    assert len(first) == 64
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_kept_number_survives_and_a_spoilt_one_is_none(tmp_path: Path) -> None:
    assert kept_number(tmp_path / "port") == 0
    keep_number(tmp_path / "port", 5432)
    assert kept_number(tmp_path / "port") == 5432
    (tmp_path / "port").write_text("?")
    assert kept_number(tmp_path / "port") == 0
