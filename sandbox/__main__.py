"""`python -m sandbox`: serve on 127.0.0.1, or print what the portal needs."""

import signal
import sys
from types import FrameType

from sandbox.environment import environment_for
from sandbox.options import options_from, parser
from sandbox.server import HOST, RunningSandbox
from sandbox.store import StateMismatchError


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Run the command line; gives the exit status."""
    arguments = parser().parse_args()
    options = options_from(arguments)
    if arguments.print_environment:
        for name, value in environment_for(options, f"http://{HOST}:{arguments.port}").items():
            print(f"{name}={value}")
        return 0
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        running = RunningSandbox(options, arguments.port, verbose=arguments.verbose)
    except (OSError, SystemExit, StateMismatchError) as error:
        print(f"The sandbox cannot start on port {arguments.port}: {error}", file=sys.stderr)
        return 1
    print(f"Sandbox on {running.url} (not Bitbucket; loopback only)", flush=True)
    with running:
        try:
            running.serve()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
