"""Deploy keys of repositories and projects: SSH keys without an end, which outlive whoever added them.

Reading them already needs an administrator's scope
(https://developer.atlassian.com/cloud/bitbucket/rest/api-group-deployments/).
"""

from collections.abc import Iterator

from bitbucket.cloud.reader import Reader, project_path, repository_path
from bitbucket.resources import DeployKey


class DeployKeyCalls(Reader):
    """Reads deploy keys and ends them; the caller must administer the repository or project."""

    def repository_deploy_keys(self, workspace: str, repository: str) -> Iterator[DeployKey]:
        """The deploy keys of a repository, without those of its project."""
        where = repository_path(workspace, repository, "deploy-keys")
        return map(DeployKey.parsed, self._all("cloud.repository_deploy_keys", where))

    def project_deploy_keys(self, workspace: str, key: str) -> Iterator[DeployKey]:
        """The deploy keys of a project (by its key): each opens every repository of it."""
        where = project_path(workspace, key, "deploy-keys")
        return map(DeployKey.parsed, self._all("cloud.project_deploy_keys", where))

    def delete_repository_deploy_key(self, workspace: str, repository: str, key_id: str) -> None:
        """End a repository's deploy key. Accepted is not proven: read the listing again.

        Raises:
            NotFound: no such key or repository, or the caller may not see it; proves nothing.
            Transient: it may have happened or not.
        """
        where = repository_path(workspace, repository, "deploy-keys", key_id)
        self._delete("cloud.delete_repository_deploy_key", where)

    def delete_project_deploy_key(self, workspace: str, key: str, key_id: str) -> None:
        """End a project's deploy key. Accepted is not proven: read the listing again.

        Raises:
            NotFound: no such key or project, or the caller may not see it; proves nothing.
            Transient: it may have happened or not.
        """
        self._delete("cloud.delete_project_deploy_key", project_path(workspace, key, "deploy-keys", key_id))
