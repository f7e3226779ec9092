"""Whether an account is suspended in its directory. No source says that its profile tells of it."""

from django.conf import settings

from bitbucket.admin import AdminClient
from bitbucket.errors import BadAnswer, Permanent, Unauthorized
from offboarding.evidence import Asked, note_read, note_same
from offboarding.models import Step
from tokens.clients import REVOKE_KEY

SUSPEND = "suspend"


def is_policy() -> bool:
    """Whether this installation suspends accounts instead of disabling them."""
    return settings.OFFBOARDING_ACCOUNT == SUSPEND and bool(settings.ATLASSIAN_DIRECTORY_ID)


def switch_path(account_id: str) -> str:
    """Where the call goes that switches an account off, by the policy."""
    if is_policy():
        return f"{_member_path(account_id)}/suspend"
    return f"/users/{account_id}/manage/lifecycle/disable"


def _member_path(account_id: str) -> str:
    org, directory = settings.ATLASSIAN_ORG_ID, settings.ATLASSIAN_DIRECTORY_ID
    return f"/admin/v2/orgs/{org}/directories/{directory}/users/{account_id}"


def is_suspended(client: AdminClient, step: Step) -> bool:
    """Ask the directory, where suspending is the policy. A refusal shows nothing: older organisations lack the call.

    Raises:
        Transient: worth another try.
        Unauthorized: the key was not accepted.
    """
    if not is_policy():
        return False
    org, directory, account_id = settings.ATLASSIAN_ORG_ID, settings.ATLASSIAN_DIRECTORY_ID, step.plan.person.account_id
    asked = Asked(f"GET {_member_path(account_id)}", REVOKE_KEY)
    try:
        found = client.directory_user(org, directory, account_id)
    except Unauthorized:
        raise
    except (Permanent, BadAnswer) as error:
        note_same(step, asked, str(error))
        return False
    answer = f"200, membershipStatus {found.membership_status}"
    if found.is_suspended:
        note_read(step, asked, answer, proves=True)
    else:
        note_same(step, asked, answer)
    return found.is_suspended
