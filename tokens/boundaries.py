"""Which repository or project a request names, among those that the inventory knows.

A repository's short name is written small and a project's key in capitals in Bitbucket's addresses, so `acme/web` and
`acme/WEB` are two places; a uuid stands in braces.
"""

from django.conf import settings
from django.db.models import Q

from tokens.models import Project, Repository

Place = Repository | Project


def place_named(boundary: str) -> Place | None:
    """The place in a workspace that this portal serves; None where none is known, or it is gone."""
    workspace, _, name = boundary.strip("/").partition("/")
    if not workspace or not name:
        return None
    here = Q(workspace__uuid__in=settings.BITBUCKET_WORKSPACES, gone_at=None)
    here &= Q(workspace__slug__iexact=workspace) | Q(workspace__uuid__iexact=workspace)
    return _repository(here, name) or _project(here, name)


def _repository(here: Q, name: str) -> Repository | None:
    rows = Repository.objects.select_related("workspace").filter(here)
    return rows.filter(Q(slug=name) | Q(uuid__iexact=name)).first()


def _project(here: Q, name: str) -> Project | None:
    rows = Project.objects.select_related("workspace").filter(here)
    return rows.filter(Q(key=name) | Q(uuid__iexact=name)).first()


def is_named(boundary: str, place: Place) -> bool:
    """Whether a request names just this place: by its address, or by its uuid."""
    short = place.slug if isinstance(place, Repository) else place.key
    workspace, _, name = boundary.strip("/").partition("/")
    is_here = workspace.lower() in (place.workspace.slug.lower(), place.workspace.uuid.lower())
    return is_here and (name == short or name.lower() == place.uuid.lower())


def address_of(place: Place) -> str:
    """A place as a request names it."""
    return f"{place.workspace.slug}/{place.slug if isinstance(place, Repository) else place.key}"
