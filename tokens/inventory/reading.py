"""Reading one part as a whole over HTTP. No database is written here, and what comes back is complete, or an error."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bitbucket.cloud import CloudClient
from bitbucket.errors import BadAnswer, Permanent
from bitbucket.resources import ADMINISTRATOR_ROLE
from tokens.inventory.known import known_keys
from tokens.models import Part, PartKind

# Their lists hold only what the reader reaches: whoever administers the workspace reaches everything.
SHOWN_BY_RIGHT = (PartKind.PROJECTS, PartKind.REPOSITORIES)

Fetch = Callable[[CloudClient, Part], Iterator[Any]]


class NoAdministrator(Permanent):
    """A list lacks what is known, and its reader is not one who is shown everything."""

    words = "the list lacks places that are known, and who reads does not administer the workspace (any more)"


@dataclass(frozen=True)
class Listing:
    """How one kind of part is read.

    Attributes:
        fetch: asks for everything, page by page.
        key: what tells one item from another, as `known_keys` knows them; None for what cannot be told.
    """

    fetch: Fetch
    key: Callable[[Any], Hashable | None]


def read_listing(client: CloudClient, part: Part) -> list[Any]:
    """Everything that a part of Bitbucket's holds.

    A list that changes while its pages are read can lose what it held all the time. So where something known is
    missing in a list of several pages, it is read once more, and only what both passes lack is missing. A list that
    shows each reader something else proves that a place is gone only to somebody who administers the workspace, which
    is looked at last: a right may be lost in the middle.

    Args:
        client: who reads.
        part: with its place; any kind but the organisation's tokens.

    Raises:
        RemoteError: it could not be read to its end; then nothing is known.
    """
    listing = LISTINGS[part.kind]
    before = client.requests_sent
    found = _pass(client, part, listing)
    if client.requests_sent - before > 1 and _lacks_something(part, found):
        found |= _pass(client, part, listing)
    if part.kind == PartKind.MEMBERS and not found:
        raise BadAnswer("cloud.members", None, "it names nobody at all, not even who reads it")
    if part.kind in SHOWN_BY_RIGHT and client.speaks_for_account and _lacks_something(part, found):
        _require_administrator(client, part)
    return list(found.values())


def _lacks_something(part: Part, found: Mapping[Hashable, Any]) -> bool:
    return not known_keys(part) <= found.keys()


def _require_administrator(client: CloudClient, part: Part) -> None:
    if client.my_role(workspace_uuid(part)) != ADMINISTRATOR_ROLE:
        raise NoAdministrator("cloud.my_role", None)


def _pass(client: CloudClient, part: Part, listing: Listing) -> dict[Hashable, Any]:
    items = ((listing.key(item), item) for item in listing.fetch(client, part))
    return {key: item for key, item in items if key is not None}


def workspace_uuid(part: Part) -> str:
    """The uuid of the workspace that a part lies in."""
    place = part.place
    workspace = place.workspace if place else part.workspace
    assert workspace is not None  # only the organisation's tokens have none
    return workspace.uuid


def _members(client: CloudClient, part: Part) -> Iterator[Any]:
    return client.members(workspace_uuid(part))


def _projects(client: CloudClient, part: Part) -> Iterator[Any]:
    return client.projects(workspace_uuid(part))


def _repositories(client: CloudClient, part: Part) -> Iterator[Any]:
    return client.repositories(workspace_uuid(part))


def _user_grants(client: CloudClient, part: Part) -> Iterator[Any]:
    workspace = workspace_uuid(part)
    if part.repository:
        found = client.repository_user_grants(workspace, part.repository.uuid)
    else:
        found = client.project_user_grants(workspace, _project_key(part))
    return (grant for grant in found if grant.is_given)


def _group_grants(client: CloudClient, part: Part) -> Iterator[Any]:
    workspace = workspace_uuid(part)
    if part.repository:
        found = client.repository_group_grants(workspace, part.repository.uuid)
    else:
        found = client.project_group_grants(workspace, _project_key(part))
    return (grant for grant in found if grant.is_given)


def _deploy_keys(client: CloudClient, part: Part) -> Iterator[Any]:
    workspace = workspace_uuid(part)
    if part.repository:
        return client.repository_deploy_keys(workspace, part.repository.uuid)
    return client.project_deploy_keys(workspace, _project_key(part))


def _project_key(part: Part) -> str:
    assert part.project is not None  # the database knows: a rolling part has a repository or a project
    return part.project.key


def _person(item: Any) -> str | None:
    """Deleted accounts are named by nothing at all; nobody can be told apart by that."""
    return (item.account_id or item.user_uuid) or None


LISTINGS: Mapping[str, Listing] = {
    PartKind.MEMBERS: Listing(_members, lambda item: item.account_id or item.uuid),
    PartKind.PROJECTS: Listing(_projects, lambda item: item.uuid),
    PartKind.REPOSITORIES: Listing(_repositories, lambda item: item.uuid),
    PartKind.USER_GRANTS: Listing(_user_grants, _person),
    PartKind.GROUP_GRANTS: Listing(_group_grants, lambda item: item.group_slug or None),
    PartKind.DEPLOY_KEYS: Listing(_deploy_keys, lambda item: item.id),
}
