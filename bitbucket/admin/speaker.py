"""How every call to the organisation's APIs is made."""

from urllib.parse import parse_qs, urlsplit

from bitbucket.client import Client
from bitbucket.credentials import Bearer
from bitbucket.fields import Fields
from bitbucket.pages import successful
from bitbucket.protocol import Answer, Request, json_from_answer, next_request, path
from bitbucket.transport import Transport


class Speaker(Client):
    """Sends requests with an organisation's API key.

    Args:
        transport: below `https://api.atlassian.com`.
        key: the organisation's API key.
    """

    def __init__(self, transport: Transport, key: Bearer) -> None:
        super().__init__(transport)
        self._key = key

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
