"""What to do about SSH keys.

Sources: https://confluence.atlassian.com/bbkb/permission-denied-publickey-302811860.html,
https://community.atlassian.com/forums/Bitbucket-articles/Upcoming-change-to-Bitbucket-Cloud-SSH-access-move-from/ba-p/3234032
"""

from typing import Final

from tokens.catalogue.diagnosis import actions as do
from tokens.catalogue.diagnosis.model import Action, Advice
from tokens.catalogue.diagnosis.telling import told

_SSH_HELP: Final = do.page(
    "Bitbucket on “Permission denied (publickey)”",
    "https://confluence.atlassian.com/bbkb/permission-denied-publickey-302811860.html",
)

KEY_ADVICE: Final = (
    Advice(
        "ssh_key",
        "ssh_key",
        "Bitbucket knows none of the SSH keys that were offered",
        told(
            """
            This is about SSH keys; tokens play no part in it.
            - Ask Bitbucket which key it sees, and list what your agent holds.
            - If the list is empty, add your key to the agent. If it is not, add its public half to your Bitbucket
              settings.
            - In a build, check that the job has the private half, and that the public half is at the repository.
            """
        ),
        (
            _SSH_HELP,
            do.TRY_SSH,
            do.copied("What the agent holds", "ssh-add -l"),
            do.copied("Add a key", "ssh-add ~/.ssh/id_ed25519"),
        ),
    ),
    Advice(
        "ssh_key_unusable",
        "ssh_key",
        "Your computer cannot use the private key",
        told(
            """
            The key never reached Bitbucket: ssh cannot read the file, or others may read it, and then ssh refuses
            it.
            - Make the file readable for you alone, and check that it is the whole private key with its last line
              break.
            """
        ),
        (
            _SSH_HELP,
            do.copied("For you alone: macOS, Linux", "chmod 600 ~/.ssh/id_ed25519"),
            do.copied("Can it be read?", "ssh-keygen -y -f ~/.ssh/id_ed25519"),
            do.TRY_SSH,
        ),
    ),
    Advice(
        "ssh_key_elsewhere",
        "ssh_key",
        "This deploy key belongs to another repository",
        told(
            """
            Bitbucket knows the key, but it is an access key of another repository or project.
            - Add its public half to this repository's access keys, or have ssh offer the right key.
            """
        ),
        (_SSH_HELP, do.TRY_SSH),
    ),
    Advice(
        "read_only_key",
        "read_only_credential",
        "Deploy keys only read",
        told(
            """
            The SSH key that was used is an access key of the repository. Bitbucket lets those read and nothing
            else.
            - Push with your own SSH key, or over HTTPS with a token that may write.
            - If your own key was meant, it is listed at the repository: remove it there and add it to your own
              settings.
            """
        ),
        (Action("request_scopes", "Ask for a token that may push"), do.USE_API_TOKEN, do.TRY_SSH),
    ),
)
