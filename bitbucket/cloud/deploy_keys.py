"""Deploy keys of repositories and projects: SSH keys without an end, which outlive whoever added them.

Reading them already needs an administrator's scope, adding one `write:ssh-key:bitbucket` as well
(https://developer.atlassian.com/cloud/bitbucket/rest/api-group-deployments/).
"""

from collections.abc import Iterator

from bitbucket.cloud.reader import Reader, project_path, repository_path
from bitbucket.errors import BadAnswer
from bitbucket.resources import DeployKey


class DeployKeyCalls(Reader):
    """Reads deploy keys, adds and ends them; the caller must administer the repository or project."""

    def repository_deploy_keys(self, workspace: str, repository: str) -> Iterator[DeployKey]:
        """The deploy keys of a repository, without those of its project."""
        where = repository_path(workspace, repository, "deploy-keys")
        return map(DeployKey.parsed, self._all("cloud.repository_deploy_keys", where))

    def project_deploy_keys(self, workspace: str, key: str) -> Iterator[DeployKey]:
        """The deploy keys of a project (by its key): each opens every repository of it."""
        where = project_path(workspace, key, "deploy-keys")
        return map(DeployKey.parsed, self._all("cloud.project_deploy_keys", where))

    def repository_deploy_key(self, workspace: str, repository: str, key_id: str) -> DeployKey:
        """One deploy key of a repository.

        Raises:
            NotFound: no such key or repository, or the caller may not see it; proves nothing.
            BadAnswer: the answer is about another key.
        """
        where = repository_path(workspace, repository, "deploy-keys", key_id)
        return self._key_of("cloud.repository_deploy_key", where, key_id)

    def project_deploy_key(self, workspace: str, key: str, key_id: str) -> DeployKey:
        """One deploy key of a project (by its key).

        Raises:
            NotFound: no such key or project, or the caller may not see it; proves nothing.
            BadAnswer: the answer is about another key.
        """
        where = project_path(workspace, key, "deploy-keys", key_id)
        return self._key_of("cloud.project_deploy_key", where, key_id)

    def add_repository_deploy_key(self, workspace: str, repository: str, *, key: str, label: str) -> DeployKey:
        """Let a key read a repository, without an end. Accepted is not proven: read it again.

        Args:
            workspace: uuid or slug.
            repository: uuid or slug.
            key: the public half, type and base64; Bitbucket splits a comment off.
            label: what the key is called there.

        Raises:
            Invalid: no usable key, the key of an account, or one that this repository has; `detail` holds Bitbucket's
                words.
            NotFound: no such repository, or the caller may not see it.
            Transient: it may have happened or not. Asking again then may be refused for a key that is there by now.
        """
        where = repository_path(workspace, repository, "deploy-keys")
        made = self._add("cloud.add_repository_deploy_key", where, {"key": key, "label": label})
        return DeployKey.parsed(made)

    def add_project_deploy_key(self, workspace: str, project_key: str, *, key: str, label: str) -> DeployKey:
        """Let a key read every repository of a project, without an end. Accepted is not proven: read it again.

        Args:
            workspace: uuid or slug.
            project_key: the project's key.
            key: the public half, type and base64; Bitbucket splits a comment off.
            label: what the key is called there.

        Raises:
            Invalid: no usable key, the key of an account, or one that this project has; `detail` holds Bitbucket's
                words.
            NotFound: no such project, or the caller may not see it.
            Transient: it may have happened or not. Asking again then may be refused for a key that is there by now.
        """
        where = project_path(workspace, project_key, "deploy-keys")
        return DeployKey.parsed(self._add("cloud.add_project_deploy_key", where, {"key": key, "label": label}))

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

    def _key_of(self, operation: str, where: str, key_id: str) -> DeployKey:
        found = DeployKey.parsed(self._one(operation, where))
        if found.id != key_id:
            raise BadAnswer(operation, 200, "it is about another key")
        return found
