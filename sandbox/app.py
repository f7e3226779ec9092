"""The WSGI application: finds the route, plays scripted faults, lets the area's guard answer, counts."""

import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from sandbox import admin_guard, control, rest_guard
from sandbox.answers import Refusal, as_json, as_text, bitbucket_error
from sandbox.context import Context, Route
from sandbox.credentials import label_of
from sandbox.fault_player import after, before
from sandbox.routes import ROUTES
from sandbox.world import World

_LOOPBACK = {"127.0.0.1", "localhost"}
_SLOWED = {"rest", "admin", "git", "oauth"}


def _plain(context: Context, arguments: dict[str, Any]) -> Response:
    try:
        return context.route.handler(context, **arguments)
    except Refusal as refusal:
        return refusal.response


_GUARDS: dict[str, Callable[[Context, dict[str, Any]], Response]] = {
    "rest": rest_guard.serve,
    "admin": admin_guard.serve,
    "control": control.serve,
    "oauth": _plain,
    "git": _plain,
    "web": _plain,
}


@cache
def _url_map() -> Map:
    """Build the map of all addresses once: compiling it takes longer than everything else at a start."""
    rules = [
        Rule(one.path, endpoint=one, methods=None if one.method == "*" else [one.method], strict_slashes=False)
        for one in ROUTES
    ]
    return Map(rules, merge_slashes=False)


class Sandbox:
    """One organisation served over HTTP."""

    def __init__(self, world: World) -> None:
        """Serve this world."""
        self.world = world
        self._urls = _url_map()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        # A name that is not the loopback's would let a page on the web talk to this port through its own domain.
        if request.host.rpartition(":")[0] not in _LOOPBACK and request.host not in _LOOPBACK:
            return as_text("The sandbox answers on the loopback address only.\n", 400)
        try:
            route, arguments = self._urls.bind_to_environ(request.environ).match()
        except HTTPException as error:
            return self._counted(request, "(none)", *_unrouted(request, error))
        context = Context(self.world, request, route)
        response = self._routed(context, dict(arguments))
        if route.area == "control":
            return response
        return self._counted(request, route.path, response, context.label)

    def _routed(self, context: Context, arguments: dict[str, Any]) -> Response:
        route: Route = context.route
        if route.area == "control":
            return control.serve(context, arguments)
        context.label, account = label_of(self.world, context.request)
        if route.area in _SLOWED and self.world.options.latency_ms:
            time.sleep(self.world.options.latency_ms / 1000)
        fault = self.world.faults.take(context.request.method, context.request.path, account)
        early = before(fault, context) if fault else None
        if early is not None:
            return early
        response = _GUARDS[route.area](context, arguments)
        return after(fault, context, response) if fault else response

    def _counted(self, request: Request, name: str, response: Response, label: str = "anonymous") -> Response:
        self.world.counters.add(self.world.now(), request.method, name, label, response.status_code)
        return response


def _unrouted(request: Request, error: HTTPException) -> tuple[Response]:
    if isinstance(error, MethodNotAllowed):
        return (Response(status=405, headers={"Allow": ", ".join(error.valid_methods or [])}),)
    if request.path.startswith("/2.0/"):
        return (bitbucket_error(404, "Resource not found"),)
    if request.path.startswith(("/users/", "/admin/")):
        return (as_json({"key": "notFound"}, 404),)
    return (as_text("There is nothing at this address.\n", 404),)
