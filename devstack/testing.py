"""`make test`: pytest beside real servers, with a browser. `make faults`: what kills processes and takes minutes."""

import os
import sys
import time
from collections.abc import Sequence

from devstack.chromium import ensured_chromium
from devstack.errors import StackError
from devstack.services import run_beside_servers

_NOTHING_CHOSEN = 5  # pytest's own code
_WAITING = ["tests/workqueue", "tests/devstack", "tests/bitbucket"]
# What takes its turn after that, so that all runs end at about the same time.
_AFTERWARDS = ["tests/tokens/catalogue", "tests/accounts"]
_INVENTORY = [
    *(f"tests/tokens/{name}" for name in ("inventory", "inventory_list", "findings", "places", "overview", "setup")),
    "tests/sandbox",
    "tests/contract",
]
# They take minutes and break what they run on: `make faults` runs them, `make test` never does.
_FAULTS = "tests/faults"
_QUICK = "not e2e and not faults"
_KILLS = [f"{_FAULTS}/test_kills.py"]
_OUTAGES = [f"{_FAULTS}/test_{name}.py" for name in ("network", "postgres_away", "reading")]
_KEYS = [f"{_FAULTS}/test_keys.py"]
_LEAVERS = [f"{_FAULTS}/test_{name}.py" for name in ("offboarding", "offboarding_network", "offboarding_postgres")]
_NO_BROWSER = "WITHOUT A BROWSER: the story and every other browser test were left out."


def test(arguments: Sequence[str]) -> int:
    """Run pytest.

    Args:
        arguments: passed on to it.

    Returns:
        Its exit code.

    Raises:
        StackError: a server could not be started.
    """
    began = time.monotonic()
    missing = _browser_missing()
    pytest = [sys.executable, "-m", "pytest", *arguments]
    runs = [[*pytest, "-m", _QUICK]] if arguments else _shares(pytest)
    if not missing:
        # A run of its own: the browser's event loop lives as long as the run, and Django refuses to work beside
        # one. At the same time, because each leaves a core idle for much of it.
        runs.append([*pytest, "-m", "e2e"])
    code = _together(run_beside_servers(*runs), may_be_none=bool(arguments))
    if missing:
        print(f"{_NO_BROWSER} {missing}", file=sys.stderr)
    print(f"Tests took {time.monotonic() - began:.0f} seconds.")
    return code


def faults(arguments: Sequence[str]) -> int:
    """Run the fault tests: real processes, signals, outages.

    `FAULTS_REAL_TIMES=1` leaves leases, sweeps and outages as long as in production, and kills a thousand times.

    Args:
        arguments: passed on to pytest; which tests, where not all.

    Returns:
        Its exit code.

    Raises:
        StackError: a server could not be started.
    """
    began = time.monotonic()
    pytest = [sys.executable, "-m", "pytest", "-m", "faults"]
    # Four parts at the same time: each mostly waits, for a lease to end or a server to come back.
    parts = (_KILLS, [*_OUTAGES, *_KEYS], _LEAVERS)
    rest = [_FAULTS, *(f"--ignore={module}" for part in parts for module in part)]
    runs = [[*pytest, *arguments]] if arguments else [[*pytest, *chosen] for chosen in (rest, *parts)]
    code = _together(run_beside_servers(*runs), may_be_none=False)
    print(f"Fault tests took {time.monotonic() - began:.0f} seconds.")
    return code


def _shares(pytest: list[str]) -> list[list[str]]:
    """What mostly waits for processes and servers, the inventory, and all the rest: more runs than cores, because each
    leaves its core idle now and then."""
    waiting = [*_WAITING, *_AFTERWARDS]
    rest = [f"--ignore={folder}" for folder in (*waiting, *_INVENTORY, _FAULTS)]
    return [[*pytest, "-m", _QUICK, *chosen] for chosen in (rest, waiting, _INVENTORY)]


def _together(codes: list[int], *, may_be_none: bool) -> int:
    """A choice of tests may hold only one sort of them; none at all is still nothing."""
    chosen = [code for code in codes if not (may_be_none and code == _NOTHING_CHOSEN)]
    return max(chosen) if chosen else _NOTHING_CHOSEN


def _browser_missing() -> str:
    try:
        os.environ["CHROMIUM"] = str(ensured_chromium())
    except StackError as error:
        print(error, file=sys.stderr)
        return str(error)
    return ""
