"""`python -m devstack …`: what the Makefile calls."""

import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType

from devstack.chromium import ensured_chromium
from devstack.demo import clean, demo, reset
from devstack.errors import StackError
from devstack.services import run_beside_servers
from devstack.story import screenshots, story
from devstack.testing import faults, test


def _services(arguments: Sequence[str]) -> int:
    command = [*arguments[1:]] if arguments[:1] == ["--"] else [*arguments]
    if not command:
        raise StackError("Say which command to run: python -m devstack services -- COMMAND ARGUMENTS")
    return run_beside_servers(command)[0]


def _chromium(_arguments: Sequence[str]) -> int:
    print(ensured_chromium())
    return 0


_REQUESTS_TO_LEAVE = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": demo,
    "demo-reset": reset,
    "clean": clean,
    "test": test,
    "faults": faults,
    "story": story,
    "screenshots": screenshots,
    "chromium": _chromium,
    "services": _services,
}


def _leave(_number: int, _frame: FrameType | None) -> None:
    # Once is enough: whoever presses Ctrl-C again must not interrupt the tidying up.
    for number in _REQUESTS_TO_LEAVE:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _listen() -> None:
    for number in _REQUESTS_TO_LEAVE:
        # nohup means: stay. An interrupt is heard even where a script put us into the background.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _leave)


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: the command's name and its arguments.

    Returns:
        The exit code: 2 for an unknown command, 1 for what a sentence on standard error explains.
    """
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        print(f"python -m devstack {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    _listen()
    try:
        return command(arguments[1:])
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
