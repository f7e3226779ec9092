"""What an earlier run left running is found and ended, and nothing else is."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devstack.children import Nursery, wait_until
from devstack.errors import StackError
from devstack.liveness import birth
from devstack.records import Records

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


def started(command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE)


def test_a_process_that_ended_but_was_not_reaped_counts_as_dead() -> None:
    process = started([sys.executable, "-c", ""])
    until = time.monotonic() + 10
    while birth(process.pid) is not None and time.monotonic() < until:
        time.sleep(0.02)
    assert process.returncode is None, "nobody has waited for it yet"
    assert birth(process.pid) is None
    process.communicate()


def test_leftovers_of_a_killed_run_are_ended_even_when_they_ignore_the_request(tmp_path: Path) -> None:
    process = started(STUBBORN)
    assert process.stdout is not None
    process.stdout.readline()
    Records(tmp_path / "processes.json").add("web", process.pid)
    assert Records(tmp_path / "processes.json").end_leftovers(patience_seconds=0.2) == ["web"]
    assert process.wait(10) == -signal.SIGKILL
    assert Records(tmp_path / "processes.json").living() == []
    process.stdout.close()


def test_a_stranger_who_got_the_same_process_id_is_left_alone(tmp_path: Path) -> None:
    process = started(SLEEPER)
    path = tmp_path / "processes.json"
    Records(path).add("web", process.pid)
    text = path.read_text().replace(f'"{birth(process.pid)}"', '"1"')
    path.write_text(text)
    assert Records(path).end_leftovers(patience_seconds=0.2) == []
    assert process.poll() is None
    process.kill()
    process.communicate()


def test_a_list_cut_short_by_a_crash_is_an_empty_list(tmp_path: Path) -> None:
    (tmp_path / "processes.json").write_text('[{"name": "we')
    assert Records(tmp_path / "processes.json").living() == []


def test_a_child_that_dies_is_named_with_its_last_words(tmp_path: Path) -> None:
    nursery = Nursery(Records(tmp_path / "processes.json"), tmp_path)
    child = nursery.start("web", [sys.executable, "-c", "raise SystemExit('no database today')"])
    with pytest.raises(StackError, match=r"(?s)web ended by itself.*no database today"):
        wait_until(lambda: False, child=child, seconds=20)
    with pytest.raises(StackError, match="web ended by itself"):
        nursery.raise_for_the_dead()
    nursery.end([child], patience_seconds=0)


def test_a_child_that_never_gets_ready_is_named(tmp_path: Path) -> None:
    nursery = Nursery(Records(tmp_path / "processes.json"), tmp_path)
    child = nursery.start("web", SLEEPER)
    with pytest.raises(StackError, match="web was not ready after 0 seconds"):
        wait_until(lambda: False, child=child, seconds=0.1)
    nursery.end([child], patience_seconds=5)
    assert birth(child.pid) is None


def test_the_end_takes_a_childs_own_children_along(tmp_path: Path) -> None:
    code = "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"
    code += "; print(p.pid, flush=True); time.sleep(60)"
    nursery = Nursery(Records(tmp_path / "processes.json"), tmp_path)
    child = nursery.start("worker", [sys.executable, "-c", code])
    wait_until(lambda: bool(child.last_lines()), child=child, seconds=20)
    grandchild = int(child.last_lines())
    assert birth(grandchild) is not None
    nursery.end([child], patience_seconds=5)
    until = time.monotonic() + 10
    while birth(grandchild) is not None and time.monotonic() < until:
        time.sleep(0.02)
    assert birth(grandchild) is None
    assert (tmp_path / "worker.log").stat().st_mode & 0o077 == 0
