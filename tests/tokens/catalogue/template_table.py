"""The twenty templates as they were agreed, written down apart from the code that ships them."""

from typing import NamedTuple


class Row(NamedTuple):
    """One agreed template; kinds as T R P W D, `life` in days."""

    slug: str
    scopes: str
    levels: str
    risk: str
    life: int
    rule: str
    kinds: str
    deputy: bool = False


_DEVELOPMENT = "read:user read:workspace read:repository write:repository read:pullrequest write:pullrequest"
_ACCESS = "read:repository admin:repository read:project admin:project write:permission delete:permission"
_DEVELOPMENT_LEVELS = "account:read workspace_membership:read repositories:read repositories:write pull_requests:write"
_BOTH_READ = "repositories:read pull_requests:read"
_BOTH_WRITE = "repositories:read repositories:write pull_requests:write"

# fmt: off
STARTERS = (
    Row("clone-and-pull", "read:repository", "repositories:read", "low", 180, "at_once", "T D R"),
    Row("clone-pull-and-push", "read:repository write:repository", "repositories:read repositories:write",
        "medium", 90, "at_once_reviewed", "T"),
    Row("review-pull-requests", "read:pullrequest", "pull_requests:read", "low", 180, "at_once", "T"),
    Row("everyday-development", _DEVELOPMENT, _DEVELOPMENT_LEVELS, "high", 90, "at_once_reviewed", "T"),
    Row("ci-check-out-and-report", "read:repository read:pullrequest", _BOTH_READ,
        "medium", 365, "approvers", "R P", deputy=True),
    Row("ci-release", "read:repository write:repository", "repositories:read repositories:write",
        "high", 90, "approvers", "R", deputy=True),
    Row("run-pipelines", "read:pipeline write:pipeline", "pipelines:write", "high", 90, "approvers", "R T"),
    Row("manage-webhooks", "read:webhook write:webhook", "webhooks:read webhooks:write", "high", 30, "approvers", "T"),
)
FURTHER = (
    Row("pull-request-automation", "read:pullrequest write:pullrequest", "pull_requests:write",
        "high", 90, "approvers", "R T"),
    Row("ai-agent-read", "read:repository read:pullrequest", _BOTH_READ, "medium", 30, "at_once", "T"),
    Row("ai-agent-contribute", "read:repository write:repository read:pullrequest write:pullrequest", _BOTH_WRITE,
        "high", 30, "approvers", "R T"),
    Row("dependency-bot", _DEVELOPMENT, _DEVELOPMENT_LEVELS, "high", 180, "approvers", "W T", deputy=True),
    Row("gitops-reader", "read:repository", "repositories:read", "low", 365, "approvers", "D R"),
    Row("catalogue-indexer", "read:repository read:project read:workspace",
        "repositories:read projects:read workspace_membership:read", "medium", 180, "approvers", "W"),
    Row("watch-pipelines", "read:pipeline", "pipelines:read", "medium", 180, "at_once", "T R"),
    Row("edit-pipeline-variables", "read:pipeline admin:pipeline", "pipelines:edit_variables",
        "critical", 7, "two_people", "T"),
    Row("register-runners", "read:runner write:runner", "runners:write", "critical", 7, "two_people", "T"),
    Row("provision-repositories", "read:repository admin:repository read:project", "repositories:admin projects:read",
        "critical", 30, "two_people", "T"),
    Row("administer-access", _ACCESS, "repositories:admin projects:admin permissions:write permissions:delete",
        "critical", 7, "two_people", "T"),
    Row("delete-repositories", "read:repository delete:repository", "repositories:read repositories:delete",
        "critical", 1, "two_people", "T"),
)
# fmt: on
EVERY = (*STARTERS, *FURTHER)
