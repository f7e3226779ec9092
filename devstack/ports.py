"""Ports on the loopback address."""

import errno
import socket

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Tell whether we could listen on a port of 127.0.0.1.

    Args:
        port: port number.
    """
    with socket.socket() as probe:
        # As every server here does, so that a connection still closing does not count as busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return not answers(port)


def answers(port: int) -> bool:
    """Tell whether something accepts connections on a port of 127.0.0.1.

    Args:
        port: port number.
    """
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((HOST, port)) == 0


def free_port(preferred: int = 0) -> int:
    """Find a port to listen on.

    Args:
        preferred: taken when it is free; 0 for none.

    Returns:
        The preferred port, or one the system calls free at this moment.
    """
    if preferred and is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
