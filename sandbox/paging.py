"""Bitbucket's pages: 10 to 100 values, `next` as a whole address, q and sort before that.

Source: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Request, Response

from sandbox.answers import Refusal, as_json, bitbucket_error
from sandbox.query import QueryError, field_of, predicate

SHORTEST, LONGEST = 10, 100
Item = TypeVar("Item")


def _number(request: Request, name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isdigit() or int(text) < 1:
        raise Refusal(bitbucket_error(400, f"Invalid {name}"))
    return int(text)


def page_of(
    request: Request, items: Sequence[Item], shape: Callable[[Item], dict[str, Any]], *, longest: int = LONGEST
) -> Response:
    """Answer with one page of items, at most `longest`; only the page's own items are shaped."""
    pagelen = max(SHORTEST, _number(request, "pagelen", SHORTEST))
    if pagelen > longest:
        raise Refusal(bitbucket_error(400, "Invalid pagelen"))
    page = _number(request, "page", 1)
    start = (page - 1) * pagelen
    body: dict[str, Any] = {"pagelen": pagelen, "page": page, "size": len(items)}
    body["values"] = [shape(item) for item in items[start : start + pagelen]]
    if start + pagelen < len(items):
        body["next"] = _address(request, page + 1, pagelen)
    if page > 1:
        body["previous"] = _address(request, page - 1, pagelen)
    return as_json(body)


def chosen(request: Request, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Apply the request's `q` and `sort`; raises Refusal (400) for a query that cannot be read."""
    if text := request.args.get("q"):
        try:
            test = predicate(text)
        except QueryError as error:
            raise Refusal(bitbucket_error(400, f"Invalid query: {error}")) from None
        records = [record for record in records if test(record)]
    if name := request.args.get("sort"):
        path = name.removeprefix("-")
        records = sorted(records, key=lambda one: str(field_of(one, path) or ""), reverse=name.startswith("-"))
    return records


def same(record: dict[str, Any]) -> dict[str, Any]:
    """Give a record that already has its shape; fields that begin with an underscore are for `q` only."""
    return {name: value for name, value in record.items() if not name.startswith("_")}


def _address(request: Request, page: int, pagelen: int) -> str:
    arguments: MultiDict[str, str] = MultiDict(request.args)
    arguments["page"], arguments["pagelen"] = str(page), str(pagelen)
    return iri_to_uri(request.base_url) + "?" + urlencode(list(arguments.items(multi=True)))
