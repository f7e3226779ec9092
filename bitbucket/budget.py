"""What the transport asks before it spends a request."""

from typing import Protocol

# https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/
REQUESTS_PER_ROLLING_HOUR = 1000


class Budget(Protocol):
    """Counts requests per host and principal. A module with such a function serves as well as an object."""

    def spend(self, host: str, principal: str, limit_per_hour: int, reserve: int = 0, /) -> bool:
        """Take one request out of the rolling hour, or say that only `reserve` are left."""
        ...
