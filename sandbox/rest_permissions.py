"""Explicit permissions of users and groups on repositories and projects.

Sources: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/ and .../api-group-projects/ .
Only administrators may read or change them, changes want an API token, and `q` and `sort` do nothing here.
"""

from typing import Any

from werkzeug.wrappers import Response

from sandbox import shapes
from sandbox.answers import Refusal, as_json, bitbucket_error
from sandbox.context import Context, Handler
from sandbox.explicit import GIVEN, Holder, Level
from sandbox.model import Account, Group, Project, Repository
from sandbox.paging import page_of
from sandbox.rest_projects import administered, path_of
from sandbox.workspaces import Workspace


class Permissions:
    """The four operations for one level and one kind of holder; each handler answers one route."""

    def __init__(self, level: Level, holder: Holder) -> None:
        """Serve the users' or the groups' permissions of repositories or of projects."""
        self.level, self.holder = level, holder
        self._type = f"{level}_{holder.removesuffix('s')}_permission"

    def handlers(self) -> tuple[Handler, Handler, Handler, Handler]:
        """Give what answers the list, one entry, setting it and taking it away."""
        return self.listing, self.one, self.put, self.delete

    def listing(self, context: Context, **names: str) -> Response:
        """GET .../permissions-config/users or groups."""
        owner, place = self._administered(context, names)
        given = list(self.grants(context, owner, place).items())
        return page_of(context.request, given, lambda row: self._record(context, owner, place, *row))

    def one(self, context: Context, **names: str) -> Response:
        """GET one: 404 where there is none, or 200 with `none` by switch."""
        owner, place = self._administered(context, names)
        name = self._known(context, owner, names)
        permission = self.grants(context, owner, place).get(name, "none")
        if permission == "none" and not context.world.switches.missing_grant_is_none:
            raise self._absent()
        return as_json(self._record(context, owner, place, name, permission))

    def put(self, context: Context, **names: str) -> Response:
        """PUT one with `permission`; 400 for one there is not, and for who may not be given any."""
        owner, place = self._changeable(context, names)
        name = self._known(context, owner, names)
        body = context.request.get_json(silent=True)
        permission = body.get("permission") if isinstance(body, dict) else None
        if permission not in GIVEN[self.level]:
            raise Refusal(bitbucket_error(400, f"permission is one of {', '.join(GIVEN[self.level])}."))
        if self.holder == "users" and owner.seats.get(name) in (None, "owner"):
            raise Refusal(bitbucket_error(400, "The user is no member of this workspace, or owns it."))
        with context.world.change():
            owner.grants.set(self.level, self.holder, place.uuid, name, permission)
        return as_json(self._record(context, owner, place, name, permission))

    def delete(self, context: Context, **names: str) -> Response:
        """DELETE one: 204, or 404 where there is none."""
        owner, place = self._changeable(context, names)
        name = self._known(context, owner, names)
        if name not in self.grants(context, owner, place):
            raise self._absent()
        with context.world.change():
            owner.grants.set(self.level, self.holder, place.uuid, name, "none")
        return Response(status=204)

    def grants(self, context: Context, owner: Workspace, place: Repository | Project) -> dict[str, str]:
        """Give the grants that are told; those of people without a seat only by switch."""
        given = dict(owner.grants.on(self.level, self.holder, place.uuid))
        if self.holder == "groups" or context.world.switches.grants_survive_seat:
            return given
        return {account_id: permission for account_id, permission in given.items() if account_id in owner.seats}

    def _administered(self, context: Context, names: dict[str, str]) -> tuple[Workspace, Repository | Project]:
        name = names["repository" if self.level == "repository" else "project_key"]
        return administered(context, self.level, names["workspace"], name)

    def _changeable(self, context: Context, names: dict[str, str]) -> tuple[Workspace, Repository | Project]:
        """Find what may be changed here; the document says "only app passwords", whose successors API tokens are.

        An OAuth session gets 403: https://github.com/DrFaust92/terraform-provider-bitbucket/pull/184
        """
        found = self._administered(context, names)
        if context.credential is None or context.credential.kind != "api_token":
            raise Refusal(bitbucket_error(403, "This endpoint does not support this authentication method."))
        return found

    def _known(self, context: Context, owner: Workspace, names: dict[str, str]) -> str:
        wanted = names["group_slug" if self.holder == "groups" else "selected_user_id"]
        if self.holder == "groups":
            if wanted in owner.groups:
                return wanted
            raise Refusal(bitbucket_error(404, f"No group '{wanted}' in this workspace."))
        account = context.world.account(wanted)
        if account is None or wanted == account.key:
            raise Refusal(bitbucket_error(404, f"No user '{wanted}'."))
        return account.account_id

    def _absent(self) -> Refusal:
        return Refusal(
            bitbucket_error(404, f"No explicit permission on this {self.level} for this {self.holder[:-1]}.")
        )

    def _record(
        self, context: Context, owner: Workspace, place: Repository | Project, name: str, permission: str
    ) -> dict[str, Any]:
        holder: Account | Group = context.world.accounts[name] if self.holder == "users" else owner.groups[name]
        shown = shapes.person(holder, context.base_url) if isinstance(holder, Account) else shapes.group(holder, owner)
        address = f"{context.base_url}/2.0{path_of(owner, place)}/permissions-config/{self.holder}/{name}"
        return {
            "type": self._type,
            "permission": permission,
            self.holder.removesuffix("s"): shown,
            "links": {"self": {"href": address}},
        }
