"""Pull requests that wait for somebody."""

from collections.abc import Iterator

from bitbucket.cloud.reader import Reader, repository_path
from bitbucket.resources import PullRequest


class PullRequestCalls(Reader):
    """Reads open pull requests of one repository."""

    def pull_requests_to_review(self, workspace: str, repository: str, user_uuid: str) -> Iterator[PullRequest]:
        """The open pull requests of a repository that name somebody (by uuid) as a reviewer."""
        where = repository_path(workspace, repository, "pullrequests")
        wanted = 'reviewers.uuid="{}"'.format(user_uuid.replace("\\", "").replace('"', ""))
        found = self._all("cloud.pull_requests_to_review", where, state="OPEN", q=wanted)
        return map(PullRequest.parsed, found)
