"""How many repositories a person reaches: what a token of theirs would really open."""

from itertools import islice

from django.conf import settings
from django.utils import timezone

from accounts.models import Person
from bitbucket.cloud import CloudClient
from bitbucket.errors import Permanent, RemoteError
from tokens.capabilities import observe
from tokens.clients import audit_bot
from tokens.jobs.remote import outcome_from_error
from tokens.models import Capability
from workqueue.claims import Claim, ExpectedFailure

# The filter by person is not confirmed by any source. Where it is ignored, everybody's rows come back; past this many
# the count is not worth its requests and stays "not known yet".
ROWS_AT_MOST = 5_000
LEVELS = ("read", "write", "admin")


def count_reach(claim: Claim) -> None:
    """Count one person's repositories by level, with the audit bot."""
    person = Person.objects.get(pk=claim.payload["person"])
    bot = audit_bot()
    if bot is None:
        observe(Capability.Name.COUNT_REACH, Capability.Level.MANUAL, "no audit bot is set up")
        raise ExpectedFailure("no audit bot is set up")
    try:
        counts = _counted(bot, person)
    except RemoteError as error:
        if isinstance(error, Permanent):
            observe(Capability.Name.COUNT_REACH, Capability.Level.MANUAL, str(error))
        raise outcome_from_error(error, attempt=claim.attempt) from error
    observe(Capability.Name.COUNT_REACH, Capability.Level.AUTOMATIC, "the audit bot reads repository permissions")
    Person.objects.filter(pk=person.pk).update(reach=counts, reach_observed_at=timezone.now())


def _counted(bot: CloudClient, person: Person) -> dict[str, int]:
    """Repositories at which the person has at least the level, over all workspaces; groups and own grants mixed."""
    highest: dict[str, int] = {}
    for workspace in settings.BITBUCKET_WORKSPACES:
        rows = list(islice(bot.repository_permissions(workspace, user_uuid=person.uuid), ROWS_AT_MOST + 1))
        if len(rows) > ROWS_AT_MOST:
            raise ExpectedFailure("the listing cannot be narrowed to one person here")
        for row in rows:
            if person.uuid in (row.user_uuid,) or person.account_id == row.account_id:
                level = LEVELS.index(row.permission) + 1 if row.permission in LEVELS else 0
                key = row.repository_uuid or row.repository_full_name
                highest[key] = max(level, highest.get(key, 0))
    return {name: sum(1 for level in highest.values() if level > index) for index, name in enumerate(LEVELS)}
