"""What the pipelines of one place hold, and what the leaver ran there: names, never a value.

A 404 means that pipelines are off there, or that we may not see it: only our own right, read after it, tells which.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.utils import timezone

from accounts.models import Person, Workspace
from bitbucket.cloud import CloudClient
from bitbucket.errors import MissingScope, NotFound, Permanent, Unauthorized
from bitbucket.resources import Pipeline, PipelineSshKey, Variable
from tokens.inventory.labels import clean_label
from tokens.inventory.secrets import ENVIRONMENTS, ENVIRONMENTS_AT_MOST, LACKS, NEEDS, RUNNERS, VARIABLES
from tokens.models import Repository

KEY, RUNS = "pipeline key", "runs"
RECENT = timedelta(days=30)
HIDDEN = "not shown (HTTP 404)"
_NEEDS = NEEDS | {KEY: "read:pipeline:bitbucket", RUNS: "read:pipeline:bitbucket"}
_TOO_MANY = f"it has more than {ENVIRONMENTS_AT_MOST} environments"

Read = TypeVar("Read")


@dataclass
class Holding:
    """What one place holds.

    Attributes:
        variables: ``{"name", "secured", "where"}`` of each.
        runners: their names.
        has_pipeline_key: whether its pipelines have an SSH key.
        runs: how many the leaver started within `RECENT`.
        last_run_at: when they started the newest of them.
        unread: by part, why not.
    """

    variables: list[dict[str, Any]] = field(default_factory=list)
    runners: list[str] = field(default_factory=list)
    has_pipeline_key: bool = False
    runs: int = 0
    last_run_at: datetime | None = None
    unread: dict[str, str] = field(default_factory=dict)

    @property
    def is_anything(self) -> bool:
        """Whether somebody has something to do here."""
        return bool(self.variables or self.runners or self.has_pipeline_key or self.runs)


class Holdings:
    """Reads place after place. A part for which the bot lacks the scope is asked for once, not everywhere.

    Args:
        bot: who asks.
        person: the leaver.
    """

    def __init__(self, bot: CloudClient, person: Person) -> None:
        self._bot, self._person = bot, person
        self._lacking: dict[str, str] = {}

    def of_workspace(self, workspace: Workspace) -> Holding:
        """What every pipeline of the workspace runs with.

        Raises:
            Transient: worth another try.
            Unauthorized: the bot's token was not accepted.
        """
        found, bot = Holding(), self._bot
        where = f"workspace {workspace}"
        listed = self._read(found, VARIABLES, lambda: list(bot.workspace_variables(workspace.uuid)))
        found.variables = _named(listed, where)
        runners = self._read(found, RUNNERS, lambda: list(bot.workspace_runners(workspace.uuid)))
        found.runners = [clean_label(one.name, length=100) for one in runners]
        return found

    def of_repository(self, repository: Repository) -> Holding:
        """What the pipelines of one repository run with, and what the leaver ran there.

        Args:
            repository: with its workspace.

        Raises:
            Transient: worth another try.
            Unauthorized: the bot's token was not accepted.
        """
        found, bot = Holding(), self._bot
        place = (repository.workspace.uuid, repository.uuid)
        listed = self._read(found, VARIABLES, lambda: list(bot.repository_variables(*place)))
        found.variables = _named(listed, "repository")
        found.variables += self._read(found, ENVIRONMENTS, lambda: self._deployments(*place))
        runners = self._read(found, RUNNERS, lambda: list(bot.repository_runners(*place)))
        found.runners = [clean_label(one.name, length=100) for one in runners]
        found.has_pipeline_key = bool(self._read(found, KEY, lambda: self._key(*place)))
        runs = self._read(found, RUNS, lambda: runs_of(bot, self._person, *place))
        found.runs = len(runs)
        found.last_run_at = max((one.created_at for one in runs if one.created_at), default=None)
        return found

    def _read(self, found: Holding, part: str, call: Callable[[], list[Read]]) -> list[Read]:
        if part in self._lacking:
            found.unread[part] = self._lacking[part]
            return []
        try:
            return call()
        except Unauthorized:
            raise
        except Permanent as error:
            found.unread[part] = self._reason(part, error)
        except OverflowError:
            found.unread[part] = _TOO_MANY
        return []

    def _reason(self, part: str, error: Permanent) -> str:
        if isinstance(error, NotFound):
            return HIDDEN
        if not isinstance(error, MissingScope):
            return str(error)[:300]
        self._lacking[part] = LACKS[:1].lower() + LACKS[1:] + _NEEDS[part]
        return self._lacking[part]

    def _key(self, workspace: str, repository: str) -> list[PipelineSshKey]:
        """The one there is. Most repositories have none, which is a 404, too."""
        try:
            return [self._bot.pipelines_ssh_key(workspace, repository)]
        except NotFound:
            return []

    def _deployments(self, workspace: str, repository: str) -> list[dict[str, Any]]:
        listed = list(self._bot.deployment_environments(workspace, repository))
        if len(listed) > ENVIRONMENTS_AT_MOST:
            raise OverflowError
        found: list[dict[str, Any]] = []
        for one in listed:
            variables = self._bot.deployment_variables(workspace, repository, one.uuid)
            found += _named(variables, f"deployment {clean_label(one.name, length=100)}")
        return found


def _named(variables: Iterable[Variable], where: str) -> list[dict[str, Any]]:
    return [{"name": clean_label(one.key, length=100), "secured": one.is_secured, "where": where} for one in variables]


def runs_of(bot: CloudClient, person: Person, workspace: str, repository: str) -> list[Pipeline]:
    """What one person started lately in a repository. No source confirms the filter, so each answer is looked at."""
    page = bot.pipelines(workspace, repository, creator_uuid=person.uuid)
    since = timezone.now() - RECENT
    return [
        one
        for one in page.items
        if one.created_at is not None
        and one.created_at >= since
        and (one.creator.account_id == person.account_id or (person.uuid and one.creator.uuid == person.uuid))
    ]
