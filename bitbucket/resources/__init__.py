"""What the two services answer, reduced to the fields the portal uses and parsed where it comes in."""

from bitbucket.resources.cloud import (
    CurrentUser,
    EmailAddress,
    Member,
    Repository,
    RepositoryPermission,
    Workspace,
    WorkspaceAccess,
    WorkspacePermission,
)
from bitbucket.resources.organisation import (
    AccountProfile,
    ManagedAccount,
    OrganisationToken,
    Privilege,
    UserToken,
)

__all__ = [
    "AccountProfile",
    "CurrentUser",
    "EmailAddress",
    "ManagedAccount",
    "Member",
    "OrganisationToken",
    "Privilege",
    "Repository",
    "RepositoryPermission",
    "UserToken",
    "Workspace",
    "WorkspaceAccess",
    "WorkspacePermission",
]
