"""Every call that the client for Bitbucket Cloud can make, by the name of its method, with usual arguments."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from bitbucket.cloud import CloudClient

WORKSPACE, REPOSITORY, PROJECT, ENVIRONMENT, GROUP = "acme", "web", "CORE", "{env}", "developers"
EMMA = "712020:emma"
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"

# Arguments by the name of the parameter.
_VALUES = {
    "workspace": WORKSPACE,
    "repository": REPOSITORY,
    "key": PROJECT,
    "project_key": PROJECT,
    "key_id": "7",
    "environment_uuid": ENVIRONMENT,
    "group": GROUP,
    "account": EMMA,
    "user_uuid": "{e}",
}
# Arguments that are only given by their names: what is sent.
SENT = {"key": PUBLIC_KEY, "label": "bcp-7K2QXM build"}


def methods() -> list[str]:
    """The public methods of the client."""
    return [name for name, _ in inspect.getmembers(CloudClient, inspect.isfunction) if not name.startswith("_")]


def call(client: CloudClient, name: str, values: Mapping[str, str] | None = None, /, **more: Any) -> Any:
    """Make one call with the usual arguments, or those in `values` by name, and read it to its end."""
    method, known = getattr(client, name), {**_VALUES, **(values or {})}
    needed = [one for one in inspect.signature(method).parameters.values() if one.default is one.empty]
    named = {one.name: SENT[one.name] for one in needed if one.kind is one.KEYWORD_ONLY}
    result = method(*(known[one.name] for one in needed if one.name not in named), **(named | more))
    return list(result) if isinstance(result, Iterator) else result


DELETIONS = tuple(name for name in methods() if name.startswith("delete_"))
ADDITIONS = tuple(name for name in methods() if name.startswith("add_"))
READS = tuple(name for name in methods() if name not in DELETIONS + ADDITIONS)
OBJECTS = (
    *("current_user", "member", "my_role", "workspace", "repository_user_grant", "project_user_grant"),
    *("pipelines_ssh_key", "repository_deploy_key", "project_deploy_key"),
    *("opens_repository", "opens_project", "opens_workspace"),
)
LISTINGS = tuple(name for name in READS if name not in OBJECTS)
# Those that read as many pages as they are allowed.
BOUNDED = tuple(name for name in READS if "pages_at_most" in inspect.signature(getattr(CloudClient, name)).parameters)
