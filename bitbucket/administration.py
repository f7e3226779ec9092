"""Where a workspace's members are administered: in bitbucket.org, or in admin.atlassian.com."""

from bitbucket.cloud.reader import PAGE_LENGTH
from bitbucket.credentials import Credential
from bitbucket.fields import Fields
from bitbucket.pages import successful
from bitbucket.protocol import Request, json_from_answer, path, query
from bitbucket.transport import Transport

_DATES = ("last_accessed", "added_on")


def seats_tell_dates(transport: Transport, credential: Credential, workspace: str) -> bool | None:
    """Whether the members of a workspace come with the dates that Bitbucket leaves out once their administration moved.

    Exactly one request. The dates vanish when a workspace is administered in admin.atlassian.com:
    https://developer.atlassian.com/cloud/bitbucket/announcement-breaking-change-workspace-membership/

    Args:
        transport: below the API's base URL, `/2.0` included.
        credential: an administrator of the workspace.
        workspace: uuid or slug.

    Returns:
        True for bitbucket.org, False where no seat carries one, None where the page shows no seat at all.

    Raises:
        RemoteError: there is no complete, well-formed answer.
    """
    where = path("workspaces", workspace, "permissions")
    request = Request("cloud.workspace_permissions", "GET", where, query(pagelen=PAGE_LENGTH), credential)
    answer = successful(transport, request)
    seats = Fields(answer, json_from_answer(answer)).objects("values")
    told = [seat.anything(name) is not None for seat in seats for name in _DATES]
    return any(told) if told else None
