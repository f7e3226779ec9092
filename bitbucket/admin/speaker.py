"""How every call to the organisation's APIs is made."""

from urllib.parse import parse_qs, urlsplit

from bitbucket.credentials import Bearer
from bitbucket.fields import Fields
from bitbucket.limits import RateLimits
from bitbucket.pages import successful
from bitbucket.protocol import Answer, Request, json_from_answer, next_request, path
from bitbucket.transport import Transport


class Speaker:
    """Sends requests with an organisation's API key.

    Args:
        transport: below `https://api.atlassian.com`.
        key: the organisation's API key.
    """

    def __init__(self, transport: Transport, key: Bearer) -> None:
        self._transport = transport
        self._key = key

    @property
    def last_limits(self) -> RateLimits | None:
        """The limit as the vendor last told it to this client; None where it never did."""
        return self._transport.last_limits

    @property
    def requests_sent(self) -> int:
        """How many requests this client's transport has sent so far."""
        return self._transport.requests_sent

    def _request(self, operation: str, method: str, where: str) -> Request:
        return Request(operation, method, where, credential=self._key)

    def _get(self, operation: str, where: str) -> Answer:
        return successful(self._transport, self._request(operation, "GET", where))

    def _one(self, operation: str, where: str) -> Fields:
        answer = self._get(operation, where)
        return Fields(answer, json_from_answer(answer))


def managed_path(account_id: str, *more: str) -> str:
    """The path of something of a managed account."""
    return path("users", account_id, "manage", *more)


def is_bare_cursor(link: object) -> bool:
    """Whether what stands where a link should is the cursor itself."""
    return isinstance(link, str) and bool(link) and not link.startswith(("http:", "https:", "/", "?"))


def cursor_of_link(base_url: str, answer: Answer, link: object) -> str:
    """The cursor inside a link to a following page, empty where there is none.

    Raises:
        BadAnswer: the link leads to another address than the configured one.
    """
    checked = next_request(base_url, answer, link)
    return parse_qs(urlsplit("?" + checked.query).query).get("cursor", [""])[0] if checked else ""
