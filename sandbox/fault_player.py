"""Plays a scripted fault: instead of the answer, or on the answer."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

from werkzeug.wrappers import Response

from sandbox.answers import as_json, as_text, bitbucket_error
from sandbox.context import Context
from sandbox.faults import Fault

_PAGE = "<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>"


def _status(fault: Fault) -> Response:
    if fault.status == 429:
        response = as_text(fault.body or "Rate limit for this resource has been exceeded", 429)
    elif fault.status >= 500:
        response = Response(fault.body or _PAGE, status=fault.status, content_type="text/html; charset=utf-8")
    else:
        response = bitbucket_error(fault.status, fault.body or "Scripted by the sandbox")
    if fault.retry_after is not None:
        response.headers["Retry-After"] = fault.retry_after
    return response


def _wait(fault: Fault) -> None:
    time.sleep(fault.milliseconds / 1000)


def _closed_without_answer(fault: Fault, context: Context) -> Response:
    def drop(connection: socket.socket) -> bytes:
        """Close without a byte; the server sends no headers before the first piece of a body."""
        _wait(fault)
        connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionResetError

    return Response(map(drop, [context.request.environ["werkzeug.socket"]]), direct_passthrough=True)


def _cut(body: bytes, promised: int, content_type: str = "application/json") -> Response:
    """Promise more bytes than are sent; the server then closes the connection."""
    response = Response(iter([body]), content_type=content_type, direct_passthrough=True)
    response.headers["Content-Length"] = str(promised)
    response.headers["Connection"] = "close"
    return response


def _latency(fault: Fault, context: Context) -> None:
    _wait(fault)


def _lost_admin(fault: Fault, context: Context) -> Response:
    if context.route.area == "admin":
        return as_json({"key": "notFound"}, 404)
    return bitbucket_error(404, "Resource not found")


def _lever(fault: Fault, context: Context) -> Response | None:
    """Change something between two requests of a client that pages: over HTTP, as a person beside it would."""
    connection = http.client.HTTPConnection(context.request.host, timeout=5)
    try:
        headers = {"Content-Type": "application/json"}
        connection.request("POST" if fault.body else "DELETE", fault.url, fault.body or None, headers)
        answer = connection.getresponse()
        words = answer.read().decode()
    finally:
        connection.close()
    return None if answer.status < 300 else bitbucket_error(500, f"The lever {fault.url} does not move: {words}")


def _empty_page(fault: Fault, context: Context) -> Response | None:
    if "sandbox_seen" in context.request.args:
        return None
    joint = "&" if context.request.query_string else "?"
    following = f"{context.request.url}{joint}sandbox_seen=1"
    if context.route.area == "admin":
        return as_json({"data": [], "links": {"self": context.request.url, "next": following}})
    return as_json({"values": [], "pagelen": 10, "next": following})


def _endless(fault: Fault, context: Context) -> Response:
    def body() -> Iterator[bytes]:
        while True:
            yield b" " * 65_536

    return Response(body(), content_type="application/json", direct_passthrough=True)


_INSTEAD: dict[str, Callable[[Fault, Context], Response | None]] = {
    "latency": _latency,
    "status": lambda fault, context: _status(fault),
    "html": lambda fault, context: Response(_PAGE, content_type="text/html; charset=utf-8"),
    "empty": lambda fault, context: Response("", content_type="application/json"),
    "malformed": lambda fault, context: Response('{"values": [', content_type="application/json"),
    "wrong_types": lambda fault, context: as_json([1, 2, 3]),
    "hang": _closed_without_answer,
    "keep": lambda fault, context: Response(status=204),
    "lost_admin": _lost_admin,
    "redirect": lambda fault, context: Response(status=302, headers={"Location": fault.url}),
    "empty_page": _empty_page,
    "lever": _lever,
    "endless": _endless,
}


def before(fault: Fault, context: Context) -> Response | None:
    """Give the answer that is played instead of the real one; None when the real one is still wanted."""
    play = _INSTEAD.get(fault.kind)
    return play(fault, context) if play else None


def _truncated(fault: Fault, context: Context, response: Response) -> Response:
    body = response.get_data()
    return _cut(body[: len(body) // 2], len(body), response.content_type or "")


def _drip(fault: Fault, context: Context, response: Response) -> Response:
    body = response.get_data()

    def slowly() -> Iterator[bytes]:
        for byte in body:
            _wait(fault)
            yield bytes([byte])

    response.response = slowly()
    response.direct_passthrough = True
    return response


def _edited(response: Response, edit: Callable[[dict[str, Any]], None]) -> Response:
    if not response.is_json:
        return response
    body = json.loads(response.get_data())
    if isinstance(body, dict):
        edit(body)
    response.set_data(json.dumps(body))
    return response


def _no_values(fault: Fault, context: Context, response: Response) -> Response:
    def edit(body: dict[str, Any]) -> None:
        body.pop("values", None)
        body.pop("data", None)

    return _edited(response, edit)


def _replaced(values: Callable[[list[Any]], list[Any]]) -> Callable[[Fault, Context, Response], Response]:
    def play(fault: Fault, context: Context, response: Response) -> Response:
        def edit(body: dict[str, Any]) -> None:
            name = "data" if "data" in body else "values"
            body[name] = values(body.get(name, []))

        return _edited(response, edit)

    return play


def _with_next(address: Callable[[Fault, Context], str]) -> Callable[[Fault, Context, Response], Response]:
    def play(fault: Fault, context: Context, response: Response) -> Response:
        def edit(body: dict[str, Any]) -> None:
            (body["links"] if "data" in body else body)["next"] = address(fault, context)

        return _edited(response, edit)

    return play


_ON_ANSWER: dict[str, Callable[[Fault, Context, Response], Response]] = {
    "truncated": _truncated,
    "drip": _drip,
    "no_values": _no_values,
    "odd_values": _replaced(lambda values: [1, "two", None]),
    "bare_values": _replaced(lambda values: [{} for _ in values]),
    "foreign_next": _with_next(lambda fault, context: fault.url),
    "repeat_next": _with_next(lambda fault, context: context.request.url),
    "done_then_status": lambda fault, context, response: _status(fault),
}


def after(fault: Fault, context: Context, response: Response) -> Response:
    """Give the real answer as the fault leaves it."""
    play = _ON_ANSWER.get(fault.kind)
    return play(fault, context, response) if play else response
