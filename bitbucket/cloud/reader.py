"""How every call to Bitbucket Cloud is made: one object, one page, all pages, something new, a deletion."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from bitbucket.client import Client
from bitbucket.credentials import Basic, Credential
from bitbucket.fields import Fields
from bitbucket.pages import FirstPage, Item, next_by_link, pages, successful, walk
from bitbucket.protocol import Request, expect_no_content, json_from_answer, path, query
from bitbucket.transport import Transport

PAGE_LENGTH = 100


class Reader(Client):
    """Sends requests as one account.

    Args:
        transport: below the API's base URL, `/2.0` included.
        credential: who asks.
    """

    def __init__(self, transport: Transport, credential: Credential) -> None:
        super().__init__(transport)
        self._credential = credential

    @property
    def speaks_for_account(self) -> bool:
        """Whether an account asks, which has a role in a workspace; access tokens have none."""
        return isinstance(self._credential, Basic)

    def _get(self, operation: str, where: str, **parameters: str | int) -> Request:
        return Request(operation, "GET", where, query(**parameters), self._credential)

    def _one(self, operation: str, where: str) -> Fields:
        answer = successful(self._transport, self._get(operation, where))
        return Fields(answer, json_from_answer(answer))

    def _first(self, operation: str, where: str, parsed: Callable[[Fields], Item]) -> FirstPage[Item]:
        return self._some(operation, where, parsed, pages_at_most=1)

    def _some(
        self,
        operation: str,
        where: str,
        parsed: Callable[[Fields], Item],
        *,
        pages_at_most: int,
        **parameters: str,
    ) -> FirstPage[Item]:
        first = self._get(operation, where, **({"pagelen": str(PAGE_LENGTH)} | parameters))
        had = list(islice(walk(self._transport, first, next_by_link), max(pages_at_most, 1)))
        items = tuple(parsed(item) for page, _ in had for item in page.objects("values"))
        return FirstPage(items, has_more=had[-1][1])

    def _all(self, operation: str, where: str, **parameters: str) -> Iterator[Fields]:
        first = self._get(operation, where, pagelen=PAGE_LENGTH, **parameters)
        for page in pages(self._transport, first, next_by_link):
            yield from page.objects("values")

    def _add(self, operation: str, where: str, payload: Mapping[str, object]) -> Fields:
        """Make something; what is made is the answer."""
        request = Request(operation, "POST", where, credential=self._credential, payload=payload)
        answer = successful(self._transport, request)
        return Fields(answer, json_from_answer(answer))

    def _is_private(self, operation: str, where: str) -> bool | None:
        """Whether something that the caller can read is private; None where the answer does not tell."""
        found = self._one(operation, where)
        found.text("uuid")  # an answer about nothing is no answer
        told = found.anything("is_private")
        return told if isinstance(told, bool) else None

    def _delete(self, operation: str, where: str) -> None:
        request = Request(operation, "DELETE", where, credential=self._credential)
        expect_no_content(successful(self._transport, request))


def repository_path(workspace: str, repository: str, *more: str) -> str:
    """The path of something in a repository."""
    return path("repositories", workspace, repository, *more)


def project_path(workspace: str, key: str, *more: str) -> str:
    """The path of something in a project."""
    return path("workspaces", workspace, "projects", key, *more)


def quoted(text: str) -> str:
    """A text inside a filter (`q`): nothing in it can end it early."""
    return '"{}"'.format(text.replace("\\", "").replace('"', ""))
