"""What nobody can do by machine, whatever their keys and plan; the reasons name their sources."""

from tokens.inventory.setup.seen import Level, Name, Seen

_REASONS = {
    Name.READ_SSH_KEYS: (
        "GET /users/{user}/ssh-keys answers only about the caller's own keys (REST documentation, SSH keys). Ask the"
        " person, or switch the account off: its keys stop with it."
    ),
    Name.LIST_ACCESS_TOKENS: (
        "Bitbucket has no call that lists or ends access tokens (open wish:"
        " https://jira.atlassian.com/browse/BCLOUD-23192). Look at each repository's, project's and workspace's page."
    ),
    Name.LIST_GRANTS_OF_APPS: (
        "Bitbucket's REST API has no path for OAuth consumers and grants. Look at the workspace's OAuth consumers page;"
        " a person ends a grant in their own settings."
    ),
}


def impossible() -> list[Seen]:
    """The capabilities that cannot be had."""
    return [Seen(name, Level.IMPOSSIBLE, words, facts={}) for name, words in _REASONS.items()]
