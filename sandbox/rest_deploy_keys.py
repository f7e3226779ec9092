"""Deploy keys of repositories and projects.

Source: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-deployments/ . Listing them already wants the
scope to administer.
"""

from typing import Any

from werkzeug.wrappers import Response

from sandbox import shapes
from sandbox.answers import Refusal, as_json, bitbucket_error
from sandbox.context import Context, Handler
from sandbox.deploy_keys import DeployKey, read_public_key
from sandbox.explicit import Level
from sandbox.model import Project, Repository
from sandbox.paging import page_of
from sandbox.rest_projects import administered, path_of
from sandbox.workspaces import Workspace


class Keys:
    """The four operations on the deploy keys of one level."""

    def __init__(self, level: Level) -> None:
        """Serve the keys of repositories or of projects."""
        self.level: Level = level

    def handlers(self) -> tuple[Handler, Handler, Handler, Handler]:
        """Give what answers the list, adding, one key and deleting it."""
        return self.listing, self.post, self.one, self.delete

    def listing(self, context: Context, **names: str) -> Response:
        """GET .../deploy-keys."""
        owner, place = self._administered(context, names)
        context.world.note_ssh_uses()
        held = owner.deploy_keys.of(place.uuid)
        return page_of(context.request, held, lambda key: self._record(context, owner, place, key))

    def one(self, context: Context, **names: str) -> Response:
        """GET .../deploy-keys/{key_id}."""
        owner, place = self._administered(context, names)
        context.world.note_ssh_uses()
        return as_json(self._record(context, owner, place, self._known(owner, place, names["key_id"])))

    def post(self, context: Context, **names: str) -> Response:
        """POST .../deploy-keys with `key` and `label`; 400 for a key that is somebody's, or here already."""
        owner, place = self._administered(context, names)
        body = context.request.get_json(silent=True)
        sent = body if isinstance(body, dict) else {}
        try:
            text, comment = read_public_key(str(sent.get("key", "")))
        except ValueError:
            raise Refusal(bitbucket_error(400, "Invalid SSH key.")) from None
        self._check_new(context, owner, place, text)
        account = context.credential.account if context.credential else None
        with context.world.change():
            key = DeployKey(
                id=owner.deploy_keys.next_id(),
                place=place.uuid,
                key=text,
                label=str(sent.get("label") or ""),
                comment=comment,
                added_at=context.world.now(),
                owner=account.account_id if account else None,
            )
            owner.deploy_keys.put(key)
        return as_json(self._record(context, owner, place, key))

    def delete(self, context: Context, **names: str) -> Response:
        """DELETE .../deploy-keys/{key_id}: 204, or 404 where there is none."""
        owner, place = self._administered(context, names)
        key = self._known(owner, place, names["key_id"])
        with context.world.change():
            owner.deploy_keys.drop(key)
        return Response(status=204)

    def _administered(self, context: Context, names: dict[str, str]) -> tuple[Workspace, Repository | Project]:
        name = names["repository" if self.level == "repository" else "project_key"]
        return administered(context, self.level, names["workspace"], name)

    def _known(self, owner: Workspace, place: Repository | Project, key_id: str) -> DeployKey:
        key = owner.deploy_keys.find(place.uuid, int(key_id)) if key_id.isdigit() else None
        if key is None:
            raise Refusal(bitbucket_error(404, "Deploy key not found."))
        return key

    def _check_new(self, context: Context, owner: Workspace, place: Repository | Project, text: str) -> None:
        """Refuse a key that is known: one key opens an account or this place, never both, and here only once."""
        if any(one.key == text for one in context.world.ssh_keys):
            raise Refusal(bitbucket_error(400, "Someone has already registered that SSH key."))
        if any(one.key == text for one in owner.deploy_keys.of(place.uuid)):
            raise Refusal(bitbucket_error(400, f"That SSH key has already been added to this {self.level}."))

    def _record(
        self, context: Context, owner: Workspace, place: Repository | Project, key: DeployKey
    ) -> dict[str, Any]:
        base = context.base_url
        # The schema names `added_on`; the document's examples call the same moment `created_on`.
        added = shapes.moment(key.added_at)
        record: dict[str, Any] = {
            "type": "deploy_key" if isinstance(place, Repository) else "project_deploy_key",
            "id": key.id,
            "key": key.key,
            "label": key.label,
            "comment": key.comment,
            "added_on": added,
            "created_on": added,
            "last_used": shapes.moment(key.last_used) if key.last_used else None,
            "links": {"self": {"href": f"{base}/2.0{path_of(owner, place)}/deploy-keys/{key.id}"}},
        }
        if isinstance(place, Repository):
            record["repository"] = shapes.repository_reference(place, base)
        else:
            record["project"] = shapes.project_reference(place)
        return record | self._owner(context, key)

    def _owner(self, context: Context, key: DeployKey) -> dict[str, Any]:
        """Name who added the key; nobody once that account was deleted."""
        name = "owner" if self.level == "repository" else "created_by"
        account = context.world.accounts.get(key.owner or "")
        if account is not None:
            return {name: shapes.person(account, context.base_url)}
        return {name: None} if context.world.switches.deleted_owner_is_null else {}
