"""Ringing: one short message to Redis. Whether it arrives does not matter, only how long we try."""

import logging
import time
from dataclasses import dataclass

from celery import current_app
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerAway
from redis import RedisError

logger = logging.getLogger(__name__)

RUN_TASK = "workqueue.run"
SILENT_SECONDS = 5.0


@dataclass
class _Bell:
    """Remembers a failure for a while, so that a page that rings ten times waits for a dead Redis once."""

    silent_until: float = 0.0

    def is_silent(self) -> bool:
        return time.monotonic() < self.silent_until

    def fall_silent(self) -> None:
        self.silent_until = time.monotonic() + SILENT_SECONDS


_bell = _Bell()


def ring(job_id: int, queue: str, *, expires: float | None = None) -> bool:
    """Tell the workers of a queue that a job is due. Never raises because of Redis; the sweeper rings again.

    Args:
        job_id: the job's row.
        queue: the queue whose workers may run it.
        expires: seconds after which workers ignore the message; None for never.

    Returns:
        Whether Redis took the message.
    """
    return publish(RUN_TASK, args=(job_id,), queue=queue, expires=expires)


def publish(task: str, *, args: tuple[int, ...] = (), queue: str, expires: float | None = None) -> bool:
    """Send one message, bounded by the broker's socket timeouts and without a second try.

    Args:
        task: the task's name.
        args: row numbers only.
        queue: where to.
        expires: seconds after which workers ignore it; None for never.

    Returns:
        Whether Redis took it.
    """
    if _bell.is_silent():
        return False
    try:
        current_app.send_task(task, args=args, queue=queue, retry=False, ignore_result=True, expires=expires)
    except (BrokerAway, KombuError, RedisError, OSError) as error:
        _bell.fall_silent()
        logger.warning("The bell cannot be rung (%s); the sweeper will.", type(error).__name__)
        return False
    return True
