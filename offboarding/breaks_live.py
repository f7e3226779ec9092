"""What breaks when somebody leaves, as Bitbucket tells it now: rules that name them, what waits for them, what ran.

Bounded: places where they were given something by name, then what they can write, the newest first; never more than
half of what is left of the audit bot's hour. What was not looked at is said.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.conf import settings

from accounts.models import Person
from bitbucket.cloud import CloudClient
from bitbucket.errors import BudgetSpent, MissingScope, NotFound, RemoteError, Unauthorized
from bitbucket.resources import AccountReference, BranchRestriction
from offboarding.break_lines import Found, Line, listed, somewhere
from offboarding.models import Plan
from offboarding.pipeline_holdings import runs_of
from offboarding.written import repositories_written
from tokens.clients import bot_allowance
from tokens.inventory.labels import clean_label
from tokens.models import Grant, Project, Repository

REPOSITORIES_AT_MOST = 60
PROJECTS_AT_MOST = 20
# Restrictions, reviewers, pull requests, runs, and schedules where they ran something.
REQUESTS_EACH = 5
RESTRICTIONS, REVIEWERS, PULL_REQUESTS, RUNS, SCHEDULES = (
    "branch restrictions",
    "default reviewers",
    "open pull requests",
    "pipelines",
    "schedules",
)

Read = TypeVar("Read")


@dataclass
class _Named:
    """Places by what names them there."""

    restrictions: list[str] = field(default_factory=list)
    reviewers: list[str] = field(default_factory=list)
    pull_requests: list[str] = field(default_factory=list)
    schedules: list[str] = field(default_factory=list)
    runs: list[tuple[datetime, str]] = field(default_factory=list)


def live_breaks(plan: Plan, bot: CloudClient, *, spends_at_most: int) -> Found:
    """Ask place after place. Trouble raises nothing: it stands among what is unread.

    Args:
        plan: whose leaver.
        bot: who asks.
        spends_at_most: requests.
    """
    pks = chosen_repositories(plan)
    most = max(0, min(REPOSITORIES_AT_MOST, spends_at_most // REQUESTS_EACH))
    repositories = _in_order(pks[:most])
    asking = _Asking(bot, plan.person, spends_at_most)
    named = _Named()
    for one in repositories:
        asking.look_at(one, named)
    for project in chosen_projects(plan, repositories)[:PROJECTS_AT_MOST]:
        asking.look_at_project(project, named)
    unread = asking.unread()
    if len(pks) > len(repositories):
        unread.append(("repositories", f"{len(pks) - len(repositories)} further repositories were not looked at"))
    return Found(_lines(plan, named), unread, asking.requests)


def half_an_hour_left() -> int:
    """Half of what the audit bot may still send within this hour: the inventory wants some, too."""
    return bot_allowance().left() // 2


def chosen_repositories(plan: Plan) -> list[int]:
    """Rows of the repositories worth a look: where they were given something by name, then what they can write."""
    given = Grant.objects.filter(person=plan.person_id, repository__gone_at=None, repository__isnull=False)
    by_name = given.order_by("-first_seen_at", "pk").values_list("repository", flat=True)
    written = Repository.objects.filter(pk__in=repositories_written(plan)).order_by("-first_seen_at", "pk")
    return list(dict.fromkeys([*(pk for pk in by_name if pk), *written.values_list("pk", flat=True)]))


def chosen_projects(plan: Plan, repositories: Iterable[Repository]) -> list[Project]:
    """Where they were given something, and where the repositories are."""
    given = Grant.objects.filter(person=plan.person_id, project__isnull=False).values_list("project", flat=True)
    pks = {pk for pk in (*given, *(one.project_id for one in repositories)) if pk is not None}
    return list(Project.objects.select_related("workspace").filter(pk__in=pks, gone_at=None).order_by("pk"))


def _in_order(pks: list[int]) -> list[Repository]:
    found = Repository.objects.select_related("workspace").in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]


class _Asking:
    """Calls that may fail one by one."""

    def __init__(self, bot: CloudClient, person: Person, most: int) -> None:
        self._bot, self._person, self._most = bot, person, most
        self._lacking: dict[str, str] = {}
        self._failed: Counter[tuple[str, str]] = Counter()
        self.requests = 0

    def unread(self) -> list[tuple[str, str]]:
        """What was not read, with how many places."""
        found = [(what, f"{why} ({count} places)" if count > 1 else why) for (what, why), count in self._failed.items()]
        return [*found, *((what or "everything after that", why) for what, why in self._lacking.items())]

    def look_at(self, repository: Repository, named: _Named) -> None:
        """One repository."""
        bot, place, name = self._bot, (repository.workspace.uuid, repository.uuid), repository.full_name
        rules = self._ask(RESTRICTIONS, lambda: list(bot.branch_restrictions(*place)))
        mine = [one for one in rules or [] if self._names(one.users or ())]
        if mine:
            named.restrictions.append(f"{name} ({clean_label(', '.join(_rule(one) for one in mine))})")
        reviewers = self._ask(REVIEWERS, lambda: list(bot.repository_default_reviewers(*place)))
        named.reviewers += [name] if self._names(one.account for one in reviewers or []) else []
        if self._person.uuid:
            waiting = self._ask(PULL_REQUESTS, lambda: bot.pull_requests_to_review(*place, self._person.uuid))
            named.pull_requests += [f"{name} #{one.id}" for one in waiting.items] if waiting else []
            if waiting and waiting.has_more:
                self._failed[PULL_REQUESTS, "more are open there than were looked at"] += 1
        runs = self._ask(RUNS, lambda: runs_of(bot, self._person, *place))
        if not runs:
            return
        named.runs.append((max(one.created_at for one in runs if one.created_at), name))
        schedules = self._ask(SCHEDULES, lambda: list(bot.schedules(*place)))
        running = [one for one in schedules or [] if one.is_enabled]
        named.schedules += [f"{name} ({clean_label(one.cron_pattern, length=60)})" for one in running]

    def look_at_project(self, project: Project, named: _Named) -> None:
        """One project."""
        place = (project.workspace.uuid, project.key)
        reviewers = self._ask(REVIEWERS, lambda: list(self._bot.project_default_reviewers(*place)))
        named.reviewers += [f"project {project.key}"] if self._names(one.account for one in reviewers or []) else []

    def _ask(self, what: str, call: Callable[[], Read]) -> Read | None:
        if what in self._lacking or "" in self._lacking:
            return None
        if self.requests >= self._most:
            self._failed[what, "half of the hour's requests are spent"] += 1
            return None
        self.requests += 1
        try:
            return call()
        except (BudgetSpent, Unauthorized) as error:
            self._lacking[""] = str(error)
        except MissingScope as error:
            self._lacking[what] = f"the audit bot lacks {_scope(error)}"
        except NotFound:
            self._failed[what, "not shown to the audit bot (HTTP 404)"] += 1
        except RemoteError as error:
            self._failed[what, str(error)[:200]] += 1
        return None

    def _names(self, people: Iterable[AccountReference]) -> bool:
        person = self._person
        return any(
            one.account_id == person.account_id or (bool(person.uuid) and one.uuid == person.uuid) for one in people
        )


def _scope(error: MissingScope) -> str:
    return ", ".join(sorted(error.required)) or "a scope for it"


def _rule(rule: BranchRestriction) -> str:
    return f"{rule.kind} {rule.pattern or rule.branch_type}".strip()


def _lines(plan: Plan, named: _Named) -> list[Line]:
    who = plan.person
    lines = []
    if named.schedules:
        title = f"Look after what runs by the clock in {somewhere(named.schedules)}"
        why = f"Nobody is told who made a schedule, and {who} ran pipelines there"
        lines.append(Line("schedules", title, f"{why}: {listed(named.schedules)}.", task=True))
    if named.restrictions:
        title = f"Name somebody else in the branch restrictions of {somewhere(named.restrictions, 'repositories')}"
        why = f"{who} is named there; where nobody else is, nobody may push or merge"
        link = _link(named.restrictions, "admin/branch-restrictions")
        lines.append(Line("branch_restrictions", title, f"{why}: {listed(named.restrictions)}.", link, task=True))
    if named.reviewers:
        title = f"Name another default reviewer for {somewhere(named.reviewers)}"
        why = f"Every new pull request there asks {who}"
        link = _link(named.reviewers, "admin/reviewers")
        lines.append(Line("default_reviewers", title, f"{why}: {listed(named.reviewers)}.", link, task=True))
    if named.pull_requests:
        title = f"Find another reviewer for {somewhere(named.pull_requests, 'open pull requests')}"
        lines.append(Line("pull_requests", title, f"They wait for {who}: {listed(named.pull_requests)}.", task=True))
    if named.runs:
        at, where = max(named.runs)
        places = listed([name for _, name in sorted(named.runs, reverse=True)])
        title = f"Last run by {who}: {at:%d %B %Y %H:%M} UTC in {where}"
        lines.append(Line("runs", title, f"What they ran lately runs with secrets they could use: {places}."))
    return lines


def _link(places: list[str], page: str) -> str:
    """The settings of the one repository; several have no page in common."""
    name = places[0].partition(" (")[0]
    is_repository = len(places) == 1 and not name.startswith("project ")
    return f"{settings.BITBUCKET_WEB_URL}/{name}/{page}" if is_repository else ""
