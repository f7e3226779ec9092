"""The one repository, project or workspace that an access token opens: from the name somebody typed to the rows.

Its settings pages are where such a token is made and deleted; no API does either.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from accounts.models import Workspace
from tokens.models import Credential, Project, Repository, Request

REPOSITORY, PROJECT, WORKSPACE = "repository_access_token", "project_access_token", "workspace_access_token"
# Where the settings stand on Bitbucket's pages, in words and as an address. That of a project is the least sure:
# https://support.atlassian.com/bitbucket-cloud/docs/create-a-project-access-token/ names it in words only.
_SETTINGS = {
    REPOSITORY: ("Repository settings → Access tokens", "{web}/{workspace}/{name}/admin/access-tokens"),
    PROJECT: ("Project settings → Access tokens", "{web}/{workspace}/workspace/projects/{name}/settings/access-tokens"),
    WORKSPACE: ("Workspace settings → Access tokens", "{web}/{workspace}/workspace/settings/access-tokens"),
}


class UnknownPlace(Exception):
    """There is no such place here; the text is for people and says what it is that nobody knows."""


@dataclass(frozen=True)
class Boundary:
    """One place, as far as the inventory knows it.

    Attributes:
        kind: of the access token.
        workspace: one that this portal serves.
        typed: what somebody called the repository or project below the workspace; "" for a workspace.
        repository: its row, for a repository that the inventory has seen.
        project: likewise for a project.
    """

    kind: str
    workspace: Workspace
    typed: str = ""
    repository: Repository | None = None
    project: Project | None = None

    @property
    def name(self) -> str:
        """How the API addresses it: a repository by its uuid, which stays; a project by its key of today."""
        if self.repository is not None:
            return self.repository.uuid
        return self.project.key if self.project is not None else self.typed

    @property
    def words(self) -> str:
        """The place as people name it: acme/web."""
        short = self.repository.slug if self.repository else self.project.key if self.project else self.typed
        return f"{self.workspace.slug}/{short}" if short else self.workspace.slug

    @property
    def is_known(self) -> bool:
        """Whether the inventory has seen it."""
        return self.kind == WORKSPACE or bool(self.repository or self.project)


@dataclass(frozen=True)
class SettingsPage:
    """Where the admins of a place make and delete its access tokens: in words, and its address."""

    words: str
    link: str


def boundary_of(request: Request) -> Boundary:
    """The place that a request for an access token is for.

    Raises:
        UnknownPlace: no workspace of that name is served here.
    """
    first, _, second = request.boundary.strip("/").partition("/")
    served = Workspace.objects.filter(uuid__in=settings.BITBUCKET_WORKSPACES)
    workspace = served.filter(Q(slug__iexact=first) | Q(uuid__iexact=first)).first()
    if workspace is None:
        raise UnknownPlace(f"“{first}” is no workspace that this portal serves.")
    if request.kind == WORKSPACE:
        return Boundary(WORKSPACE, workspace)
    here = {"workspace": workspace, "gone_at": None}
    if request.kind == PROJECT:
        projects = Project.objects.filter(Q(key__iexact=second) | Q(uuid__iexact=second), **here)
        return Boundary(PROJECT, workspace, second, project=projects.first())
    repositories = Repository.objects.filter(Q(slug__iexact=second) | Q(uuid__iexact=second), **here)
    return Boundary(REPOSITORY, workspace, second, repository=repositories.select_related("project").first())


def settings_page(kind: str, place: str) -> SettingsPage:
    """The settings page of a place.

    Args:
        kind: of the access token.
        place: as Bitbucket's addresses name it: acme/web, acme/WEB or acme; without the right shape there is no link.
    """
    words, address = _SETTINGS[kind]
    workspace, _, name = place.strip("/").partition("/")
    has_shape = bool(workspace) and bool(name) != (kind == WORKSPACE)
    link = address.format(web=settings.BITBUCKET_WEB_URL, workspace=workspace, name=name) if has_shape else ""
    return SettingsPage(words, link)


def settings_page_of(credential: Credential) -> SettingsPage:
    """The settings page where an access token can be deleted, by its place's name of today where that is known."""
    place = credential.request.boundary if credential.request else ""
    if credential.repository is not None:
        place = credential.repository.full_name
    elif credential.project is not None and credential.workspace is not None:
        place = f"{credential.workspace.slug}/{credential.project.key}"
    elif credential.kind == WORKSPACE and credential.workspace is not None:
        place = credential.workspace.slug
    return settings_page(credential.kind, place)
