"""What the stand-in knows: people, projects, repositories and the credentials that open them.

No secret is kept anywhere in here; a credential is known by the SHA-256 of its text only.
"""

from dataclasses import dataclass, field, replace
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
    suspended: bool = False

    @property
    def is_on(self) -> bool:
        """Tell whether the account may be used at all: neither disabled nor suspended in its directory."""
        return self.active and not self.suspended


@dataclass(frozen=True)
class Repository:
    """One repository; `index` is the place it was seeded at, its uuid what grants and keys are kept by."""

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

    def moved(self, project_key: str) -> "Repository":
        """Give the same repository in another project."""
        return replace(self, project_key=project_key)


@dataclass(frozen=True)
class Project:
    """A project of a workspace."""

    key: str
    name: str
    uuid: str


@dataclass
class Group:
    """A group of a workspace; members are account ids."""

    slug: str
    name: str
    members: set[str] = field(default_factory=set)


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
    """A repository, project or workspace access token: it belongs to the thing, not to a person.

    `repository_slug` and `project_key` say whose it is; both "" is the workspace's.
    """

    id: str
    kind: str
    name: str
    digest: str
    scopes: tuple[str, ...]
    workspace_uuid: str
    repository_slug: str
    created_at: datetime
    expires_at: datetime
    project_key: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """Whose it is: workspace uuid, project key, repository slug; "" for what it is not bound to."""
        return self.workspace_uuid, self.project_key, self.repository_slug


@dataclass(frozen=True)
class SshKey:
    """A person's SSH key, as far as a listing shows it: the public half and its fingerprint."""

    uuid: str
    account_id: str
    label: str
    fingerprint: str
    created_at: datetime
    key: str


@dataclass(frozen=True)
class GpgKey:
    """A person's GPG key, as a listing shows it: it signs commits and opens nothing."""

    account_id: str
    name: str
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
