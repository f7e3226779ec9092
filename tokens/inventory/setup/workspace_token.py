"""Which reads an optional workspace access token takes off the audit bot.

Such tokens exist on Premium alone, their limit grows with the seats, and they cannot ask about permissions:
https://bitbucket.org/blog/introducing-scaled-rate-limits-for-bitbucket-cloud-api
"""

from collections.abc import Callable, Iterator

from bitbucket.cloud import CloudClient
from bitbucket.errors import Permanent, Unauthorized
from tokens import clients
from tokens.inventory.setup.seen import Level, Name, Seen
from tokens.inventory.setup.workspaces import Place

_UNSET = (
    "AUDIT_WORKSPACE_TOKEN is not set. It is optional, and Premium: with it some lists are read under a larger limit;"
    " without it the audit bot reads everything."
)
_NO_PLAN = "No call tells the plan, and nothing seen so far gives it away."
_ORDINARY = 1000


def workspace_token(place: Place) -> list[Seen]:
    """Try the four lists that such a token may read: five requests where one is set, none where not."""
    client = clients.audit_workspace_token()
    if client is None:
        return [
            Seen(Name.WORKSPACE_TOKEN_READS, Level.MANUAL, _UNSET, place.row, {"reads": [], "kinds": []}),
            Seen(Name.PLAN, Level.UNKNOWN, _NO_PLAN, place.row, {}),
        ]
    try:
        reads = [name for name, ask in _lists(client, place).items() if _answers(ask)]
    except Unauthorized:
        words = "Bitbucket refuses the workspace access token. Make a new one and set AUDIT_WORKSPACE_TOKEN."
        return [
            Seen(Name.WORKSPACE_TOKEN_READS, Level.MANUAL, words, place.row, {"reads": [], "kinds": []}),
            Seen(Name.PLAN, Level.UNKNOWN, _NO_PLAN, place.row, {}),
        ]
    limits = client.last_limits
    return [_told(place, reads, limits.limit if limits else None), _plan(place, reads)]


def _lists(client: CloudClient, place: Place) -> dict[str, Callable[[], Iterator[object]]]:
    lists: dict[str, Callable[[], Iterator[object]]] = {
        "members": lambda: client.members(place.uuid),
        "projects": lambda: client.projects(place.uuid),
        "repositories": lambda: client.repositories(place.uuid),
    }
    if place.repository or place.project:
        lists["deploy_keys"] = lambda: _deploy_keys(client, place)
    return lists


def _deploy_keys(client: CloudClient, place: Place) -> Iterator[object]:
    """Of a repository and of a project: a token that reads only one of the two takes neither off the bot."""
    if place.repository:
        next(client.repository_deploy_keys(place.uuid, place.repository), None)
    if place.project:
        next(client.project_deploy_keys(place.uuid, place.project), None)
    yield from ()


def _answers(ask: Callable[[], Iterator[object]]) -> bool:
    try:
        next(ask(), None)
    except Unauthorized:
        raise
    except Permanent:
        return False
    return True


def _told(place: Place, reads: list[str], limit: int | None) -> Seen:
    facts = {"reads": reads, "kinds": reads, "limit": limit}
    if not reads:
        words = "The workspace access token reads none of the lists here: it is another workspace's, or lacks scopes."
        return Seen(Name.WORKSPACE_TOKEN_READS, Level.MANUAL, words, place.row, facts)
    named = ", ".join(reads).replace("_", " ")
    told = f"{limit:,} requests an hour" if limit else f"an untold limit, taken as {_ORDINARY:,} requests an hour"
    words = f"The workspace access token reads {named}, under {told}. Grants it can never read."
    return Seen(Name.WORKSPACE_TOKEN_READS, Level.AUTOMATIC, words, place.row, facts)


def _plan(place: Place, reads: list[str]) -> Seen:
    if not reads:
        return Seen(Name.PLAN, Level.UNKNOWN, _NO_PLAN, place.row, {})
    words = "Premium: a workspace access token works here, and no other plan has them."
    return Seen(Name.PLAN, Level.AUTOMATIC, words, place.row, {"plan": "Premium"})
