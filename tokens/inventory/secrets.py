"""How many secrets a repository's pipelines hold. Whoever may push starts a pipeline, which runs with them.

Numbers and names of environments only; no variable's name or value is kept.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from bitbucket.cloud import CloudClient
from bitbucket.errors import MissingScope, NotFound, Permanent
from bitbucket.resources import Variable
from tokens.inventory.labels import clean_label
from tokens.models import Repository

VARIABLES, ENVIRONMENTS, RUNNERS = PARTS = ("variables", "environments", "runners")
ENVIRONMENTS_AT_MOST = 50
LACKS: Final = "The audit bot lacks "
NEEDS = {
    VARIABLES: "read:pipeline:bitbucket",
    ENVIRONMENTS: "read:pipeline:bitbucket",
    RUNNERS: "read:runner:bitbucket",
}
HIDDEN: Final = "Bitbucket does not show it (HTTP 404): pipelines may be off there, or hidden from the audit bot"
_TOO_MANY: Final = f"It has more than {ENVIRONMENTS_AT_MOST} environments"

Found = dict[str, Any]


def read_secrets_of(bot: CloudClient, repository: Repository) -> tuple[Found, dict[str, str]]:
    """Count what the pipelines of one repository hold.

    Args:
        bot: who asks.
        repository: with its workspace.

    Returns:
        What was read, by part, and for the others why not. A part is in exactly one of the two.

    Raises:
        Transient: worth another try; nothing is known.
    """
    workspace, place = repository.workspace.uuid, repository.uuid
    calls: dict[str, Callable[[], Any]] = {
        VARIABLES: lambda: _counted(bot.repository_variables(workspace, place)),
        ENVIRONMENTS: lambda: _environments(bot, workspace, place),
        RUNNERS: lambda: sum(1 for _ in bot.repository_runners(workspace, place)),
    }
    found: Found = {}
    unread: dict[str, str] = {}
    for part, call in calls.items():
        if f"{LACKS}{NEEDS[part]}" in unread.values():
            unread[part] = f"{LACKS}{NEEDS[part]}"
            continue
        try:
            found[part] = call()
        except Permanent as error:
            unread[part] = _reason(part, error)
        except OverflowError:
            unread[part] = _TOO_MANY
    return found, unread


def _environments(bot: CloudClient, workspace: str, place: str) -> list[dict[str, Any]]:
    listed = list(bot.deployment_environments(workspace, place))
    if len(listed) > ENVIRONMENTS_AT_MOST:
        raise OverflowError
    return [
        {"name": clean_label(one.name, length=100), **_counted(bot.deployment_variables(workspace, place, one.uuid))}
        for one in listed
    ]


def _counted(variables: Iterable[Variable]) -> dict[str, int]:
    secured = [one.is_secured for one in variables]
    return {"secured": secured.count(True), "readable": secured.count(False)}


def _reason(part: str, error: Permanent) -> str:
    if isinstance(error, MissingScope):
        return f"{LACKS}{NEEDS[part]}"
    if isinstance(error, NotFound):
        return HIDDEN
    return f"{error.words[:1].upper()}{error.words[1:]}" + (f" (HTTP {error.status})" if error.status else "")


def secured_in(found: Found) -> int:
    """How many secured variables are known, of the repository and of all its environments."""
    places = [found.get(VARIABLES, {}), *found.get(ENVIRONMENTS, [])]
    return sum(int(place.get("secured", 0)) for place in places)
