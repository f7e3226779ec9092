"""The addresses of the stand-in's own levers, below /_sandbox."""

from functools import partial

from sandbox import control, control_grants, control_people, control_places, control_tokens
from sandbox.context import Handler, Route

_Lever = tuple[str, str, Handler]


def _place_levers(level: str) -> tuple[_Lever, ...]:
    """Give the levers on what one repository or project holds."""
    path = f"/workspaces/<workspace>/{level}/<name>"
    return (
        ("POST", f"{path}/users/<account>", partial(control_grants.grant_user, level=level)),
        ("POST", f"{path}/groups/<group>", partial(control_grants.grant_group, level=level)),
        ("POST", f"{path}/deploy-keys", partial(control_grants.add_key, level=level)),
    )


_LEVERS: tuple[_Lever, ...] = (
    ("GET", "/style.css", control.stylesheet),
    ("GET", "/icon.svg", control.icon),
    ("GET", "/requests", control.requests),
    ("DELETE", "/requests", control.clear_requests),
    ("GET", "/switches", control.switches),
    ("POST", "/switches", control.turn_switches),
    ("GET", "/faults", control.faults),
    ("POST", "/faults", control.add_fault),
    ("DELETE", "/faults", control.clear_faults),
    ("POST", "/clock", control.clock),
    ("POST", "/reset", control.reset),
    ("POST", "/consumer", control.consumer),
    ("GET", "/world", control_people.world),
    ("POST", "/tokens", control_tokens.create_token),
    ("DELETE", "/tokens/<token_id>", control_tokens.delete_token),
    ("POST", "/tokens/<token_id>", control_tokens.change_token),
    ("POST", "/tokens/<token_id>/scopes", control_tokens.change_scopes),
    ("POST", "/tokens/<token_id>/expire", control_tokens.expire_token),
    ("GET", "/access-tokens", control_tokens.access_tokens),
    ("POST", "/access-tokens", control_tokens.create_access_token),
    ("DELETE", "/access-tokens/<token_id>", control_tokens.delete_access_token),
    ("POST", "/access-tokens/<token_id>/expire", control_tokens.expire_access_token),
    ("POST", "/accounts/<account>", control_people.change_account),
    ("POST", "/workspaces/<workspace>/members/<account>", control_people.change_seat),
    ("POST", "/workspaces/<workspace>/repositories/<repository>/<account>", control_people.change_right),
    ("GET", "/grants", control_grants.truth),
    *(row for level in ("repositories", "projects") for row in _place_levers(level)),
    ("POST", "/workspaces/<workspace>/groups/<group>", control_grants.put_group),
    ("DELETE", "/workspaces/<workspace>/groups/<group>", control_grants.drop_group),
    ("POST", "/workspaces/<workspace>/deploy-keys/<int:key_id>", control_grants.use_key),
    ("DELETE", "/workspaces/<workspace>/deploy-keys/<int:key_id>", control_grants.drop_key),
    ("POST", "/workspaces/<workspace>/projects", control_places.add_project),
    ("POST", "/workspaces/<workspace>/projects/<project>", control_places.rename_project),
    ("DELETE", "/workspaces/<workspace>/projects/<project>", control_places.drop_project),
    ("POST", "/workspaces/<workspace>/repositories", control_places.add_repository),
    ("POST", "/workspaces/<workspace>/repositories/<repository>", control_places.rename_repository),
    ("DELETE", "/workspaces/<workspace>/repositories/<repository>", control_places.drop_repository),
)

CONTROL = tuple(Route(method, f"/_sandbox{path}", handler, "control") for method, path, handler in _LEVERS)
