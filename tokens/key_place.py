"""The calls about the deploy keys of one repository or project, by where it is."""

from bitbucket.cloud import CloudClient
from bitbucket.resources import DeployKey
from tokens.models import Credential, Project, Repository


class KeyPlace:
    """One place and the bot that administers it.

    Args:
        bot: who asks.
        place: a repository, or a project: its keys open every repository of it.
    """

    def __init__(self, bot: CloudClient, place: Repository | Project) -> None:
        self._bot, self.place = bot, place
        self._workspace = place.workspace.uuid

    @property
    def path(self) -> str:
        """The path of its list, as evidence names it."""
        if isinstance(self.place, Repository):
            return f"/2.0/repositories/{self._workspace}/{self.place.uuid}/deploy-keys"
        return f"/2.0/workspaces/{self._workspace}/projects/{self.place.key}/deploy-keys"

    def keys(self) -> list[DeployKey]:
        """Its complete list."""
        if isinstance(self.place, Repository):
            return list(self._bot.repository_deploy_keys(self._workspace, self.place.uuid))
        return list(self._bot.project_deploy_keys(self._workspace, self.place.key))

    def add(self, *, key: str, label: str) -> DeployKey:
        """Add a key: its public half as `algorithm base64`."""
        if isinstance(self.place, Repository):
            return self._bot.add_repository_deploy_key(self._workspace, self.place.uuid, key=key, label=label)
        return self._bot.add_project_deploy_key(self._workspace, self.place.key, key=key, label=label)

    def delete(self, key_id: str) -> None:
        """Send the deletion of a key."""
        if isinstance(self.place, Repository):
            self._bot.delete_repository_deploy_key(self._workspace, self.place.uuid, key_id)
        else:
            self._bot.delete_project_deploy_key(self._workspace, self.place.key, key_id)


def place_of(credential: Credential) -> Repository | Project | None:
    """Where a deploy key is; None where that is not known."""
    return credential.repository or credential.project


def key_id_of(credential: Credential) -> str:
    """Bitbucket's number of a deploy key, from its entry; empty where it is not known."""
    return (credential.listing_id or "").rpartition(":")[2]


def listing_id_of(place: Repository | Project, key_id: str) -> str:
    """How the entry of a key is named here."""
    return f"deploy_key:{place.uuid}:{key_id}"
