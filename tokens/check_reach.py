"""What a pasted credential opens, in at most four requests: one page of workspaces, one of repositories for three."""

from collections.abc import Mapping
from dataclasses import dataclass

from bitbucket.cloud import CloudClient
from bitbucket.errors import AuthMethodRefused, Forbidden, MissingScope, NotFound, RemoteError, Transient

MOST_WORKSPACES = 3
NAMES_SHOWN = 5
MAY_NOT = "It may not list them."
NOT_OPEN = "It is not open to this credential."
NO_ANSWER = "Bitbucket gave no usable answer to that in time."
NOTHING = "none"
REFUSED = (MissingScope, AuthMethodRefused, Forbidden)


@dataclass(frozen=True, slots=True)
class WorkspaceReach:
    """What is open in one workspace.

    `count`: repositories on the first page, `has_more` where there are further ones; `names`: the first few.
    `silence`: why the repositories are not known, empty where they are.
    """

    slug: str
    administrator: bool = False
    count: int = 0
    names: tuple[str, ...] = ()
    has_more: bool = False
    silence: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether `names` are not all of them."""
        return self.has_more or self.count > len(self.names)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a credential opens.

    `workspaces`: those looked into. `others`: further ones by name only; `has_more` where not even those are all.
    `silence`: why the workspaces could not be listed; those looked into are then the ones that the portal knows.
    """

    workspaces: tuple[WorkspaceReach, ...] = ()
    others: tuple[str, ...] = ()
    has_more: bool = False
    silence: str = ""


def reach_of(client: CloudClient, known: Mapping[str, str]) -> Reach:
    """List what the client's credential opens. Never raises for what Bitbucket answers.

    Args:
        client: asks with the credential itself.
        known: uuid → slug of the workspaces that the portal serves: looked into first, and also where the credential
            may not list workspaces.
    """
    try:
        page = client.first_workspaces()
    except REFUSED:
        places = [(uuid, slug, False) for uuid, slug in known.items()]
        return Reach(_looked_into(client, places[:MOST_WORKSPACES]), silence=MAY_NOT)
    except RemoteError:
        return Reach(silence=NO_ANSWER)
    places = [(one.uuid, one.slug, one.administrator) for one in page.items]
    places.sort(key=lambda place: place[0] not in known)
    return Reach(
        _looked_into(client, places[:MOST_WORKSPACES]),
        tuple(slug for _, slug, _ in places[MOST_WORKSPACES : MOST_WORKSPACES + NAMES_SHOWN]),
        page.has_more or len(places) > MOST_WORKSPACES + NAMES_SHOWN,
    )


def _looked_into(client: CloudClient, places: list[tuple[str, str, bool]]) -> tuple[WorkspaceReach, ...]:
    found: list[WorkspaceReach] = []
    gave_up = False
    for uuid, slug, administrator in places:
        try:
            seen = None if gave_up else _repositories(client, uuid, slug, administrator=administrator)
        except REFUSED:
            seen = WorkspaceReach(slug, administrator, silence=MAY_NOT)
        except NotFound:
            seen = WorkspaceReach(slug, administrator, silence=NOT_OPEN)
        except RemoteError as error:
            gave_up, seen = isinstance(error, Transient), None
        found.append(seen or WorkspaceReach(slug, administrator, silence=NO_ANSWER))
    return tuple(found)


def _repositories(client: CloudClient, uuid: str, slug: str, *, administrator: bool) -> WorkspaceReach:
    page = client.first_repository_permissions(uuid)
    names = [one.repository_full_name for one in page.items if one.permission != NOTHING]
    return WorkspaceReach(slug, administrator, len(names), tuple(names[:NAMES_SHOWN]), page.has_more)
