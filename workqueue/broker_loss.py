"""A worker that loses Redis while it holds messages has to live on."""

from typing import Any

from kombu.transport.redis import QoS


def leave_messages_behind(**_: Any) -> None:
    """Let a closing connection leave unanswered messages where they are; the sweeper rings for their rows anyway.

    kombu 5.7 puts them back through the very connection it is closing. With Redis away that raises an AttributeError,
    which Celery takes for unrecoverable: the worker ends, or hangs without reading its queue.
    """
    QoS.restore_at_shutdown = False
