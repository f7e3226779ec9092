"""Rules that name people: who may change a branch, who reviews by default."""

from collections.abc import Iterator

from bitbucket.cloud.reader import Reader, project_path, repository_path
from bitbucket.resources import BranchRestriction, DefaultReviewer


class RuleCalls(Reader):
    """Reads the rules of one repository or project."""

    def branch_restrictions(self, workspace: str, repository: str) -> Iterator[BranchRestriction]:
        """The branch restrictions of a repository; the caller must administer it."""
        where = repository_path(workspace, repository, "branch-restrictions")
        return map(BranchRestriction.parsed, self._all("cloud.branch_restrictions", where))

    def repository_default_reviewers(self, workspace: str, repository: str) -> Iterator[DefaultReviewer]:
        """The default reviewers of a repository itself, without those of its project."""
        where = repository_path(workspace, repository, "default-reviewers")
        return map(DefaultReviewer.from_account, self._all("cloud.repository_default_reviewers", where))

    def project_default_reviewers(self, workspace: str, key: str) -> Iterator[DefaultReviewer]:
        """The default reviewers of a project (by its key); the caller must administer it."""
        where = project_path(workspace, key, "default-reviewers")
        return map(DefaultReviewer.parsed, self._all("cloud.project_default_reviewers", where))
