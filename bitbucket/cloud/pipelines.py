"""Pipelines: what ran, on whose behalf, with which variables and on which runners. No variable's value is kept."""

from collections.abc import Iterator

from bitbucket.cloud.reader import Reader, repository_path
from bitbucket.pages import FirstPage
from bitbucket.protocol import path
from bitbucket.resources import Environment, Pipeline, PipelineSshKey, Runner, Schedule, Variable


class PipelineCalls(Reader):
    """Reads what builds and deploys, of one repository or of the workspace."""

    def pipelines(
        self, workspace: str, repository: str, *, pages_at_most: int = 1, creator_uuid: str = ""
    ) -> FirstPage[Pipeline]:
        """The newest pipelines of a repository, newest first; `has_more` where older ones were not read.

        Args:
            workspace: uuid or slug.
            repository: uuid or slug.
            pages_at_most: how many pages of 100 are read, each one request.
            creator_uuid: ask for one person's. No source confirms how it is written: check what comes back.
        """
        where = repository_path(workspace, repository, "pipelines")
        order = {"sort": "-created_on", "creator.uuid": creator_uuid}
        return self._some("cloud.pipelines", where, Pipeline.parsed, pages_at_most=pages_at_most, **order)

    def repository_variables(self, workspace: str, repository: str) -> Iterator[Variable]:
        """The pipeline variables of a repository."""
        where = repository_path(workspace, repository, "pipelines_config", "variables")
        return map(Variable.parsed, self._all("cloud.repository_variables", where))

    def workspace_variables(self, workspace: str) -> Iterator[Variable]:
        """The pipeline variables that every repository of a workspace sees."""
        where = path("workspaces", workspace, "pipelines-config", "variables")
        return map(Variable.parsed, self._all("cloud.workspace_variables", where))

    def deployment_environments(self, workspace: str, repository: str) -> Iterator[Environment]:
        """The environments that a repository deploys to."""
        where = repository_path(workspace, repository, "environments")
        return map(Environment.parsed, self._all("cloud.deployment_environments", where))

    def deployment_variables(self, workspace: str, repository: str, environment_uuid: str) -> Iterator[Variable]:
        """The variables of one environment."""
        where = repository_path(
            workspace, repository, "deployments_config", "environments", environment_uuid, "variables"
        )
        return map(Variable.parsed, self._all("cloud.deployment_variables", where))

    def repository_runners(self, workspace: str, repository: str) -> Iterator[Runner]:
        """The self-hosted runners of a repository."""
        where = repository_path(workspace, repository, "pipelines-config", "runners")
        return map(Runner.parsed, self._all("cloud.repository_runners", where))

    def workspace_runners(self, workspace: str) -> Iterator[Runner]:
        """The self-hosted runners that every repository of a workspace may use."""
        where = path("workspaces", workspace, "pipelines-config", "runners")
        return map(Runner.parsed, self._all("cloud.workspace_runners", where))

    def schedules(self, workspace: str, repository: str) -> Iterator[Schedule]:
        """The schedules that start pipelines of a repository; they do not tell who made them."""
        where = repository_path(workspace, repository, "pipelines_config", "schedules")
        return map(Schedule.parsed, self._all("cloud.schedules", where))

    def pipelines_ssh_key(self, workspace: str, repository: str) -> PipelineSshKey:
        """The SSH key that a repository's pipelines use, by its public half.

        (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pipelines/, "Get SSH key pair")

        Raises:
            NotFound: there is none, which is usual, or the caller may not see it or the repository; proves neither.
        """
        where = repository_path(workspace, repository, "pipelines_config", "ssh", "key_pair")
        return PipelineSshKey.parsed(self._one("cloud.pipelines_ssh_key", where))
