"""`python -m devstack …`: what the Makefile calls."""

import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType

from devstack.errors import StackError
from devstack.services import run_beside_servers


def _services(arguments: Sequence[str]) -> int:
    command = [*arguments[1:]] if arguments[:1] == ["--"] else [*arguments]
    if not command:
        raise StackError("Say which command to run: python -m devstack services -- COMMAND ARGUMENTS")
    return run_beside_servers(command)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "services": _services,
}


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


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
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    try:
        return command(arguments[1:])
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
