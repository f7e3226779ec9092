"""One person's rights, live: what the audit bot is told in each served workspace, and what it could not read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.models import Person, Workspace
from bitbucket.cloud import CloudClient
from bitbucket.errors import BudgetSpent, RemoteError, Transient
from bitbucket.person_reading import PersonReading, UserFilter
from bitbucket.person_reading import read_person as read_live
from tokens.inventory.moments import database_now
from tokens.inventory.planning import requests_left
from tokens.models import Capability, EffectiveRight, Project, Repository

# Without a filter everybody's rows come back. Past this many they are not worth their requests.
ROWS_AT_MOST = 5_000
ROWS_OF_ONE_AT_MOST = 20_000
LEVELS = ("read", "write", "admin")
# Without these two a listing of rights may be shorter than the rights are.
RIGHTS_REST_ON = frozenset({"effective permissions", "our own role"})
LEFT_TO_INVENTORY = "left to the inventory: asking at each place would take too many of this hour's requests"
_EXPLICIT = "explicit grants"
_UNREAD_KEPT = 25
# Membership, the own role and a few pages of rights.
_BESIDE_GRANTS = 10


@dataclass(frozen=True)
class WorkspaceRights:
    """What one pass told of one workspace.

    Attributes:
        workspace: where.
        reading: what came out.
        began: when the pass began, by the database's clock.
    """

    workspace: Workspace
    reading: PersonReading
    began: datetime

    @property
    def is_whole(self) -> bool:
        """Whether the rights were read to their end; grants and membership may be missing all the same."""
        return not any(one.part in RIGHTS_REST_ON for one in self.reading.unread)

    @property
    def looked_for_grants(self) -> bool:
        """Whether explicit grants were asked for at each place."""
        return not any(one.part == _EXPLICIT for one in self.reading.unread)


def read_rights(bot: CloudClient, person: Person, *, with_grants: bool) -> list[WorkspaceRights]:
    """Read one person in every served workspace. Trouble at Bitbucket raises nothing: it stands among what is unread.

    Args:
        bot: who asks; it must administer the workspaces.
        person: whom to read.
        with_grants: whether explicit grants are asked for at each place, where the hour has requests for it.
    """
    found = []
    for uuid in settings.BITBUCKET_WORKSPACES:
        workspace, _ = Workspace.objects.get_or_create(uuid=uuid, defaults={"slug": uuid})
        began = database_now()
        grants = with_grants and _affords_grants(person, workspace)
        reading = read_workspace_rights(bot, person, workspace, with_grants=grants)
        found.append(WorkspaceRights(workspace, reading, began))
    return found


def read_workspace_rights(
    bot: CloudClient, person: Person, workspace: Workspace, *, with_grants: bool
) -> PersonReading:
    """Read one person in one workspace, however many requests that takes; see `read_rights`."""
    level, known = _filter_level(workspace), _known(workspace)
    is_proven = level == Capability.Level.AUTOMATIC
    most = ROWS_OF_ONE_AT_MOST if is_proven and person.uuid else ROWS_AT_MOST

    def one_pass(*, use_filter: bool) -> PersonReading:
        return read_live(
            bot,
            workspace.uuid,
            person.uuid,
            person.account_id,
            user_filter_works=use_filter,
            known=known,
            with_grants=with_grants,
            rows_at_most=most,
        )

    reading = one_pass(use_filter=level != Capability.Level.MANUAL)
    # A filter that nobody has proven yet may match nobody at all, and would make everybody look clean.
    is_doubtful = reading.user_filter is UserFilter.WORKED and not reading.repositories
    return one_pass(use_filter=False) if is_doubtful and not is_proven else reading


def _filter_level(workspace: Workspace) -> str:
    seen = Capability.objects.filter(name=Capability.Name.FILTER_BY_PERSON, workspace=workspace).first()
    return seen.level if seen else Capability.Level.UNKNOWN


def _known(workspace: Workspace) -> dict[str, tuple[str, str]]:
    rows = Repository.objects.filter(workspace=workspace, gone_at=None)
    return {uuid: (slug, key or "") for uuid, slug, key in rows.values_list("uuid", "slug", "project__key")}


def _affords_grants(person: Person, workspace: Workspace) -> bool:
    """One click may take half of what is left of the hour: the inventory wants some, too."""
    rights = EffectiveRight.objects.filter(person=person, repository__workspace=workspace)
    places = rights.count() or Repository.objects.filter(workspace=workspace, gone_at=None).count()
    places += Project.objects.filter(workspace=workspace, gone_at=None).count()
    return places + _BESIDE_GRANTS <= requests_left() // 2


def reach_of(found: list[WorkspaceRights]) -> dict[str, int] | None:
    """Repositories at which the person has at least each level, over all workspaces; None where one was not read."""
    if not all(one.is_whole for one in found):
        return None
    held = [
        LEVELS.index(repository.permission) if repository.permission in LEVELS else -1
        for one in found
        for repository in one.reading.repositories
    ]
    return {name: sum(1 for level in held if level >= number) for number, name in enumerate(LEVELS)}


def trouble_of(found: list[WorkspaceRights], *, parts: frozenset[str] | None = None) -> RemoteError | None:
    """The error worth another try, where there was one; else any other error of a call.

    Args:
        found: the passes.
        parts: only what kept these parts unread; None for every part.
    """
    unread = [each for one in found for each in one.reading.unread if parts is None or each.part in parts]
    errors = [each.error for each in unread if each.error is not None]
    return next((error for error in errors if isinstance(error, Transient)), errors[0] if errors else None)


def result_of(found: list[WorkspaceRights], unknown: dict[int, int]) -> dict[str, Any]:
    """What the person's page shows of one reading, as plain data.

    Args:
        found: the passes.
        unknown: by workspace, how many repositories they reach that the inventory does not know yet.
    """
    return {
        "workspaces": [_workspace_result(one, unknown.get(one.workspace.pk, 0)) for one in found],
        "requests": sum(one.reading.requests for one in found),
        "complete": all(one.reading.is_complete for one in found),
    }


def _workspace_result(one: WorkspaceRights, unknown: int) -> dict[str, Any]:
    unread = [[each.part, _reason(each.reason, each.error)] for each in one.reading.unread]
    return {
        "name": str(one.workspace),
        "at": one.began.isoformat(),
        "whole": one.is_whole,
        "looked_for_grants": one.looked_for_grants,
        "is_member": one.reading.is_member,
        "filter": one.reading.user_filter.value,
        "repositories": len(one.reading.repositories),
        "unknown": unknown,
        "grants": len(one.reading.grants),
        "unread": unread[:_UNREAD_KEPT],
        "unread_more": max(0, len(unread) - _UNREAD_KEPT),
    }


def _reason(reason: str, error: RemoteError | None) -> str:
    if reason == "left to the inventory":
        return LEFT_TO_INVENTORY
    return "the hour's requests are spent" if isinstance(error, BudgetSpent) else reason[:300]
