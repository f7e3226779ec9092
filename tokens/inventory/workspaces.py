"""A workspace that the settings name and nobody has seen yet: its slug and name are labels that Bitbucket tells."""

from accounts.models import Workspace
from bitbucket.cloud import CloudClient
from tokens.inventory.labels import clean_label


def is_labelled(workspace: Workspace) -> bool:
    """Whether anybody told its slug; until then its uuid stands there."""
    return workspace.slug not in ("", workspace.uuid)


def label_workspace(client: CloudClient, workspace: Workspace) -> None:
    """Ask for a workspace's slug and name where they are not known. One request, once; call it outside a transaction.

    Raises:
        RemoteError: it did not answer.
    """
    if is_labelled(workspace):
        return
    told = client.workspace(workspace.uuid)
    workspace.slug, workspace.name = told.slug[:255], clean_label(told.name, length=255)
    Workspace.objects.filter(pk=workspace.pk).update(slug=workspace.slug, name=workspace.name)
