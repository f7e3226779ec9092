"""The id of the request (or job) that is being answered, so that an event can name it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("audit_request_id", default="")


def current_request_id() -> str:
    """The id of what is being answered right now; empty outside a request."""
    return _request_id.get()


@contextmanager
def request_id_scope(request_id: str) -> Iterator[None]:
    """Let every event recorded inside the block carry this id.

    Args:
        request_id: at most 64 characters; no personal data.
    """
    token = _request_id.set(request_id[:64])
    try:
        yield
    finally:
        _request_id.reset(token)
