"""What runs or waits in a workspace beside people: pipelines, variables, runners, restrictions, reviewers."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Pipeline:
    """One run; `creator` is an account id, `trigger` how it started: push, manual or schedule."""

    uuid: str
    number: int
    creator: str
    created_at: datetime
    branch: str = "main"
    trigger: str = "push"


@dataclass(frozen=True)
class Variable:
    """A variable of a workspace, repository or environment; of a secured one the value is told to nobody."""

    uuid: str
    key: str
    value: str = ""
    secured: bool = True


@dataclass(frozen=True)
class Environment:
    """A deployment environment."""

    uuid: str
    name: str


@dataclass(frozen=True)
class Runner:
    """A runner of a workspace or repository; it holds an OAuth client of its own."""

    uuid: str
    name: str
    labels: tuple[str, ...]
    created_at: datetime
    status: str = "ONLINE"


@dataclass(frozen=True)
class Schedule:
    """A run that starts by the clock; nothing in it says whose it is."""

    uuid: str
    cron: str
    branch: str
    created_at: datetime


@dataclass(frozen=True)
class Restriction:
    """A rule on branches with the people and groups that are exempt."""

    id: int
    kind: str
    pattern: str
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class PullRequest:
    """An open pull request; `author` and `reviewers` are account ids."""

    id: int
    title: str
    author: str
    reviewers: tuple[str, ...]
    created_at: datetime
    branch: str = "feature"


@dataclass
class Automation:
    """All of it, by the uuid of the workspace, project, repository or environment it belongs to."""

    pipelines: dict[str, list[Pipeline]] = field(default_factory=dict)
    variables: dict[str, list[Variable]] = field(default_factory=dict)
    environments: dict[str, list[Environment]] = field(default_factory=dict)
    runners: dict[str, list[Runner]] = field(default_factory=dict)
    schedules: dict[str, list[Schedule]] = field(default_factory=dict)
    restrictions: dict[str, list[Restriction]] = field(default_factory=dict)
    reviewers: dict[str, list[str]] = field(default_factory=dict)
    ssh_keys: dict[str, str] = field(default_factory=dict)
    pull_requests: dict[str, list[PullRequest]] = field(default_factory=dict)
