"""All that the portal asks of the organisation, as one object."""

from bitbucket.admin.accounts import AccountCalls
from bitbucket.admin.events import EventCalls
from bitbucket.admin.tokens import TokenCalls


class AdminClient(TokenCalls, AccountCalls, EventCalls):
    """Speaks for an organisation. Each area stands in a file of its own and works on its own.

    Every method raises a `RemoteError` when it has no complete, well-formed answer.

    Args:
        transport: below `https://api.atlassian.com`.
        key: the organisation's API key.
    """
