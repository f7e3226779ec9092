"""Can the listing of effective rights be narrowed to one person? No source confirms it, and much hangs on it."""

from itertools import islice

from bitbucket.cloud import CloudClient
from bitbucket.cloud.reader import PAGE_LENGTH
from bitbucket.errors import Invalid, Permanent, Unauthorized
from bitbucket.resources import RepositoryPermission
from tokens.inventory.setup.seen import Level, Name, Seen, said
from tokens.inventory.setup.workspaces import Place

_NOBODY = "{00000000-0000-0000-0000-000000000000}"
_DEAR = "One person's rights cost a read of every repository."


def person_filter(bot: CloudClient, place: Place, account_id: str) -> list[Seen]:
    """Ask for the bot's own rights, then for those of nobody: a page of each.

    One answer alone proves nothing: a listing that ignores the filter may begin with the very person asked for.

    Args:
        bot: who asks; it must administer the workspace.
        place: where.
        account_id: the bot's own account.
    """
    try:
        own = bot.member(place.uuid, account_id).uuid
        mine = _page(bot, place, own)
    except Unauthorized:
        raise
    except Invalid as refusal:
        return [_said(place, Level.MANUAL, f"The filter is refused ({said(refusal)}). {_DEAR}", "refused")]
    except Permanent as refusal:
        words = f"The audit bot cannot read effective rights ({said(refusal)}). Make it an administrator."
        return [_said(place, Level.MANUAL, words, "unreadable")]
    if any(row.user_uuid != own for row in mine) or _page_of_nobody(bot, place):
        return [_said(place, Level.MANUAL, f"The filter is ignored: everybody's rows come back. {_DEAR}", "ignored")]
    if not mine:
        words = "The audit bot reaches no repository, so nobody can tell whether the filter works."
        return [_said(place, Level.UNKNOWN, words, "unknown")]
    return [_said(place, Level.AUTOMATIC, "The filter works: one person's rights cost one page for each 100.", "works")]


def _page(bot: CloudClient, place: Place, uuid: str) -> list[RepositoryPermission]:
    return list(islice(bot.repository_permissions(place.uuid, user_uuid=uuid), PAGE_LENGTH))


def _page_of_nobody(bot: CloudClient, place: Place) -> list[RepositoryPermission]:
    try:
        return _page(bot, place, _NOBODY)
    except Permanent:
        return []  # to refuse an unknown person is to look at the filter


def _said(place: Place, level: Level, words: str, facts: str) -> Seen:
    return Seen(Name.FILTER_BY_PERSON, level, words, place.row, {"filter": facts})
