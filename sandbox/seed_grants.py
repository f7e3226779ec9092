"""Gives the cast what it reaches, by the ways a real workspace has: groups, projects, and grants to one person.

Emma, Aria and Lee share one group's reading and another's writing of the first repositories; what each of them
reaches beyond comes by another way. Numbered members have explicit grants on twenty repositories each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from sandbox import cast
from sandbox.explicit import Holder
from sandbox.model import Account, Group, Repository
from sandbox.options import Options
from sandbox.workspaces import Workspace

_ADMINISTERED, _MEMBER_READS, _MEMBER_WRITES = 20, 20, 6
# Lee holds these twice, through a group and in person: taking one grant away leaves the other.
_TWICE = 5


@dataclass(frozen=True)
class Shares:
    """How many repositories, from the first one on, each of the cast reads and writes."""

    emma_reads: int
    emma_writes: int
    aria_writes: int
    lee_reads: int
    lee_writes: int

    @classmethod
    def of(cls, options: Options) -> Self:
        """Work them out; `leaver_repositories` sets what Lee reaches, a third of it to write."""
        roles, total = {role.key: role for role in cast.CAST}, options.repositories
        lee = roles["lee"]
        wanted = options.leaver_repositories
        reads = round(total * lee.reads) if wanted is None else min(total, wanted)
        return cls(
            emma_reads=round(total * roles["emma"].reads),
            emma_writes=round(total * roles["emma"].writes),
            aria_writes=round(total * roles["aria"].writes),
            lee_reads=reads,
            lee_writes=round(total * lee.writes) if wanted is None else round(reads / 3),
        )


def grant_everything(made: Workspace, people: list[Account], shares: Shares) -> None:
    """Make the groups and every grant of the workspace."""
    by_key = {person.key: person.account_id for person in people}
    _add_groups(made, by_key)
    repositories = made.repositories
    _grant_reading(made, by_key, repositories, shares)
    _grant_writing(made, by_key, repositories, shares)
    _grant_projects(made, by_key)
    for number, person in enumerate(people):
        if person.key.startswith("member-") and made.seats[person.account_id] == "member":
            start = (number * 7) % max(1, len(repositories))
            _grant(made, "users", person.account_id, repositories[start : start + _MEMBER_READS], "read")
            _grant(made, "users", person.account_id, repositories[start : start + _MEMBER_WRITES], "write")


def _add_groups(made: Workspace, by_key: dict[str, str]) -> None:
    owners = {account_id for account_id, seat in made.seats.items() if seat == "owner"}
    contractors = {account_id for key, account_id in by_key.items() if key in ("member-2", "member-3")}
    trio = {by_key["emma"], by_key["aria"], by_key["lee"]}
    for name, members in (
        ("Administrators", owners),
        ("Engineering", trio),
        ("Builders", set(trio)),
        ("Product", {by_key["emma"]}),
        ("Maintainers", {by_key["aria"]}),
        ("Reviewers", {by_key["aria"]}),
        ("Contractors", contractors),
    ):
        made.groups[name.lower()] = Group(name.lower(), name, members)


def _grant_reading(made: Workspace, by_key: dict[str, str], repositories: list[Repository], shares: Shares) -> None:
    common = min(shares.emma_reads, shares.lee_reads) * 2 // 3
    _grant(made, "groups", "engineering", repositories[:common], "read")
    _grant(made, "groups", "product", repositories[common : shares.emma_reads], "read")
    _grant(made, "users", by_key["lee"], repositories[common : shares.lee_reads], "read")


def _grant_writing(made: Workspace, by_key: dict[str, str], repositories: list[Repository], shares: Shares) -> None:
    common = min(shares.emma_writes, shares.lee_writes, shares.aria_writes) * 2 // 3
    _grant(made, "groups", "builders", repositories[:common], "write")
    _grant(made, "users", by_key["lee"], repositories[: min(_TWICE, shares.lee_writes)], "write")
    _grant(made, "users", by_key["lee"], repositories[common : shares.lee_writes], "write")
    if shares.lee_writes > _ADMINISTERED:
        # Nobody else administers this one by name, and no group does.
        _grant(made, "users", by_key["lee"], repositories[shares.lee_writes - 1 : shares.lee_writes], "admin")
    _grant(made, "users", by_key["emma"], repositories[common : shares.emma_writes], "write")
    _grant(made, "groups", "maintainers", repositories[common : shares.aria_writes], "write")
    _grant(made, "users", by_key["aria"], repositories[:_ADMINISTERED], "admin")


def _grant_projects(made: Workspace, by_key: dict[str, str]) -> None:
    """Aria reads everywhere through her group, and administers the first project besides the repositories of her own.

    Lee's two projects hold nothing that Lee would not reach anyway.
    """
    projects = made.projects
    for project in projects:
        made.grants.set("project", "groups", project.uuid, "reviewers", "read")
    made.grants.set("project", "groups", projects[0].uuid, "administrators", "admin")
    made.grants.set("project", "users", projects[0].uuid, by_key["aria"], "admin")
    if len(projects) > 2:
        made.grants.set("project", "users", projects[-1].uuid, by_key["lee"], "create-repo")
        made.grants.set("project", "users", projects[-2].uuid, by_key["lee"], "read")


def _grant(made: Workspace, holder: Holder, name: str, repositories: Iterable[Repository], permission: str) -> None:
    for repository in repositories:
        made.grants.set("repository", holder, repository.uuid, name, permission)
