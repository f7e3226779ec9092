"""What the audit bot sees of one workspace: a dozen requests, all of them reads."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from django.conf import settings

from accounts.models import Workspace
from bitbucket.cloud import CloudClient
from bitbucket.errors import MissingScope, NotFound, Permanent, Unauthorized
from bitbucket.resources import DeployKey, WorkspacePermission
from tokens.catalogue.diagnosis import diagnose
from tokens.inventory.labels import clean_label
from tokens.inventory.setup import scopes
from tokens.inventory.setup.keys import Bot
from tokens.inventory.setup.seen import Level, Name, Read, Seen, said, tried

Item = TypeVar("Item")
Step = Callable[[], list[Seen]]
_USER_DIRECTORY = "/workspace/settings/user-directory"


@dataclass(frozen=True)
class Place:
    """A workspace as the probes address it.

    Args:
        uuid: as the settings name it.
        row: the portal's own row of it.
        repository: the uuid of one repository in it, empty where none is seen.
        project: the key of one project in it, empty where none is seen.
    """

    uuid: str
    row: Workspace
    repository: str = ""
    project: str = ""


def entered(bot: CloudClient, uuid: str) -> tuple[Place | None, list[Seen]]:
    """Look at a workspace itself, and at the first repository and project that the bot sees in it.

    Args:
        bot: who looks.
        uuid: the workspace.

    Returns:
        What the other probes work with, None where the bot does not see it; and what this look showed.
    """
    try:
        found = bot.workspace(uuid)
    except Unauthorized:
        raise
    except Permanent as refusal:
        return None, _closed_door(uuid, refusal)
    row, _ = Workspace.objects.update_or_create(
        uuid=uuid, defaults={"slug": found.slug, "name": clean_label(found.name)}
    )
    open_door = "Bitbucket answers from here: an IP allowlist, if there is one, lets this address in."
    place = Place(uuid, row, *_first_places(bot, uuid))
    return place, [Seen(Name.IP_ALLOWLIST, Level.AUTOMATIC, open_door, row, {})]


def _first_places(bot: CloudClient, uuid: str) -> tuple[str, str]:
    repository = _first_of(bot.repositories, uuid)
    project = _first_of(bot.projects, uuid)
    return repository.uuid if repository else "", project.key if project else ""


def _first_of(listing: Callable[[str], Iterator[Item]], uuid: str) -> Item | None:
    try:
        return next(listing(uuid), None)
    except Permanent:
        return None  # the probe of this very listing says why


def _closed_door(uuid: str, refusal: Permanent) -> list[Seen]:
    row = Workspace.objects.filter(uuid=uuid).first()
    if diagnose(refusal.detail).cause == "ip_allowlist":
        words = (
            f"Bitbucket refuses this address ({said(refusal)}). Put the worker's address on the workspace's allowlist."
        )
        return [Seen(Name.IP_ALLOWLIST, Level.MANUAL, words, row, {})]
    if isinstance(refusal, MissingScope):
        words = (
            f"The audit bot cannot open workspace {uuid}: its token lacks {scopes.READ_WORKSPACE}. Nothing in it is"
            " read. Make it a new token with that."
        )
        return [Seen(Name.READ_MEMBERS, Level.MANUAL, words, row, {"lacks": [scopes.READ_WORKSPACE]})]
    hint = " A 404 also means: no seat in it." if isinstance(refusal, NotFound) else ""
    words = f"The audit bot cannot open workspace {uuid} ({said(refusal)}).{hint} Invite it as an administrator."
    return [Seen(Name.READ_MEMBERS, Level.MANUAL, words, row, {})]


def reads(bot: Bot, place: Place) -> list[Step]:
    """One step for each list that a sync reads, done on one place of its kind."""
    return [partial(_tried, read, bot, place) for read in (*_lists(bot.client, place), *_grants(bot.client, place))]


def _tried(read: Read, bot: Bot, place: Place) -> list[Seen]:
    return [tried(read, who=bot.words, has=bot.reading.scopes, workspace=place.row)]


def _lists(bot: CloudClient, place: Place) -> list[Read]:
    lists = (
        (Name.READ_MEMBERS, "members", bot.members, scopes.READ_WORKSPACE),
        (Name.READ_PROJECTS, "projects", bot.projects, scopes.READ_PROJECT),
        (Name.READ_REPOSITORIES, "repositories", bot.repositories, scopes.READ_REPOSITORY),
    )
    by_hand = "look at the workspace's settings by hand"
    return [Read(name, what, _begun(ask, place.uuid), (scope,), by_hand) for name, what, ask, scope in lists]


def _begun(listing: Callable[[str], Iterator[object]], uuid: str) -> Callable[[], dict[str, Any]]:
    def ask() -> dict[str, Any]:
        next(listing(uuid), None)
        return {}

    return ask


def _grants(bot: CloudClient, place: Place) -> list[Read]:
    by_hand = "look at each repository's and project's settings by hand"
    grants = (scopes.READ_REPOSITORY, scopes.READ_PROJECT)
    keys = (scopes.ADMIN_REPOSITORY, scopes.ADMIN_PROJECT)
    people = _of_both(bot.repository_user_grants, bot.project_user_grants, place)
    groups = _of_both(bot.repository_group_grants, bot.project_group_grants, place)
    return [
        Read(Name.READ_USER_GRANTS, "the grants of people", people, grants, by_hand),
        Read(Name.READ_GROUP_GRANTS, "the grants of groups", groups, grants, by_hand),
        Read(Name.READ_DEPLOY_KEYS, "deploy keys", partial(_deploy_keys, bot, place), keys, by_hand),
    ]


def _of_both(
    of_repository: Callable[[str, str], Iterator[object]],
    of_project: Callable[[str, str], Iterator[object]],
    place: Place,
) -> Callable[[], dict[str, Any]]:
    def ask() -> dict[str, Any]:
        if place.repository:
            next(of_repository(place.uuid, place.repository), None)
        if place.project:
            next(of_project(place.uuid, place.project), None)
        return _where(place)

    return ask


def _deploy_keys(bot: CloudClient, place: Place) -> dict[str, Any]:
    mine = bot.repository_deploy_keys(place.uuid, place.repository) if place.repository else iter(())
    project = bot.project_deploy_keys(place.uuid, place.project) if place.project else iter(())
    return _where(place) | {
        "repository_keys": _last_use(list(islice(mine, 10))),
        "project_keys": _last_use(list(islice(project, 10))),
    }


def _last_use(keys: list[DeployKey]) -> str:
    """Nobody confirms that a project's key tells its last use."""
    if not keys:
        return "no key seen"
    return "last use told" if any(key.last_used_at for key in keys) else "no last use told"


def _where(place: Place) -> dict[str, Any]:
    tried_on = {"repository": place.repository, "project": place.project}
    return {"tried_on": [kind for kind, name in tried_on.items() if name]}


def administration(bot: CloudClient, place: Place) -> list[Seen]:
    """Who can take a seat away: the organisation's directory, or a person on Bitbucket's page."""
    try:
        seats = bot.first_workspace_permissions(place.uuid).items
    except Unauthorized:
        raise
    except Permanent as refusal:
        words = f"Where members are administered cannot be told ({said(refusal)}). Take seats away by hand."
        return [Seen(Name.MANAGE_MEMBERS, Level.UNKNOWN, words, place.row, {})]
    return [_managed(place, seats)]


def _managed(place: Place, seats: Collection[WorkspacePermission]) -> Seen:
    page = f"{settings.BITBUCKET_WEB_URL}/{place.row.slug}{_USER_DIRECTORY}"
    if not seats:
        words = "No seat could be seen, so nobody can tell where members are administered."
        return Seen(Name.MANAGE_MEMBERS, Level.UNKNOWN, words, place.row, {})
    if any(seat.has_dates for seat in seats):
        words = f"Administered in bitbucket.org, which has no call for it: take a seat away at {page}"
        return Seen(Name.MANAGE_MEMBERS, Level.MANUAL, words, place.row, {"in": "bitbucket.org", "page": page})
    facts = {"in": "admin.atlassian.com"}
    if not settings.ATLASSIAN_DIRECTORY_ID:
        words = "Administered in admin.atlassian.com. Set ATLASSIAN_DIRECTORY_ID, or take seats away there by hand."
        return Seen(Name.MANAGE_MEMBERS, Level.MANUAL, words, place.row, facts)
    words = (
        "Administered in admin.atlassian.com (seats carry no dates), and its directory is known."
        " Taking a seat away was not tried."
    )
    return Seen(Name.MANAGE_MEMBERS, Level.AUTOMATIC, words, place.row, facts)
