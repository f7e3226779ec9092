"""A requests session that can be trusted with a secret; also for libraries that make calls of their own."""

import http.cookiejar
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from bitbucket.connections import WATCHED_POOLS
from bitbucket.watchdog import Watchdog, watching

CONNECT_SECONDS = 3.05
READ_SECONDS = 10.0
DEADLINE_SECONDS = 15.0
MAX_BYTES = 5 * 1024 * 1024
USER_AGENT = "bitbucket-credential-portal"


class AnswerTooLarge(requests.RequestException):
    """More arrived than a call may receive."""


class WatchedAdapter(HTTPAdapter):
    """Reads every answer whole, inside the deadline and the size limit. Fits any requests session.

    Args:
        deadline_seconds: for a whole call, unless an outer `watching()` says otherwise.
    """

    def __init__(self, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        self._deadline_seconds = deadline_seconds
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Let every pool use watched connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = WATCHED_POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """The same for connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = WATCHED_POOLS
        return manager

    def send(  # noqa: PLR0913, RUF100 - requests' own signature
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send one request and read its answer.

        Raises:
            requests.Timeout: the deadline or a read ran out.
            AnswerTooLarge: the size limit.
            requests.RequestException: anything else.
        """
        with watching(self._deadline_seconds, MAX_BYTES) as watchdog:
            try:
                response = super().send(
                    request, True, timeout or (CONNECT_SECONDS, READ_SECONDS), verify, cert, proxies
                )
                body = _whole_body(response)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                failure = _failure(error, watchdog)
            else:
                response._content = body
                response._content_consumed = True  # type: ignore[attr-defined]  # what reading it would set
                return response
        raise failure


def _whole_body(response: requests.Response) -> bytes:
    parts = bytearray()
    try:
        for part in response.raw.stream(65536, decode_content=True):
            parts += part
            if len(parts) > MAX_BYTES:
                raise AnswerTooLarge("the answer is larger than allowed")
    except BaseException:
        response.close()
        raise
    return bytes(parts)


def _failure(error: Exception, watchdog: Watchdog) -> requests.RequestException:
    # A fresh exception: the library's own ones hold the request with all its headers.
    if watchdog.is_overfed or isinstance(error, AnswerTooLarge):
        return AnswerTooLarge("the answer is larger than allowed")
    if watchdog.is_expired or isinstance(error, requests.Timeout | TimeoutError | urllib3.exceptions.TimeoutError):
        return requests.Timeout("no complete answer in time")
    if isinstance(error, requests.exceptions.SSLError | urllib3.exceptions.SSLError):
        return requests.exceptions.SSLError("no trusted TLS connection")
    if isinstance(error, requests.exceptions.ProxyError):
        return requests.exceptions.ProxyError("the proxy gave no connection")
    if isinstance(error, ValueError):
        return requests.exceptions.InvalidURL("the request could not be built")
    return requests.ConnectionError("the connection failed or broke")


class SafeSession(requests.Session):
    """A requests session that reads no environment, follows no redirect and keeps no cookie."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Never anywhere: a redirect would carry the credential to a place nobody configured."""
        return None


def safe_session(proxy: str = "", ca_bundle: str = "", *, deadline_seconds: float = DEADLINE_SECONDS) -> SafeSession:
    """A session for calls that other libraries make (the sign-in), under the same rules as our own.

    Args:
        proxy: URL of the outbound proxy, or empty for none.
        ca_bundle: path of the trusted certificates, or empty for the built-in ones.
        deadline_seconds: for each whole call.

    Raises:
        ValueError: the bundle does not exist.
    """
    if ca_bundle and not Path(ca_bundle).exists():
        message = f"CA_BUNDLE names no file: {ca_bundle}"
        raise ValueError(message)
    made = SafeSession()
    made.trust_env = False
    made.proxies = {"http": proxy, "https": proxy} if proxy else {}
    made.verify = ca_bundle or True
    made.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    made.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "identity"})
    for scheme in ("http://", "https://"):
        made.mount(scheme, WatchedAdapter(deadline_seconds))
    return made
