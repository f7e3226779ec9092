"""What answers about projects, permissions, deploy keys and pipelines must carry; see `required`."""

from tests.contract.fields import PAGE, REST, USER, Fields, Required, each
from tests.contract.names import (
    IN_PROJECT,
    IN_REPOSITORY,
    PERMISSIONS,
    PIPELINES,
    PROJECT_KEYS,
    PROJECTS,
    PULL_REQUESTS,
    REPOSITORY_KEYS,
    RESTRICTIONS,
    REVIEWERS,
    RUNNERS,
)

_PROJECT: Fields = {"uuid": str, "key": str, "name": str}
_GROUP: Fields = {"group.slug": str, "group.name": str}
_KEY: Fields = {"id": int, "key": str, "label": str, "comment": str, "added_on": str}
_PLACES = {IN_REPOSITORY: "repositories", IN_PROJECT: "projects"}
_VARIABLE: Fields = {"uuid": str, "key": str, "secured": bool}
_DATED: Fields = {"uuid": str, "created_on": str}


def _permission(name: str) -> Required:
    fields: Fields = {"type": str, "permission": str, **(_GROUP if "groups" in name else USER)}
    is_list = name.endswith(("users", "groups"))
    shape: Fields = {} if name.startswith("DELETE") else (each(fields) if is_list else fields)
    place = _PLACES[IN_PROJECT if IN_PROJECT in name else IN_REPOSITORY]
    return Required(name, shape, f"{REST}/api-group-{place}/ , permissions-config, its example")


def _key(name: str) -> Required:
    is_list = name.endswith("deploy-keys") and not name.startswith("POST")
    fields: Fields = {} if name.startswith("DELETE") else (each(_KEY) if is_list else _KEY)
    return Required(name, fields, f"{REST}/api-group-deployments/ , deploy-keys, its example and schema")


_PIPELINE_FIELDS: tuple[Fields, ...] = (
    each({**_DATED, "build_number": int, "creator.account_id": str, "state.name": str, "target.ref_name": str}),
    each(_VARIABLE),
    each({"uuid": str, "name": str}),
    each(_VARIABLE),
    each(_VARIABLE),
    each({**_DATED, "enabled": bool, "cron_pattern": str}),
    {"public_key": str},
)
_RULE: Fields = {"id": int, "kind": str, "pattern": str, "users": list, "groups": list}
_ACCOUNT: Fields = {"uuid": str, "account_id": str, "display_name": str}

_PULL: Fields = {
    "id": int,
    "title": str,
    "state": str,
    "created_on": str,
    "updated_on": str,
    "links.html.href": str,
    "author.uuid": str,
    "destination.repository.full_name": str,
}

REQUIRED_GRANTS = (
    Required(PROJECTS[0], each(_PROJECT), f"{REST}/api-group-workspaces/#api-workspaces-workspace-projects-get"),
    Required(PROJECTS[1], _PROJECT, f"{REST}/api-group-projects/ , schema `project`"),
    *(_permission(name) for name in PERMISSIONS),
    *(_key(name) for name in (*REPOSITORY_KEYS, *PROJECT_KEYS)),
    Required(RESTRICTIONS, each(_RULE), f"{REST}/api-group-branch-restrictions/ , schema `branchrestriction`"),
    Required(REVIEWERS[0], each(_ACCOUNT), f"{REST}/api-group-pullrequests/ , schema `account`"),
    Required(REVIEWERS[1], each({"reviewer_type": str, **USER}), f"{REST}/api-group-projects/ , its example"),
    *(Required(name, each(_PULL), f"{REST}/api-group-pullrequests/ , schema `pullrequest`") for name in PULL_REQUESTS),
    *(
        Required(name, fields, f"{REST}/api-group-pipelines/ , its schema")
        for name, fields in zip(PIPELINES, _PIPELINE_FIELDS, strict=True)
    ),
    *(
        Required(name, {**PAGE, **each({**_DATED, "name": str, "state.status": str})}, f"{REST}/api-group-pipelines/")
        for name in RUNNERS
    ),
)
