"""Calls that make each route answer with each status it has."""

from collections.abc import Iterator
from typing import NamedTuple

import requests

from sandbox.routes import REMOVED, REST
from sandbox.server import start
from tests.sandbox.helper import Caller

EVERYTHING = ("read:user", "read:workspace", "read:repository", "read:ssh-key")
_VALUES = {"<workspace>": "acme", "<repository>": "web", "<path:rest>": "1"}


class Seen(NamedTuple):
    """One answer of one route (named without the /2.0)."""

    route: str
    answer: requests.Response


def route_names(routes: tuple[object, ...] = REST) -> list[str]:
    """The routes as the tables here name them."""
    return [str(getattr(one, "path")).removeprefix("/2.0") for one in routes]  # noqa: B009


def address(caller: Caller, route: str) -> str:
    """A real address of a route."""
    emma = caller.account_id("emma")
    for name, value in (_VALUES | {"<member>": emma, "<selected_user>": emma}).items():
        route = route.replace(name, value)
    return route


def credential(caller: Caller, person: str, *scopes: str) -> tuple[str, str]:
    """An API token as Basic."""
    return f"{person}@acme.test", caller.token(*scopes, account=person)["secret"]


def answers(caller: Caller) -> Iterator[Seen]:
    """Every route: successful, without a credential, without the scope; then the particular refusals."""
    owner = credential(caller, "audit-bot", *EVERYTHING)
    emma, nobody = credential(caller, "emma", *EVERYTHING), credential(caller, "emma", "read:snippet")
    for route in route_names():
        where = address(caller, route)
        yield Seen(route, caller.rest(where, emma if "ssh-keys" in route else owner))
        yield Seen(route, caller.anonymous(f"/2.0{where}"))
        yield Seen(route, caller.rest(where, nobody))
    yield from _particular(caller, owner, emma)
    for route in route_names(REMOVED):
        yield Seen(route, caller.rest(address(caller, route), owner))
    yield from _limited()


def _particular(caller: Caller, owner: tuple[str, str], emma: tuple[str, str]) -> Iterator[Seen]:
    ada = credential(caller, "ada", *EVERYTHING)
    for scope in ("repository", "account"):
        made = caller.lever("/access-tokens", name="build", repository="web", scopes=[scope])
        yield Seen("/user", caller.bearer("/user", made["secret"]))
    outside = ("/workspaces/<workspace>", "/workspaces/<workspace>/members", "/repositories/<workspace>")
    for route in (*outside, "/workspaces/<workspace>/permissions", "/repositories/<workspace>/<repository>"):
        yield Seen(route, caller.rest(address(caller, route), ada))
    for route in ("/user/workspaces", "/workspaces/<workspace>/members", "/repositories/<workspace>"):
        yield Seen(route, caller.rest(f"{address(caller, route)}?pagelen=1000", owner))
    yield Seen("/workspaces/<workspace>/members/<member>", caller.rest("/workspaces/acme/members/nobody", owner))


def _limited() -> Iterator[Seen]:
    with start(members=0, tokens=0, hourly_limit=1) as running:
        caller = Caller(running)
        for route in route_names():
            auth = credential(caller, "lee", *EVERYTHING)
            caller.rest(address(caller, route), auth)
            yield Seen(route, caller.rest(address(caller, route), auth))
