"""Reading one person's rights live with the audit bot, and what the pipelines hold that they could start."""

from accounts.models import Person
from bitbucket.errors import Permanent, RemoteError, Transient
from tokens.capabilities import observe
from tokens.clients import audit_bot
from tokens.inventory.moments import database_now
from tokens.inventory.person import RIGHTS_REST_ON, WorkspaceRights, read_rights, result_of, trouble_of
from tokens.inventory.secrets import read_secrets_of
from tokens.jobs.remote import outcome_from_error
from tokens.models import Capability, Repository
from tokens.operations.rights import write_rights
from tokens.operations.secrets import ask_for_secrets, write_secrets
from workqueue.claims import Claim, ExpectedFailure, finish
from workqueue.holding import hold
from workqueue.models import Job

NO_BOT = "no audit bot is set up"
TRIES = 3


def read_person(claim: Claim) -> None:
    """Read what one person reaches and was given. What could not be read keeps its rows, and the result says why."""
    person = Person.objects.get(pk=claim.payload["person"])
    bot = audit_bot()
    if bot is None:
        raise ExpectedFailure(NO_BOT)
    found = read_rights(bot, person, with_grants=True)
    again = _again(claim, found)
    with hold(claim):
        result = result_of(found, write_rights(person, found))
        if again is None:
            finish(claim, result=result | {"secrets_asked": ask_for_secrets(person)})
        else:
            Job.objects.filter(pk=claim.job_id).update(result=result)
    if again is not None:
        raise again


def _again(claim: Claim, found: list[WorkspaceRights]) -> Exception | None:
    """A few more tries for what may go away; what is left unread after them is said, and nobody waits for it."""
    error = trouble_of(found)
    if not isinstance(error, Transient) or claim.attempt >= TRIES:
        return None
    return outcome_from_error(error, attempt=claim.attempt)


def count_reach(claim: Claim) -> None:
    """Count one person's repositories by level: the same reading, without what they were given by name."""
    person = Person.objects.get(pk=claim.payload["person"])
    bot = audit_bot()
    if bot is None:
        observe(Capability.Name.COUNT_REACH, Capability.Level.MANUAL, NO_BOT)
        raise ExpectedFailure(NO_BOT)
    found = read_rights(bot, person, with_grants=False)
    error = trouble_of(found, parts=RIGHTS_REST_ON)
    with hold(claim):
        write_rights(person, found)
        if all(one.is_whole for one in found):
            words = "the audit bot reads repository permissions"
            observe(Capability.Name.COUNT_REACH, Capability.Level.AUTOMATIC, words)
            finish(claim)
            return
    raise _not_counted(claim, error)


def _not_counted(claim: Claim, error: RemoteError | None) -> Exception:
    if error is None:
        return ExpectedFailure("the listing cannot be narrowed to one person here")
    if isinstance(error, Permanent):
        observe(Capability.Name.COUNT_REACH, Capability.Level.MANUAL, str(error))
    return outcome_from_error(error, attempt=claim.attempt)


def read_secrets(claim: Claim) -> None:
    """Count what the pipelines of one repository hold."""
    place = Repository.objects.select_related("workspace").filter(pk=claim.payload["repository"], gone_at=None).first()
    if place is None:
        return
    bot = audit_bot()
    if bot is None:
        raise ExpectedFailure(NO_BOT)
    began = database_now()
    try:
        found, unread = read_secrets_of(bot, place)
    except Transient as error:
        raise outcome_from_error(error, attempt=claim.attempt) from error
    with hold(claim):
        locked = Repository.objects.select_for_update().get(pk=place.pk)
        write_secrets(locked, found, unread, at=began)
        finish(claim, result={"read": sorted(found), "unread": unread})
