"""What the two services answer, reduced to the fields the portal uses and parsed where it comes in."""

from bitbucket.resources.cloud import (
    CurrentUser,
    EmailAddress,
    Member,
    Project,
    Repository,
    RepositoryPermission,
    Workspace,
    WorkspaceAccess,
    WorkspacePermission,
)
from bitbucket.resources.events import EventObject, EventPage, OrganisationEvent
from bitbucket.resources.grants import (
    ADMINISTRATOR_ROLE,
    NO_PERMISSION,
    BranchRestriction,
    DefaultReviewer,
    DeployKey,
    GroupGrant,
    UserGrant,
)
from bitbucket.resources.organisation import (
    AccountProfile,
    DirectoryUser,
    ManagedAccount,
    OrganisationToken,
    Privilege,
    UserToken,
)
from bitbucket.resources.people import AccountReference
from bitbucket.resources.pipelines import Environment, Pipeline, PipelineSshKey, Runner, Schedule, Variable
from bitbucket.resources.pull_requests import PullRequest

__all__ = [
    "ADMINISTRATOR_ROLE",
    "NO_PERMISSION",
    "AccountProfile",
    "AccountReference",
    "BranchRestriction",
    "CurrentUser",
    "DefaultReviewer",
    "DeployKey",
    "DirectoryUser",
    "EmailAddress",
    "Environment",
    "EventObject",
    "EventPage",
    "GroupGrant",
    "ManagedAccount",
    "Member",
    "OrganisationEvent",
    "OrganisationToken",
    "Pipeline",
    "PipelineSshKey",
    "Privilege",
    "Project",
    "PullRequest",
    "Repository",
    "RepositoryPermission",
    "Runner",
    "Schedule",
    "UserGrant",
    "UserToken",
    "Variable",
    "Workspace",
    "WorkspaceAccess",
    "WorkspacePermission",
]
