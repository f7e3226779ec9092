"""The list of repositories by name, page by page, with what was counted and how old that is."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from tokens.models import ROLLING_KINDS, Credential, Grant, Part, Repository
from tokens.states import LIVE

PAGE_SIZE = 50


@dataclass(frozen=True)
class Wanted:
    """Which repositories are wanted; an empty field asks for all.

    Attributes:
        q: a part of the name.
        project: a project's row.
        workspace: a workspace's row.
    """

    q: str = ""
    project: int | None = None
    workspace: int | None = None


@dataclass
class Counted:
    """What is known of one repository.

    Attributes:
        people: people who were given something by name.
        groups: groups that were.
        keys: live deploy keys.
        parts: how many of its three parts were ever read to the end.
        oldest: when the oldest of those reads began; None unless all three were read.
        problems: why the newest try of a part failed.
    """

    people: int = 0
    groups: int = 0
    keys: int = 0
    parts: int = 0
    oldest: datetime | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def is_unread(self) -> bool:
        """Whether nobody can vouch for all of it."""
        return self.parts < len(ROLLING_KINDS) or bool(self.problems)


@dataclass(frozen=True)
class Page:
    """One page by name.

    Attributes:
        rows: the repositories.
        counted: what is known of each, by its number.
        before: the previous page ends before this row; None where there is none.
        after: the next page begins after this row; None where there is none.
    """

    rows: list[Repository]
    counted: dict[int, Counted]
    before: int | None = None
    after: int | None = None


def page_of_repositories(wanted: Wanted, *, after: int | None = None, before: int | None = None) -> Page:
    """One page of repositories that exist.

    Args:
        wanted: the filter.
        after: begin after this repository; neither for the first page.
        before: end before it, for going back.
    """
    turned_at = before or after
    edge = Repository.objects.filter(pk=turned_at).only("full_name").first() if turned_at else None
    backwards = edge is not None and before is not None
    rows = _matching(wanted).select_related("project", "workspace")
    found = list(_beyond(rows, edge, backwards=backwards)[: PAGE_SIZE + 1])
    has_more, shown = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if backwards:
        shown.reverse()
    has_before, has_after = (has_more, True) if backwards else (edge is not None, has_more)
    return Page(
        shown,
        _counted([row.pk for row in shown]),
        before=shown[0].pk if shown and has_before else None,
        after=shown[-1].pk if shown and has_after else None,
    )


def _matching(wanted: Wanted) -> QuerySet[Repository]:
    rows = Repository.objects.filter(gone_at=None)
    if wanted.q:
        rows = rows.filter(Q(full_name__icontains=wanted.q) | Q(name__icontains=wanted.q))
    if wanted.project is not None:
        rows = rows.filter(project=wanted.project)
    return rows if wanted.workspace is None else rows.filter(workspace=wanted.workspace)


def _beyond(rows: QuerySet[Repository], edge: Repository | None, *, backwards: bool) -> QuerySet[Repository]:
    sign, way = ("-", "lt") if backwards else ("", "gt")
    ordered = rows.order_by(f"{sign}full_name", f"{sign}pk")
    if edge is None:
        return ordered
    same = Q(**{"full_name": edge.full_name, f"pk__{way}": edge.pk})
    return ordered.filter(Q(**{f"full_name__{way}": edge.full_name}) | same)


def _counted(numbers: list[int]) -> dict[int, Counted]:
    """In three queries, whatever the page holds."""
    counted: dict[int, Counted] = defaultdict(Counted)
    grants: Any = Grant.objects.filter(repository__in=numbers, gone_at=None).order_by().values_list("repository")
    for pk, people, groups in grants.annotate(people=Count("person"), groups=Count("pk", filter=Q(person=None))):
        counted[pk].people, counted[pk].groups = people, groups
    keys: Any = Credential.objects.filter(repository__in=numbers, kind="deploy_key", state__in=sorted(LIVE))
    for pk, many in keys.order_by().values_list("repository").annotate(many=Count("pk")):
        counted[pk].keys = many
    ages: dict[int, list[datetime]] = defaultdict(list)
    parts = Part.objects.filter(repository__in=numbers, retired_at=None)
    for part in parts.only("repository_id", "observed_at", "problem"):
        if part.repository_id is None:
            continue
        if part.observed_at is not None:
            ages[part.repository_id].append(part.observed_at)
        if part.problem:
            counted[part.repository_id].problems.append(part.problem)
    for pk, moments in ages.items():
        counted[pk].parts = len(moments)
        counted[pk].oldest = min(moments) if len(moments) == len(ROLLING_KINDS) else None
    return counted
