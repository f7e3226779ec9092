"""Is it up? Asked of the processes themselves, over the network."""

import http.client

import celery
from kombu.exceptions import OperationalError

from devstack.ports import HOST

_TIMEOUT_SECONDS = 5.0


def answers_with(port: int, path: str, status: int = 200) -> bool:
    """Tell whether a server of ours answers a GET as it should.

    Args:
        port: its port on 127.0.0.1.
        path: what to ask for.
        status: the right answer's status.
    """
    connection = http.client.HTTPConnection(HOST, port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == status
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Roll:
    """Calls the workers' names and remembers who answered."""

    def __init__(self, redis_url: str) -> None:
        """Prepare to call over a broker.

        Args:
            redis_url: the broker.
        """
        options = {"socket_timeout": 2, "socket_connect_timeout": 2}
        self._app = celery.Celery("devstack", broker=redis_url, set_as_current=False)
        self._app.conf.update(broker_transport_options=options)
        self._present: set[str] = set()

    def is_present(self, name: str) -> bool:
        """Tell whether a worker consumes.

        Args:
            name: the part of its node name before the @.
        """
        if name not in self._present:
            self._call()
        return name in self._present

    def close(self) -> None:
        """Close the connections to the broker."""
        self._app.close()

    def _call(self) -> None:
        try:
            answers = self._app.control.ping(timeout=0.5)
        except OperationalError:
            return
        self._present.update(node.partition("@")[0] for answer in answers or () for node in answer)
