"""Does a credential open a place at all? What is public opens to everybody, so an answer alone shows nothing."""

from bitbucket.cloud.reader import Reader, project_path, repository_path
from bitbucket.protocol import path


class OpeningCalls(Reader):
    """Looks at one place. Each call tells whether the place is private, None where Bitbucket does not say."""

    def opens_repository(self, workspace: str, repository: str) -> bool | None:
        """Look at a repository.

        Raises:
            NotFound: not there, or not for this credential.
            MissingScope: the credential lacks what it takes to look.
        """
        return self._is_private("cloud.opens_repository", repository_path(workspace, repository))

    def opens_project(self, workspace: str, key: str) -> bool | None:
        """Look at a project; raises as `opens_repository`."""
        return self._is_private("cloud.opens_project", project_path(workspace, key))

    def opens_workspace(self, workspace: str) -> bool | None:
        """Look at a workspace; raises as `opens_repository`."""
        return self._is_private("cloud.opens_workspace", path("workspaces", workspace))
