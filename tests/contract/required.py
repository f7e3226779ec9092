"""What an answer must carry beyond the official document, which accepts `{}` for every list.

Each row: the route, the fields (a `[]` goes into every item of a list) with their types, and where it is said.
"""

from typing import Any

from tests.contract.fields import REST, USER, Fields, Required, each, under
from tests.contract.required_grants import REQUIRED_GRANTS

_REPOSITORY: Fields = {"uuid": str, "full_name": str, "name": str}
_MEMBERSHIP: Fields = {"type": str, **USER, "workspace.uuid": str, "workspace.slug": str}
_RIGHT: Fields = {"permission": str, **USER, **under("repository", _REPOSITORY)}
_ONE_REPOSITORY: Fields = {
    **_REPOSITORY,
    "slug": str,
    "is_private": bool,
    "mainbranch.name": str,
    "project.key": str,
    "workspace.uuid": str,
    "links.clone": list,
}

REQUIRED = (
    Required(
        "/user",
        {
            "uuid": str,
            "account_id": str,
            "display_name": str,
            "nickname": str,
            "account_status": str,
            "created_on": str,
        },
        f"{REST}/api-group-users/#api-user-get , schema `user`",
    ),
    Required(
        "/user/emails",
        each({"email": str, "is_primary": bool, "is_confirmed": bool}),
        "django-allauth, bitbucket_oauth2/views.py; the document names no successful answer",
    ),
    Required(
        "/user/workspaces",
        each({"administrator": bool, "workspace.uuid": str, "workspace.slug": str}),
        f"{REST}/api-group-workspaces/#api-user-workspaces-get , its example",
    ),
    Required(
        "/user/workspaces/<workspace>/permission",
        {**_MEMBERSHIP, "permission": str},
        f"{REST}/api-group-workspaces/#api-user-workspaces-workspace-permission-get",
    ),
    Required(
        "/user/workspaces/<workspace>/permissions/repositories",
        each({"permission": str, **under("repository", _REPOSITORY)}),
        f"{REST}/api-group-repositories/ , its example",
    ),
    Required(
        "/users/<selected_user>/ssh-keys",
        each({"uuid": str, "label": str, "fingerprint": str, "created_on": str, "owner.account_id": str}),
        f"{REST}/api-group-ssh/#api-users-selected-user-ssh-keys-get",
    ),
    Required(
        "/users/<selected_user>/gpg-keys",
        each({"name": str, "key_id": str, "fingerprint": str, "added_on": str, "owner.account_id": str}),
        f"{REST}/api-group-gpg/#api-users-selected-user-gpg-keys-get",
    ),
    Required(
        "/workspaces/<workspace>",
        {"uuid": str, "slug": str, "name": str},
        f"{REST}/api-group-workspaces/#api-workspaces-workspace-get",
    ),
    Required(
        "/workspaces/<workspace>/members",
        each(_MEMBERSHIP),
        f"{REST}/api-group-workspaces/#api-workspaces-workspace-members-get",
    ),
    Required(
        "/workspaces/<workspace>/members/<member>",
        _MEMBERSHIP,
        f"{REST}/api-group-workspaces/#api-workspaces-workspace-members-member-get",
    ),
    Required(
        "/workspaces/<workspace>/permissions",
        each({**_MEMBERSHIP, "permission": str}),
        f"{REST}/api-group-workspaces/#api-workspaces-workspace-permissions-get , its example",
    ),
    Required(
        "/workspaces/<workspace>/permissions/repositories",
        each(_RIGHT),
        f"{REST}/api-group-workspaces/#api-workspaces-workspace-permissions-repositories-get , its example",
    ),
    Required(
        "/workspaces/<workspace>/permissions/repositories/<repository>",
        each(_RIGHT),
        f"{REST}/api-group-workspaces/#api-workspaces-workspace-permissions-repositories-repo-slug-get , its example",
    ),
    Required(
        "/repositories/<workspace>",
        each(_ONE_REPOSITORY),
        f"{REST}/api-group-repositories/#api-repositories-workspace-get , schema `repository`",
    ),
    Required(
        "/repositories/<workspace>/<repository>",
        _ONE_REPOSITORY,
        f"{REST}/api-group-repositories/#api-repositories-workspace-repo-slug-get , schema `repository`",
    ),
    *REQUIRED_GRANTS,
)


def missing_fields(body: Any, fields: Fields) -> list[str]:
    """The fields that are not there or of another type; a list that must have items and has none is one too."""
    return [path for path, kind in fields.items() if not _has(body, path.split("."), kind)]


def _has(value: Any, path: list[str], kind: type) -> bool:
    if not path:
        return type(value) is kind
    name, rest = path[0], path[1:]
    if not isinstance(value, dict):
        return False
    if name.endswith("[]"):
        items = value.get(name.removesuffix("[]"))
        return isinstance(items, list) and bool(items) and all(_has(item, rest, kind) for item in items)
    return _has(value.get(name), rest, kind)
