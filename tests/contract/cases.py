"""Calls that make each route answer with each status it has."""

from collections.abc import Iterator
from typing import NamedTuple

import requests

from sandbox.context import Route
from sandbox.deploy_keys import public_key
from sandbox.rest_routes import REMOVED, REST
from sandbox.server import start
from tests.contract.names import OWN_KEYS
from tests.sandbox.helper import Caller

EVERYTHING = (
    "read:user",
    "read:workspace",
    "read:repository",
    "admin:repository",
    "read:project",
    "admin:project",
    "write:permission",
    "delete:permission",
    "read:ssh-key",
    "read:gpg-key",
    "write:ssh-key",
    "delete:ssh-key",
    "read:pullrequest",
    "read:pipeline",
    "read:runner",
)
# Emma reads this one and does not administer it.
READ_ONLY = "service-200"
ADMINISTERED = (
    "/workspaces/<workspace>/pipelines-config/variables",
    "/workspaces/<workspace>/pipelines-config/runners",
)
_VALUES = {"<workspace>": "acme", "<path:rest>": "1"}
_SUCCESS = {"DELETE": 204}


class Seen(NamedTuple):
    """One answer of one route (named without the /2.0)."""

    route: str
    answer: requests.Response


def name_of(route: Route) -> str:
    """A route as the tables here name it: its path, with the method before it where that is not GET."""
    path = route.path.removeprefix("/2.0")
    return path if route.method in ("GET", "*") else f"{route.method} {path}"


def route_names(routes: tuple[Route, ...] = REST) -> list[str]:
    """The routes as the tables here name them."""
    return [name_of(one) for one in routes]


def success_of(name: str) -> int:
    """The status of a successful answer."""
    return _SUCCESS.get(name.partition(" /")[0], 200)


def _values(caller: Caller, path: str) -> dict[str, str]:
    """What stands for the placeholders: Lee's grants and groups', and the first key of the place."""
    acme = caller.running.world.workspaces["acme"]
    web = acme.repository("infrastructure" if "ssh/key_pair" in path or "schedules" in path else "web")
    is_project_key = "<project_key>/deploy-keys" in path
    project = acme.project("PROD" if is_project_key else "LABS")
    assert web is not None
    assert project is not None
    keys = acme.deploy_keys.of(project.uuid if is_project_key else web.uuid)
    return {
        "<repository>": web.slug,
        "<project_key>": project.key,
        "<selected_user_id>": caller.account_id("lee"),
        "<group_slug>": "reviewers" if "<project_key>" in path else "builders",
        "<key_id>": str(keys[0].id) if keys else "1",
        "<environment_uuid>": acme.automation.environments[web.uuid][0].uuid,
        "<member>": caller.account_id("emma"),
        # Of all of them only Lee has a GPG key.
        "<selected_user>": caller.account_id("lee" if path == OWN_KEYS[1] else "emma"),
    }


def address(caller: Caller, route: str) -> str:
    """A real address of a route."""
    path = route.rpartition(" ")[2]
    if "default-reviewers" in path or path.endswith("pipelines-config/runners"):
        path = path.replace("<repository>", "api" if "reviewers" in path else "infrastructure")
    for name, value in (_VALUES | _values(caller, path)).items():
        path = path.replace(name, value)
    return path


def credential(caller: Caller, person: str, *scopes: str) -> tuple[str, str]:
    """An API token as Basic."""
    return f"{person}@acme.test", caller.token(*scopes, account=person)["secret"]


def body_of(route: Route, turn: str = "") -> dict[str, str] | None:
    """What a route wants to be sent."""
    if route.method == "PUT":
        return {"permission": "read"}
    if route.method == "POST":
        return {"key": public_key("contract", route.path, turn), "label": "contract"}
    return None


def answers(caller: Caller) -> Iterator[Seen]:
    """Every route: successful, without a credential, without the scope; then the particular refusals."""
    owner = credential(caller, "audit-bot", *EVERYTHING)
    emma, nobody = credential(caller, "emma", *EVERYTHING), credential(caller, "emma", "read:snippet")
    lee = credential(caller, "lee", *EVERYTHING)
    yield from _refused(caller, owner, emma)
    for route in REST:
        name, body = name_of(route), body_of(route)
        where = address(caller, name)
        yield Seen(name, caller.anonymous(f"/2.0{where}", route.method, json=body))
        yield Seen(name, caller.rest(where, nobody, route.method, json=body))
        own = {OWN_KEYS[0]: emma, OWN_KEYS[1]: lee}
        yield Seen(name, caller.rest(where, own.get(name, owner), route.method, json=body))
    yield from _particular(caller, owner, emma)
    for route in REMOVED:
        yield Seen(name_of(route), caller.rest(address(caller, name_of(route)), owner))
    yield from _limited()


def _refused(caller: Caller, owner: tuple[str, str], emma: tuple[str, str]) -> Iterator[Seen]:
    """What a reader may not do to a repository, and what is not there for somebody who does not reach it."""
    ada = credential(caller, "ada", *EVERYTHING)
    for route in REST:
        name, body = name_of(route), body_of(route)
        if "<repository>/" not in name and "<project_key>" not in name:
            continue
        where = address(caller, name)
        yield Seen(name, caller.rest(where, ada, route.method, json=body))
        if name.endswith(("<selected_user_id>", "<group_slug>", "<key_id>")):
            yield Seen(name, caller.rest(f"{where}0", owner, route.method, json=body))
        if any(word in name for word in ("permissions-config", "deploy-keys", "restrictions", "runners")):
            where = where.replace("/web", f"/{READ_ONLY}").replace("/infrastructure", f"/{READ_ONLY}")
            yield Seen(name, caller.rest(where, emma, route.method, json=body))
        if route.method in ("PUT", "POST"):
            yield Seen(name, caller.rest(address(caller, name), owner, route.method, json={"permission": "all"}))


def _particular(caller: Caller, owner: tuple[str, str], emma: tuple[str, str]) -> Iterator[Seen]:
    ada = credential(caller, "ada", *EVERYTHING)
    for scope in ("repository", "account"):
        made = caller.lever("/access-tokens", name="build", repository="web", scopes=[scope])
        yield Seen("/user", caller.bearer("/user", made["secret"]))
    outside = ("/workspaces/<workspace>", "/workspaces/<workspace>/members", "/repositories/<workspace>")
    administered = ("/workspaces/<workspace>/permissions", "/workspaces/<workspace>/projects", *ADMINISTERED)
    for route in (*outside, *administered, "/repositories/<workspace>/<repository>"):
        yield Seen(route, caller.rest(address(caller, route), ada))
    for route in ("/user/workspaces", "/workspaces/<workspace>/members", "/repositories/<workspace>"):
        yield Seen(route, caller.rest(f"{address(caller, route)}?pagelen=1000", owner))
    yield Seen("/workspaces/<workspace>/members/<member>", caller.rest("/workspaces/acme/members/nobody", owner))


def _limited() -> Iterator[Seen]:
    with start(members=0, tokens=0, hourly_limit=1) as running:
        caller = Caller(running)
        for route in REST:
            name, body = name_of(route), body_of(route)
            auth, where = credential(caller, "lee", *EVERYTHING), address(caller, name)
            caller.running.world.limits.clear()
            caller.rest(where, auth, route.method, json=body)
            yield Seen(name, caller.rest(where, auth, route.method, json=body))
