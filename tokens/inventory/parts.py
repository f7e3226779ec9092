"""What is there to read: one row for each list of a whole, and three for each repository and project."""

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.models import Workspace
from tokens.models import LIST_KINDS, ROLLING_KINDS, Part, PartKind, Sync

_WORKSPACE_KINDS = tuple(kind for kind in LIST_KINDS if kind != PartKind.ORGANISATION_TOKENS)

_INSERT = """
INSERT INTO tokens_part (kind, {place}_id, items, requests, problem)
SELECT wanted.kind, place.id, 0, 0, ''
FROM {table} AS place
JOIN accounts_workspace AS workspace ON workspace.id = place.{workspace}
CROSS JOIN unnest(%(kinds)s::text[]) AS wanted (kind)
WHERE workspace.uuid = ANY(%(served)s) {living}
    AND NOT EXISTS (
        SELECT 1 FROM tokens_part AS known WHERE known.kind = wanted.kind AND known.{place}_id = place.id
    )
ON CONFLICT DO NOTHING
"""
_LIVING = "AND place.gone_at IS NULL"


def ensure_parts() -> None:
    """Make a part for everything that is configured or known, retire those of gone places, take back what returned."""
    for uuid in settings.BITBUCKET_WORKSPACES:
        # Its slug and name are read with its members.
        Workspace.objects.get_or_create(uuid=uuid, defaults={"slug": uuid})
    if settings.ATLASSIAN_ORG_ID:
        Part.objects.get_or_create(kind=PartKind.ORGANISATION_TOKENS, workspace=None, repository=None, project=None)
    _insert("workspace", "accounts_workspace", "id", _WORKSPACE_KINDS, "")
    _insert("project", "tokens_project", "workspace_id", ROLLING_KINDS, _LIVING)
    _insert("repository", "tokens_repository", "workspace_id", ROLLING_KINDS, _LIVING)
    _retire()


def _insert(place: str, table: str, workspace: str, kinds: tuple[PartKind, ...], living: str) -> None:
    statement = _INSERT.format(place=place, table=table, workspace=workspace, living=living)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"kinds": list(kinds), "served": list(settings.BITBUCKET_WORKSPACES)})


def _retire() -> None:
    living = Part.objects.filter(_has_living_place()).values("pk")
    Part.objects.filter(retired_at=None).exclude(pk__in=living).update(retired_at=Now(), asked_at=None, problem="")
    Part.objects.filter(retired_at__isnull=False, pk__in=living).update(retired_at=None)


def _has_living_place() -> Q:
    served = settings.BITBUCKET_WORKSPACES
    living = Q(workspace__uuid__in=served, kind__in=_WORKSPACE_KINDS)
    living |= Q(project__gone_at=None, project__workspace__uuid__in=served)
    living |= Q(repository__gone_at=None, repository__workspace__uuid__in=served)
    return living | Q(kind=PartKind.ORGANISATION_TOKENS) if settings.ATLASSIAN_ORG_ID else living


def parts_of(sync: Sync) -> QuerySet[Part]:
    """Everything that a run is about, what was discovered while it runs too."""
    parts = Part.objects.filter(retired_at=None)
    return parts.filter(kind__in=LIST_KINDS) if sync.mode == Sync.Mode.LISTS else parts


def left_of(sync: Sync) -> Q:
    """The condition on a part that a run has not come to its end with: not tried since it began, or waiting for it."""
    left = Q(tried_at=None) | Q(tried_at__lt=sync.started_at) | Q(asked_at__isnull=False)
    return left & Q(kind__in=LIST_KINDS) if sync.mode == Sync.Mode.LISTS else left


def open_parts(sync: Sync) -> QuerySet[Part]:
    """What a running run still has to read, or waits for."""
    return parts_of(sync).filter(left_of(sync))


def parts_read_by(sync: Sync) -> QuerySet[Part]:
    """What was read, complete, since a run began."""
    return parts_of(sync).filter(observed_at__gte=sync.started_at)


def parts_unread_by(sync: Sync) -> QuerySet[Part]:
    """What a run could not read: tried in vain, or (where it was stopped) not tried any more."""
    return parts_of(sync).filter(Q(observed_at=None) | Q(observed_at__lt=sync.started_at))


def unread_parts() -> QuerySet[Part]:
    """What nobody can vouch for at the moment: never read to the end, or the newest try failed."""
    return Part.objects.filter(retired_at=None).filter(Q(observed_at=None) | ~Q(problem=""))
