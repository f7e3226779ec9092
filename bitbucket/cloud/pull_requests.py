"""Open pull requests: which wait for somebody's review, and which are somebody's own.

Source: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ .
"""

from bitbucket.cloud.reader import Reader, quoted, repository_path
from bitbucket.errors import BadAnswer
from bitbucket.pages import FirstPage
from bitbucket.protocol import path
from bitbucket.resources import PullRequest

# Longer pages are refused (https://github.com/jenkinsci/bitbucket-branch-source-plugin/pull/1182, 2026-03).
PAGE_LENGTH = "50"
# Listings leave reviewers out unless they are asked for
# (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#partial-response, "Field discovery").
_WITH_REVIEWERS = "+values.reviewers"


class PullRequestCalls(Reader):
    """Reads open pull requests, of a repository or of an author."""

    def pull_requests_to_review(
        self, workspace: str, repository: str, user_uuid: str, *, pages_at_most: int = 1
    ) -> FirstPage[PullRequest]:
        """The open pull requests of a repository that name somebody as a reviewer; `has_more` where more were not read.

        Bitbucket is asked for that person's alone. No source of the vendor's confirms that its filter knows reviewers,
        so each pull request is looked at here as well: where the filter is ignored, the others are left out, and
        `has_more` says that the rest was not looked at. Who reviews without having been asked is not found.

        Args:
            workspace: uuid or slug.
            repository: uuid or slug.
            user_uuid: the reviewer's, with its braces.
            pages_at_most: how many pages of 50 are read, each one request.

        Raises:
            BadAnswer: a pull request does not tell its reviewers, so nothing is known.
            NotFound: no such repository, or the caller may not see it; does not prove that nothing waits.
        """
        operation = "cloud.pull_requests_to_review"
        found = self._some(
            operation,
            repository_path(workspace, repository, "pullrequests"),
            PullRequest.parsed,
            pages_at_most=pages_at_most,
            pagelen=PAGE_LENGTH,
            state="OPEN",
            q=f"reviewers.uuid={quoted(user_uuid)}",
            fields=_WITH_REVIEWERS,
        )
        if any(one.reviewers is None for one in found.items):
            raise BadAnswer(operation, None, "a pull request does not tell its reviewers")
        theirs = (one for one in found.items if user_uuid in {person.uuid for person in one.reviewers or ()})
        return FirstPage(tuple(theirs), found.has_more)

    def pull_requests_of_author(
        self, workspace: str, user_uuid: str, *, pages_at_most: int = 1
    ) -> FirstPage[PullRequest]:
        """Somebody's own open pull requests in a workspace; `has_more` where others were not read.

        Args:
            workspace: uuid or slug.
            user_uuid: the author's, with its braces.
            pages_at_most: how many pages of 50 are read, each one request.

        Raises:
            NotFound: no such account, or the caller may not see it; does not prove that there is no pull request.
        """
        where = path("workspaces", workspace, "pullrequests", user_uuid)
        return self._some(
            "cloud.pull_requests_of_author",
            where,
            PullRequest.parsed,
            pages_at_most=pages_at_most,
            pagelen=PAGE_LENGTH,
            state="OPEN",
        )
