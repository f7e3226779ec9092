"""Walks a vendor's listing to its end, or says that it could not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from bitbucket.errors import BadAnswer
from bitbucket.failures import raise_for_failure
from bitbucket.fields import Fields
from bitbucket.protocol import Answer, Request, json_from_answer, next_request
from bitbucket.transport import Transport

MOST_PAGES = 10_000

NextPage = Callable[[str, Answer, Fields], Request | None]
Item = TypeVar("Item")


@dataclass(frozen=True)
class FirstPage(Generic[Item]):
    """The beginning of a listing, had with as many requests as were allowed; `has_more` where it goes on."""

    items: tuple[Item, ...]
    has_more: bool


def successful(transport: Transport, request: Request) -> Answer:
    """Send a request that must succeed.

    Raises:
        RemoteError: it did not.
    """
    answer = transport.send(request)
    raise_for_failure(answer)
    return answer


def pages(transport: Transport, request: Request, following: NextPage) -> Iterator[Fields]:
    """Every page from the given one to the last.

    Raises:
        RemoteError: a page could not be had; what was yielded before is not the whole listing.
    """
    for page, _ in walk(transport, request, following):
        yield page


def walk(transport: Transport, request: Request, following: NextPage) -> Iterator[tuple[Fields, bool]]:
    """Every page from the given one to the last, each with whether another one follows.

    An empty page is no end as long as it names a next one. A page that names one already seen would make an
    incomplete listing look complete, so it is an error; so is a walk without an end.

    Raises:
        RemoteError: a page could not be had; what was yielded before is not the whole listing.
    """
    seen: set[tuple[str, str]] = set()
    upcoming: Request | None = request
    while upcoming is not None:
        if (upcoming.path, upcoming.query) in seen or len(seen) >= MOST_PAGES:
            raise BadAnswer(request.operation, None, "its pages lead in a circle or have no end")
        seen.add((upcoming.path, upcoming.query))
        answer = successful(transport, upcoming)
        page = Fields(answer, json_from_answer(answer))
        upcoming = following(transport.base_url, answer, page)
        yield page, upcoming is not None


def next_by_link(base_url: str, answer: Answer, page: Fields) -> Request | None:
    """Bitbucket's way: `next` is an opaque URL, absent on the last page (REST introduction, "Pagination")."""
    return next_request(base_url, answer, page.anything("next"))
