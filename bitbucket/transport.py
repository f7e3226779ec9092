"""The one place where bytes leave: below one base URL, inside one deadline, one size limit and one budget."""

import json
import logging
import time
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import requests

from bitbucket.budget import REQUESTS_PER_ROLLING_HOUR, Budget
from bitbucket.errors import BadAnswer, BudgetSpent, RemoteError, ServerDown, TimedOut
from bitbucket.limits import RateLimits, limits_from_answer
from bitbucket.masking import excerpt
from bitbucket.protocol import Answer, Request, checked_base_url, refuse_unbuildable, url_of
from bitbucket.session import DEADLINE_SECONDS, MAX_BYTES, AnswerTooLarge, safe_session
from bitbucket.watchdog import watching

logger = logging.getLogger(__name__)


class Transport:
    """Sends requests below one base URL.

    `requests_sent` counts them; `last_limits` is the vendor's limit as an answer last told it, None where none did.

    Args:
        base_url: e.g. `https://api.bitbucket.org/2.0`; everything goes there and nowhere else.
        proxy: URL of the outbound proxy, or empty.
        ca_bundle: path of the trusted certificates, or empty for the built-in ones.
        deadline_seconds: for each whole call.
        budget: asked before each request, or None to count nothing.
        principal: whose budget is spent: an account, a bot, an organisation; never a secret.
        limit_per_hour: the budget's size in requests.
        reserve: what this user of the budget must leave to others.

    Raises:
        ValueError: the base URL or the CA bundle is unusable.
    """

    def __init__(  # noqa: PLR0913, RUF100 - each is one setting
        self,
        base_url: str,
        *,
        proxy: str = "",
        ca_bundle: str = "",
        deadline_seconds: float = DEADLINE_SECONDS,
        budget: Budget | None = None,
        principal: str = "",
        limit_per_hour: int = REQUESTS_PER_ROLLING_HOUR,
        reserve: int = 0,
    ) -> None:
        self.base_url = checked_base_url(base_url)
        self._session = safe_session(proxy, ca_bundle, deadline_seconds=deadline_seconds)
        self._deadline_seconds = deadline_seconds
        self._budget, self._principal = budget, principal
        self._limit_per_hour, self._reserve = limit_per_hour, reserve
        self.requests_sent = 0
        self.last_limits: RateLimits | None = None

    def send(self, request: Request, *, deadline_seconds: float | None = None) -> Answer:
        """Send a request and return the answer, whatever its status.

        Args:
            request: what to ask.
            deadline_seconds: another deadline for this call.

        Raises:
            Transient: no (complete) answer, or the budget is spent.
            Invalid: the request could not be built.
        """
        self._spend(request)
        started = time.monotonic()
        outcome = self._exchange(request, deadline_seconds or self._deadline_seconds)
        shown = outcome.status if isinstance(outcome, Answer) else type(outcome).__name__
        logger.info("%s %s in %d ms", request.operation, shown, (time.monotonic() - started) * 1000)
        if isinstance(outcome, RemoteError):
            raise outcome  # outside the except block: nothing of the library's exception hangs on it
        return outcome

    def _spend(self, request: Request) -> None:
        if self._budget is None:
            return
        host = urlsplit(self.base_url).hostname or ""
        if not self._budget.spend(host, self._principal, self._limit_per_hour, self._reserve):
            raise BudgetSpent(request.operation, None, "nothing was sent")

    def _exchange(self, request: Request, seconds: float) -> Answer | RemoteError:
        self.requests_sent += 1
        try:
            with watching(seconds, MAX_BYTES):
                response = self._session.request(
                    request.method,
                    url_of(self.base_url, request),
                    headers=_headers(request),
                    data=None if request.payload is None else json.dumps(request.payload).encode(),
                    allow_redirects=False,
                )
        except requests.RequestException as error:
            return _sorted(request, error)
        headers = {name.lower(): value for name, value in response.headers.items()}
        answer = Answer(request, response.status_code, headers, response.content)
        self.last_limits = limits_from_answer(answer) or self.last_limits
        return answer

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Transport({self.base_url!r})"


def _headers(request: Request) -> dict[str, str]:
    headers = {} if request.payload is None else {"Content-Type": "application/json"}
    if request.credential is not None:
        headers["Authorization"] = request.credential.header_value()
    return headers


def _sorted(request: Request, error: requests.RequestException) -> RemoteError:
    operation = request.operation
    if isinstance(error, AnswerTooLarge):
        return BadAnswer(operation, None, "it is larger than 5 MiB")
    if isinstance(error, requests.Timeout):
        return TimedOut(operation, None)
    if isinstance(error, ValueError):  # requests' word for URLs, headers and schemes it would not send
        return refuse_unbuildable(operation)
    secrets = request.credential.secrets() if request.credential else ()
    return ServerDown(operation, None, excerpt(str(error), secrets=secrets))
