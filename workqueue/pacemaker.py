"""Every worker rings for the sweeper itself, so that work goes on while beat is dead."""

import threading
import time
from typing import Any

from workqueue.doorbell import publish
from workqueue.tempo import sweep_seconds

SWEEP_TASK = "workqueue.sweep"


def start_pacemaker(sender: Any, **_: Any) -> None:
    """Start a thread in a worker's main process that asks for a sweep on each queue the worker reads.

    The thread only publishes: a database connection opened here would be copied into each child forked later.

    Args:
        sender: the worker's consumer.
    """
    queues = sorted(sender.app.amqp.queues.consume_from)
    threading.Thread(target=_beat, args=(queues,), name="pacemaker", daemon=True).start()


def _beat(queues: list[str]) -> None:
    pause = sweep_seconds()
    while True:
        for queue in queues:
            publish(SWEEP_TASK, queue=queue, expires=pause)
        time.sleep(pause)
