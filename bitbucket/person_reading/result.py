"""What came out of reading one person, and what did not."""

from dataclasses import dataclass, field
from enum import StrEnum

from bitbucket.errors import RemoteError


class UserFilter(StrEnum):
    """What the effective listing did with the question for one person.

    No source confirms that it can be asked, so every reading tells how it went.
    """

    NOT_USED = "not_used"
    WORKED = "worked"
    IGNORED = "ignored"  # rows of other people came back
    REFUSED = "refused"  # the listing was read again without it


@dataclass(frozen=True)
class ReachedRepository:
    """A repository the person reaches, by whatever way.

    Args:
        uuid: its id; empty where the listing leaves it out.
        full_name: workspace and slug, as they are now.
        permission: read, write or admin; any other word as it came.
        project_key: as the caller knew it, empty where it did not.
    """

    uuid: str
    full_name: str
    permission: str
    project_key: str


@dataclass(frozen=True)
class ExplicitGrant:
    """Something the person was given by name.

    Args:
        where: `repository` or `project`.
        name: the repository's full name or the project's key.
        repository_uuid: empty at a project.
        permission: read, write, admin, create-repo; any other word as it came.
    """

    where: str
    name: str
    repository_uuid: str
    permission: str


@dataclass(frozen=True)
class Unread:
    """A part that nobody may take for clean; `error` is the call's own, where a call failed."""

    part: str
    reason: str
    error: RemoteError | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class PersonReading:
    """One pass over one person.

    Args:
        own_role: the reading account's own role in the workspace, read last; empty where it could not be read.
        is_member: whether the person has a seat; None where that is not known.
        user_filter: how the question for one person went.
        repositories: what they reach, direct grants and groups mixed.
        grants: what they were given by name.
        unread: everything that was not read, each with its reason.
        requests: how many were sent.
    """

    own_role: str
    is_member: bool | None
    user_filter: UserFilter
    repositories: tuple[ReachedRepository, ...]
    grants: tuple[ExplicitGrant, ...]
    unread: tuple[Unread, ...]
    requests: int

    @property
    def is_complete(self) -> bool:
        """Whether everything was read."""
        return not self.unread

    @property
    def is_clean(self) -> bool:
        """Whether everything was read and there is nothing: no seat, no repository, no grant."""
        return self.is_complete and self.is_member is False and not self.repositories and not self.grants
