"""What a leaver's account has at Atlassian, as the revoke key reads it: its own list of tokens, the organisation's."""

from django.conf import settings

from accounts.models import Person
from bitbucket.admin import AdminClient
from bitbucket.errors import Permanent
from bitbucket.resources import OrganisationToken
from offboarding.evidence import Asked, note_read
from offboarding.models import Step
from tokens.clients import REVOKE_KEY, STEADY_ORDER


def own_list_of(person: Person) -> Asked:
    """The account's own list of API tokens."""
    return Asked(f"GET /users/{person.account_id}/manage/api-tokens", REVOKE_KEY)


def profile_of(person: Person) -> Asked:
    """The account's profile, which says whether it is on."""
    return Asked(f"GET /users/{person.account_id}/manage/profile", REVOKE_KEY)


def organisation_tokens_found(client: AdminClient, person: Person) -> list[OrganisationToken]:
    """What the organisation's own listing finds when it is searched for a person; not all of it is theirs.

    Raises:
        RemoteError: it cannot be read.
    """
    words = person.email or person.display_name
    return list(client.organisation_tokens(settings.ATLASSIAN_ORG_ID, q=words, sort=STEADY_ORDER))


def second_witness(step: Step, client: AdminClient) -> list[OrganisationToken] | None:
    """The leaver's tokens in the organisation's listing, noted as evidence; None where it cannot be read.

    Raises:
        Transient: worth another try.
    """
    person = step.plan.person
    asked = Asked(f"GET /admin/api-access/v1/orgs/{settings.ATLASSIAN_ORG_ID}/api-tokens", REVOKE_KEY)
    try:
        found = organisation_tokens_found(client, person)
    except Permanent as error:
        note_read(step, asked, str(error), status=error.status)
        return None
    theirs = [token for token in found if token.user_id == person.account_id]
    note_read(step, asked, f"200, {len(theirs)} of this account among {len(found)} found")
    return theirs
