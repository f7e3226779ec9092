"""Everything that can go wrong with a call, sorted by what the caller has to do about it.

RemoteError
  Transient             try again later; the outcome of a change is unknown until it is read again
    RateLimited         the vendor's limit;  BudgetSpent: our own, nothing was sent
    ServerDown          5xx, no connection, no TLS
    TimedOut            the deadline or a read ran out
    BadAnswer           an answer that cannot be what was asked for
  Permanent             the same call will fail again
    Unauthorized        the credential is not (or no longer) good
    MissingScope        the credential is good and lacks a scope
    AuthMethodRefused   the endpoint does not take this kind of credential
    Forbidden           this object is not open to this account
    NotFound            not there, or not for us: proves nothing
    Gone                the vendor removed the endpoint
    Invalid             the vendor (or we) found the request wrong
"""


class RemoteError(Exception):
    """A call that gave no usable answer. Its text holds no header and no secret.

    Args:
        operation: what was tried, e.g. `cloud.current_user`.
        status: the HTTP status, or None when there was no answer.
        detail: masked and trimmed words for the log and for people.
    """

    words = "the call failed"

    def __init__(self, operation: str, status: int | None, detail: str = "") -> None:
        super().__init__(operation, status, detail)
        self.operation = operation
        self.status = status
        self.detail = detail

    def __str__(self) -> str:
        number = "" if self.status is None else f" (HTTP {self.status})"
        return f"{self.operation}: {self.words}{number}" + (f": {self.detail}" if self.detail else "")


class Transient(RemoteError):
    """Worth another try. `retry_after_seconds` is the vendor's wish, unclamped, or None."""

    def __init__(
        self,
        operation: str,
        status: int | None,
        detail: str = "",
        *,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(operation, status, detail)
        self.retry_after_seconds = retry_after_seconds


class RateLimited(Transient):
    """The vendor counts us out (429)."""

    words = "too many requests"


class BudgetSpent(RateLimited):
    """Our own hourly budget is used up; nothing was sent."""

    words = "the hourly budget is spent"


class ServerDown(Transient):
    """5xx, or no connection at all."""

    words = "the service is not available"


class TimedOut(Transient):
    """No complete answer in time."""

    words = "no complete answer in time"


class BadAnswer(Transient):
    """An answer that cannot be read as what was asked for; never to be taken for "nothing found"."""

    words = "the answer could not be understood"


class Permanent(RemoteError):
    """The same call by the same credential will fail again."""


class Unauthorized(Permanent):
    """401: wrong, expired, revoked or of a disabled account."""

    words = "the credential was not accepted"


class MissingScope(Permanent):
    """403 for lack of a scope; both sets as the vendor named them, empty where it named none."""

    words = "the credential lacks a scope"

    def __init__(
        self,
        operation: str,
        status: int | None,
        detail: str = "",
        *,
        required: frozenset[str] = frozenset(),
        granted: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(operation, status, detail)
        self.required = required
        self.granted = granted


class AuthMethodRefused(Permanent):
    """403 because the endpoint does not take this kind of credential."""

    words = "this kind of credential is not accepted here"


class Forbidden(Permanent):
    """403 for this object."""

    words = "not allowed"


class NotFound(Permanent):
    """404. Also what an account sees that lost its right: it never proves absence."""

    words = "not found"


class Gone(Permanent):
    """410: the vendor removed the endpoint. `announcement_url` is https or empty."""

    words = "the endpoint was removed"

    def __init__(self, operation: str, status: int | None, detail: str = "", *, announcement_url: str = "") -> None:
        super().__init__(operation, status, detail)
        self.announcement_url = announcement_url


class Invalid(Permanent):
    """Any other 4xx, or a request that could not be built."""

    words = "the request was refused as invalid"
