"""Pipelines, variables and the rest: on the repositories the demo talks about, and on every tenth one."""

from datetime import datetime, timedelta

from sandbox import keys
from sandbox.automation import Environment, Pipeline, PullRequest, Restriction, Runner, Schedule, Variable
from sandbox.deploy_keys import public_key
from sandbox.model import Account, Repository
from sandbox.workspaces import Workspace

_ALWAYS = ("web", "api", "infrastructure", "payments", "mobile")
_EVERY = 10
_LAST_EVENING = (22, 14)


def automate(made: Workspace, people: list[Account], seed: int, epoch: datetime) -> None:
    """Add what runs in the workspace; Lee ran something yesterday evening and is named in rules."""
    by_key = {person.key: person.account_id for person in people}
    for repository in made.repositories:
        if repository.slug in _ALWAYS or repository.index % _EVERY == _EVERY - 1:
            _add_pipelines(made, repository, (by_key["aria"], by_key["emma"]), seed, epoch)
            _add_variables(made, repository, seed)
    _let_members_run(made, people, seed, epoch)
    _add_to_workspace(made, seed, epoch)
    _name_lee(made, by_key["lee"], seed, epoch)


def _add_pipelines(
    made: Workspace, repository: Repository, creators: tuple[str, ...], seed: int, epoch: datetime
) -> None:
    made.automation.pipelines[repository.uuid] = [
        Pipeline(
            uuid=keys.braced(seed, "pipeline", repository.uuid, number),
            number=number,
            creator=creators[number % len(creators)],
            created_at=epoch - timedelta(days=8 - 2 * number, hours=repository.index % 12),
        )
        for number in (1, 2, 3)
    ]


def _let_members_run(made: Workspace, people: list[Account], seed: int, epoch: datetime) -> None:
    """Numbered members ran something where they may write and pipelines are used, but in none of the named ones."""
    members = {person.account_id: person.key for person in people if person.key.startswith("member-")}
    for repository in made.repositories[_EVERY - 1 :: _EVERY]:
        given = made.grants.on("repository", "users", repository.uuid)
        writers = [name for name, permission in given.items() if permission == "write" and name in members]
        for account_id in writers if repository.slug not in _ALWAYS else ():
            runs = made.automation.pipelines[repository.uuid]
            key = keys.braced(seed, "pipeline", repository.uuid, members[account_id])
            runs.append(Pipeline(key, len(runs) + 1, account_id, epoch - timedelta(hours=30 + len(runs))))


def _variable(seed: int, place: str, key: str, value: str = "") -> Variable:
    return Variable(keys.braced(seed, "variable", place, key), key, value, secured=not value)


def _add_variables(made: Workspace, repository: Repository, seed: int) -> None:
    kept, place = made.automation, repository.uuid
    kept.variables[place] = [_variable(seed, place, "REGION", "eu-central-1"), _variable(seed, place, "REGISTRY_TOKEN")]
    kept.environments[place] = [
        Environment(keys.braced(seed, "environment", place, name), name) for name in ("Test", "Production")
    ]
    for one in kept.environments[place]:
        host = _variable(seed, one.uuid, "HOST", f"{repository.slug}.{one.name.lower()}.acme.test")
        kept.variables[one.uuid] = [host, _variable(seed, one.uuid, "DEPLOY_SECRET")]


def _add_to_workspace(made: Workspace, seed: int, epoch: datetime) -> None:
    kept = made.automation
    kept.variables[made.uuid] = [
        _variable(seed, made.uuid, "COMPANY", "acme"),
        _variable(seed, made.uuid, "SIGNING_SECRET"),
    ]
    kept.runners[made.uuid] = [_runner(seed, made.uuid, "acme-linux-1", epoch)]


def _runner(seed: int, place: str, name: str, epoch: datetime) -> Runner:
    labels = ("self.hosted", "linux")
    return Runner(keys.braced(seed, "runner", place, name), name, labels, epoch - timedelta(days=150))


def _name_lee(made: Workspace, lee: str, seed: int, epoch: datetime) -> None:
    kept = made.automation
    web, api, infrastructure = (made.repository(slug) for slug in ("web", "api", "infrastructure"))
    if web is not None:
        kept.pipelines[web.uuid].append(_last_evening(seed, web, lee, epoch))
        kept.restrictions[web.uuid] = [
            Restriction(1, "push", "main", (lee,), ("maintainers",)),
            Restriction(2, "force", "main"),
        ]
    if api is not None:
        kept.reviewers[api.uuid] = [lee]
        kept.reviewers[made.projects[-1].uuid] = [lee]
    if web is not None and api is not None:
        _open_pull_requests(made, web, api, lee, epoch)
    if infrastructure is not None:
        schedule = keys.braced(seed, "schedule", infrastructure.uuid)
        kept.schedules[infrastructure.uuid] = [Schedule(schedule, "0 15 2 * * ? *", "main", epoch - timedelta(days=90))]
        kept.runners[infrastructure.uuid] = [_runner(seed, infrastructure.uuid, "infrastructure-1", epoch)]
        kept.ssh_keys[infrastructure.uuid] = public_key(seed, "pipelines", infrastructure.uuid)


def _last_evening(seed: int, web: Repository, lee: str, epoch: datetime) -> Pipeline:
    hour, minute = _LAST_EVENING
    moment = (epoch - timedelta(days=1)).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return Pipeline(keys.braced(seed, "pipeline", web.uuid, "evening"), 4, lee, moment, trigger="manual")


def _open_pull_requests(made: Workspace, web: Repository, api: Repository, lee: str, epoch: datetime) -> None:
    """Two wait for Lee's review, one is Lee's own."""
    emma = next((name for name in made.seats if ":emma-" in name), lee)
    kept, age = made.automation.pull_requests, timedelta(days=3)
    kept[web.uuid] = [
        PullRequest(41, "Cart keeps its rows", emma, (lee,), epoch - age, "cart"),
        PullRequest(42, "Faster start", lee, (emma,), epoch - age, "start"),
    ]
    kept[api.uuid] = [PullRequest(17, "Page the orders", emma, (lee,), epoch - age, "orders")]
