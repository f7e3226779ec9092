"""`make test`: pytest beside real servers, with a browser."""

import os
import secrets
import sys
import time
from collections.abc import Sequence

from devstack.chromium import ensured_chromium
from devstack.errors import StackError
from devstack.services import run_beside_servers

_NOTHING_CHOSEN = 5  # pytest's own code
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
    os.environ.setdefault("SECRET_KEY", secrets.token_hex())
    missing = _browser_missing()
    code = run_beside_servers([sys.executable, "-m", "pytest", "-m", "not e2e", *arguments])
    if not missing:
        # A run of its own: the browser's event loop lives as long as the run, and Django refuses to work beside one.
        browsing = run_beside_servers([sys.executable, "-m", "pytest", "-m", "e2e", *arguments])
        code = _both(code, browsing) if arguments else code or browsing
    if missing:
        print(f"{_NO_BROWSER} {missing}", file=sys.stderr)
    print(f"Tests took {time.monotonic() - began:.0f} seconds.")
    return code


def _both(first: int, second: int) -> int:
    """A choice of tests may hold only one sort of them; none at all is still nothing."""
    codes = [code for code in (first, second) if code != _NOTHING_CHOSEN]
    return max(codes) if codes else _NOTHING_CHOSEN


def _browser_missing() -> str:
    try:
        os.environ["CHROMIUM"] = str(ensured_chromium())
    except StackError as error:
        print(error, file=sys.stderr)
        return str(error)
    return ""
