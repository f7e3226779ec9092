"""What the stand-in knows: people, workspaces, repositories and the credentials that open them.

No secret is kept anywhere in here; a credential is known by the SHA-256 of its text only.
"""

from dataclasses import dataclass, field
from datetime import datetime

RANK = {"none": 0, "read": 1, "write": 2, "admin": 3}


@dataclass
class Account:
    """One Atlassian account with its Bitbucket profile; `key` is the short name that the demo uses."""

    key: str
    account_id: str
    uuid: str
    display_name: str
    nickname: str
    email: str
    created_at: datetime
    active: bool = True
    email_confirmed: bool = True
    managed: bool = True
    directory: str = ""
    is_persona: bool = False


@dataclass(frozen=True)
class Repository:
    """One repository; `index` is its place in the workspace and what grants are counted by."""

    index: int
    workspace_slug: str
    slug: str
    name: str
    uuid: str
    project_key: str
    created_at: datetime

    @property
    def full_name(self) -> str:
        """Workspace and repository as Bitbucket writes them in addresses."""
        return f"{self.workspace_slug}/{self.slug}"


@dataclass(frozen=True)
class Project:
    """A project of a workspace."""

    key: str
    name: str
    uuid: str


@dataclass(frozen=True)
class Span:
    """A right on the repositories from `start` up to, not including, `stop`."""

    start: int
    stop: int
    permission: str


@dataclass
class Workspace:
    """A workspace with its seats (account id to owner, create-project or member) and rights."""

    slug: str
    name: str
    uuid: str
    created_at: datetime
    seats: dict[str, str] = field(default_factory=dict)
    repositories: list[Repository] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    overrides: dict[tuple[str, str], str] = field(default_factory=dict)

    def repository(self, name: str) -> Repository | None:
        """Find a repository by slug or uuid."""
        return next((one for one in self.repositories if name in (one.slug, one.uuid)), None)

    def rights_of(self, account_id: str) -> dict[int, str]:
        """Give the effective right per repository index; no seat means no right at all."""
        seat = self.seats.get(account_id)
        if seat is None:
            return {}
        if seat == "owner":
            return {one.index: "admin" for one in self.repositories}
        rights: dict[int, str] = {}
        for span in self.spans.get(account_id, []):
            for index in range(span.start, min(span.stop, len(self.repositories))):
                if RANK[span.permission] > RANK[rights.get(index, "none")]:
                    rights[index] = span.permission
        return self._overridden(account_id, rights)

    def permission(self, account_id: str, repository: Repository) -> str:
        """Give one person's effective right on one repository: none, read, write or admin."""
        return self.rights_of(account_id).get(repository.index, "none")

    def _overridden(self, account_id: str, rights: dict[int, str]) -> dict[int, str]:
        for (owner, slug), permission in list(self.overrides.items()):
            repository = self.repository(slug) if owner == account_id else None
            if repository is not None:
                rights[repository.index] = permission
        return {index: permission for index, permission in rights.items() if permission != "none"}


@dataclass
class ApiToken:
    """An Atlassian API token; no scopes means one of the unscoped kind, which Bitbucket refuses."""

    id: str
    account_id: str
    label: str
    digest: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    workspace_uuid: str = ""
    last_access: datetime | None = None
    seeded: bool = False

    @property
    def is_for_bitbucket(self) -> bool:
        """Tell whether any scope is Bitbucket's."""
        return any(scope.endswith(":bitbucket") for scope in self.scopes)


@dataclass
class AccessToken:
    """A repository, project or workspace access token: it belongs to the thing, not to a person."""

    id: str
    kind: str
    name: str
    digest: str
    scopes: tuple[str, ...]
    workspace_uuid: str
    repository_slug: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class SshKey:
    """A person's SSH key, as far as a listing shows it."""

    uuid: str
    account_id: str
    label: str
    fingerprint: str
    created_at: datetime


@dataclass(frozen=True)
class AdminKey:
    """A key of the organisation; `scopes` None is the kind without scopes, which may do everything."""

    name: str
    digest: str
    scopes: frozenset[str] | None


@dataclass
class Consumer:
    """The OAuth consumer that the portal is registered as."""

    key: str
    secret_digest: str
    name: str
    callback_urls: list[str]
    scopes: tuple[str, ...]
