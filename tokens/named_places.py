"""Which repository or project a request names, among those that the inventory knows.

Bitbucket writes a repository's short name small and a project's key in capitals, so `acme/web` and `acme/WEB` are two
places; a uuid stands in braces.
"""

from django.conf import settings
from django.db.models import Q

from tokens.models import Project, Repository

Place = Repository | Project


def place_named(boundary: str) -> Place | None:
    """The place in a workspace that this portal serves; None where none is known, or it is gone."""
    workspace, name = _parts(boundary)
    if not workspace or not name:
        return None
    here = Q(workspace__uuid__in=settings.BITBUCKET_WORKSPACES, gone_at=None)
    here &= Q(workspace__slug__iexact=workspace) | Q(workspace__uuid__iexact=workspace)
    return _repository(here, name) or _project(here, name)


def _repository(here: Q, name: str) -> Repository | None:
    named = Q(uuid__iexact=name) if _is_key(name) else Q(slug__iexact=name) | Q(uuid__iexact=name)
    return Repository.objects.select_related("workspace").filter(here & named).first()


def _project(here: Q, name: str) -> Project | None:
    return Project.objects.select_related("workspace").filter(here & (Q(key=name) | Q(uuid__iexact=name))).first()


def is_named(boundary: str, place: Place) -> bool:
    """Whether a request names just this place: by its address, or by its uuid."""
    workspace, name = _parts(boundary)
    if workspace.lower() not in (place.workspace.slug.lower(), place.workspace.uuid.lower()):
        return False
    if name.lower() == place.uuid.lower():
        return True
    return name == place.key if isinstance(place, Project) else not _is_key(name) and name.lower() == place.slug.lower()


def address_of(place: Place) -> str:
    """A place as a request names it."""
    return f"{place.workspace.slug}/{place.slug if isinstance(place, Repository) else place.key}"


def names_project(boundary: str) -> bool:
    """Whether it is written as a project is: its key in capitals."""
    return _is_key(_parts(boundary)[1])


def _parts(boundary: str) -> tuple[str, str]:
    workspace, _, name = boundary.strip("/").partition("/")
    return workspace, name


def _is_key(name: str) -> bool:
    """Whether it is written as a project's key: in capitals."""
    return name == name.upper() != name.lower()
