"""What every client of the vendor's has in common."""

from bitbucket.limits import RateLimits
from bitbucket.transport import Transport


class Client:
    """Sends through one transport, and tells what that has sent and heard.

    Args:
        transport: below the base URL of one of the vendor's APIs.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def last_limits(self) -> RateLimits | None:
        """The limit as the vendor last told it to this client; None where it never did."""
        return self._transport.last_limits

    @property
    def requests_sent(self) -> int:
        """How many requests this client's transport has sent so far."""
        return self._transport.requests_sent
