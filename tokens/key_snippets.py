"""Lines to copy for a deploy key: git over SSH, which it can only read with. The key itself is on the machine.

Addresses: https://support.atlassian.com/bitbucket-cloud/docs/clone-a-git-repository/
"""

from urllib.parse import urlsplit

from django.conf import settings

from tokens.models import Credential
from tokens.snippet_model import Section, Snippet

KEY_FILE = "~/.ssh/YOUR_KEY"


def key_sections(credential: Credential) -> list[Section]:
    """How a machine uses its key.

    Args:
        credential: an approved deploy key.
    """
    url = f"{settings.BITBUCKET_SSH_URL}/{_repository(credential)}.git"
    host = urlsplit(settings.BITBUCKET_SSH_URL).hostname or ""
    return [
        Section(
            "git",
            "git over SSH",
            "It clones and fetches, and cannot push. REST and HTTPS do not take it.",
            (
                Snippet(
                    "Clone",
                    "shell",
                    f"GIT_SSH_COMMAND='ssh -i {KEY_FILE} -o IdentitiesOnly=yes' git clone {url}",
                    "With the file of the private half:",
                ),
                Snippet(
                    "SSH configuration",
                    "text",
                    f"Host {host}\n    IdentityFile {KEY_FILE}\n    IdentitiesOnly yes",
                    "Or once for all commands, in ~/.ssh/config:",
                ),
            ),
        ),
        Section(
            "hosts",
            "Know the server",
            "Compare the server's key with the one that Bitbucket publishes before a machine trusts it.",
            (Snippet("Look", "shell", f"ssh-keyscan {host} | ssh-keygen -lf -"),),
        ),
        Section(
            "gitops",
            "Argo CD and Flux",
            "Both read the private half from a secret of the cluster. It never leaves the cluster if it is made there.",
            (
                Snippet("Argo CD", "shell", f"argocd repo add {url} --ssh-private-key-path {KEY_FILE}"),
                Snippet("Flux", "shell", f"flux create secret git manifests --url={url} --private-key-file={KEY_FILE}"),
            ),
        ),
    ]


def _repository(credential: Credential) -> str:
    if credential.repository is not None:
        return credential.repository.full_name
    workspace = credential.project.workspace.slug if credential.project else "WORKSPACE"
    return f"{workspace}/REPOSITORY"
