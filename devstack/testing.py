"""`make test`: pytest beside real servers, with a browser."""

import os
import sys
import time
from collections.abc import Sequence

from devstack.chromium import ensured_chromium
from devstack.errors import StackError
from devstack.services import run_beside_servers

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
    choice = ["-m", "not e2e"] if missing else []
    code = run_beside_servers([sys.executable, "-m", "pytest", *choice, *arguments])
    if missing:
        print(f"{_NO_BROWSER} {missing}", file=sys.stderr)
    print(f"Tests took {time.monotonic() - began:.0f} seconds.")
    return code


def _browser_missing() -> str:
    try:
        os.environ["CHROMIUM"] = str(ensured_chromium())
    except StackError as error:
        print(error, file=sys.stderr)
        return str(error)
    return ""
