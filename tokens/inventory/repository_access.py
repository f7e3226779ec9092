"""Who and what can reach one repository, and through what, as far as it was read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from accounts.models import Seat
from bitbucket.resources import ADMINISTRATOR_ROLE
from tokens.inventory.listing import open_kinds
from tokens.inventory.reach import OPENS, WRITES, scopes_for
from tokens.models import Credential, EffectiveRight, Grant, Part, PartKind, Repository, Standing

PAGE_SIZE = 50
# At a project, who may create repositories may write in those that are there.
PROJECT_WRITES = (*WRITES, "create-repo")
_RANK = Case(
    When(permission="admin", then=Value(0)),
    When(permission__in=("write", "create-repo"), then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def grants_reaching(repository: Repository) -> QuerySet[Grant]:
    """Explicit grants on a repository and on its project: the repository's first, the strongest first."""
    here = Q(repository=repository)
    if repository.project_id is not None:
        here |= Q(project=repository.project_id)
    return (
        Grant.objects.filter(here, gone_at=None)
        .select_related("person", "project")
        .annotate(rank=_RANK)
        .order_by(F("repository").asc(nulls_last=True), "rank", "person__display_name", "group_name", "pk")
    )


def rights_known(repository: Repository) -> QuerySet[EffectiveRight]:
    """Effective rights of those people that were read, the strongest first."""
    rights = EffectiveRight.objects.filter(repository=repository).select_related("person")
    return rights.annotate(rank=_RANK).order_by("rank", "person__display_name", "pk")


def page_of(rows: "QuerySet[Any]", after: int) -> tuple[list[Any], int]:
    """A page, and where the next one starts (0 on the last)."""
    found = list(rows[after : after + PAGE_SIZE + 1])
    return found[:PAGE_SIZE], after + PAGE_SIZE if len(found) > PAGE_SIZE else 0


def owners_known(repository: Repository) -> list[Seat]:
    """Owners of the workspace, who administer everything in it, as far as sign-ins told."""
    seats = Seat.objects.filter(workspace=repository.workspace_id, role=ADMINISTRATOR_ROLE).select_related("person")
    return list(seats.order_by("person__display_name")[:PAGE_SIZE])


def parts_about(repository: Repository) -> list[Part]:
    """What is read of a repository and of its project."""
    here = Q(repository=repository)
    if repository.project_id is not None:
        here |= Q(project=repository.project_id)
    order = {kind: number for number, kind in enumerate(PartKind.values)}
    parts = Part.objects.filter(here, retired_at=None)
    return sorted(parts, key=lambda part: (part.repository_id is None, order[part.kind]))


def openers_of(repository: Repository) -> tuple[list[Credential], list[Credential]]:
    """Live deploy keys of a repository and of its project; and what else was approved for this place. One query.

    Each carries ``open_kinds`` of its findings. One more than `PAGE_SIZE` of either says that there are more.
    """
    here, places = Q(repository=repository), [repository.full_name, repository.workspace.slug]
    if repository.project is not None:
        here |= Q(project=repository.project)
        places += [repository.project.key, f"{repository.workspace.slug}/{repository.project.key}"]
    live = Credential.objects.filter(state__in=sorted(OPENS))
    keys = _with_findings(live.filter(here, kind="deploy_key"))
    everywhere = Q(kind="workspace_access_token", workspace=repository.workspace)
    tokens = here | everywhere | Q(request__boundary__in=places)
    bounded = _with_findings(live.filter(tokens).exclude(kind="deploy_key"))
    found = list(keys.union(bounded, all=True))
    return [one for one in found if one.kind == "deploy_key"], [one for one in found if one.kind != "deploy_key"]


def _with_findings(rows: QuerySet[Credential]) -> QuerySet[Credential]:
    rows = rows.annotate(open_kinds=open_kinds()).select_related("holder", "request", "repository", "project")
    return rows.order_by("-registered_at", "-pk")[: PAGE_SIZE + 1]


@dataclass(frozen=True)
class TokenCounts:
    """How many live API tokens of people with access could open a repository.

    Attributes:
        people: people with a known right here.
        write: tokens that could push: their holder may write and they carry a scope for it.
        read: other tokens that could read.
        unknown: of which nobody knows the scopes.
        rights_as_of: when the oldest live reading this rests on was made; None where it rests on grants alone.
        readings: how many people's live readings it rests on.
    """

    people: int
    write: int
    read: int
    unknown: int
    rights_as_of: datetime | None
    readings: int


def tokens_of_people(repository: Repository) -> TokenCounts:
    """Count them from explicit grants and live readings; who comes through a group alone is not in it.

    Two queries.
    """
    grants = grants_reaching(repository).order_by().select_related(None).filter(person__isnull=False)
    rights = EffectiveRight.objects.filter(repository=repository)
    columns = ("person", "permission", "observed_at", "is_live")
    levels: Any = list(
        grants.annotate(is_live=Value(False))
        .values_list(*columns)
        .union(rights.annotate(is_live=Value(True)).values_list(*columns), all=True)
    )
    everybody = {person for person, *_ in levels}
    writers = {person for person, permission, *_ in levels if permission in PROJECT_WRITES}
    tokens = Credential.objects.filter(kind="api_token", state__in=sorted(OPENS), holder__in=everybody)
    may_push = Q(holder__in=writers, scope_list__overlap=sorted(scopes_for("write")))
    may_read = Q(scope_list__overlap=sorted(scopes_for("read") | scopes_for("write")))
    counts = tokens.exclude(standing=Standing.OTHER_PRODUCT).aggregate(
        write=Count("pk", filter=may_push),
        read=Count("pk", filter=may_read & ~may_push),
        unknown=Count("pk", filter=Q(scope_list=[])),
    )
    readings = [at for _, _, at, is_live in levels if is_live]
    return TokenCounts(
        people=len(everybody), rights_as_of=min(readings, default=None), readings=len(readings), **counts
    )
