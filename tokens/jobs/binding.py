"""Looking for a credential in the organisation's listing, with the audit key, on `worker`."""

from datetime import timedelta

from django.conf import settings

from accounts.actors import SYSTEM
from accounts.models import Person
from bitbucket.admin import AdminClient
from bitbucket.errors import RemoteError
from bitbucket.resources import OrganisationToken
from tokens.binding import BindingAnswer, Match, Wanted, find_entry
from tokens.clients import STEADY_ORDER, audit_admin
from tokens.jobs.remote import outcome_from_error
from tokens.models import Credential, HolderProof, Verification
from tokens.models.credential import BindingState
from tokens.operations.change import Change, Stale
from tokens.operations.credentials import (
    bind_credential as tie,
)
from tokens.operations.credentials import (
    insert_refused,
    leave_unbound,
    lock_credential,
    refuse_too_long,
    register,
    taken_ids,
)
from tokens.operations.requests import lock_request
from tokens.operations.wishes import wanted_for
from tokens.states import CredentialState, RequestState
from workqueue.claims import Claim, ExpectedFailure, Retry, finish

# Seconds until the next look: the person is watching the first few.
LOOKS = (1, 2, 3, 5, 10, 30, 60, 300, 900)
SAY_UNBOUND_AFTER = 4


def bind_credential(claim: Claim) -> None:
    """Look once. Not there yet → look again later; several → a person decides."""
    try:
        if "verification" in claim.payload:
            _for_verification(claim, Verification.objects.get(pk=claim.payload["verification"]))
        else:
            _for_credential(claim, Credential.objects.get(pk=claim.payload["credential"]))
    except Stale as problem:  # such as: what its entry was found as is being revoked just now
        raise _again(claim, str(problem)) from problem


def _for_credential(claim: Claim, credential: Credential) -> None:
    if credential.binding == BindingState.BOUND or credential.ended_at is not None:
        return
    wanted = wanted_for(
        credential.approved_request,
        verified_at=credential.registered_at,
        scopes=credential.scopes,
        may_be_too_long=credential.state == CredentialState.REFUSED,
    )
    answer = _look(claim, wanted)
    with Change(SYSTEM) as change:
        locked = lock_credential(credential.pk)
        if locked.binding == BindingState.BOUND or locked.ended_at is not None:
            finish(claim)
            return
        if answer.match is not Match.NONE:
            finish(claim)
            _write(locked, answer, change)
            return
        if claim.attempt >= SAY_UNBOUND_AFTER:
            leave_unbound(locked, answer, change)
    raise _again(claim, answer.because)


def _write(locked: Credential, answer: BindingAnswer, change: Change) -> None:
    if answer.match is Match.UNIQUE and answer.entry is not None:
        tie(locked, answer.entry, change, by="code")
    elif answer.match is Match.TOO_LONG and answer.entry is not None and locked.state == CredentialState.ACTIVE:
        refuse_too_long(locked, answer.entry, answer.because, change)
    else:
        leave_unbound(locked, answer, change)


def _for_verification(claim: Claim, row: Verification) -> None:
    """High risk and a declared holder: it is registered only when the listing proves whose it is."""
    if row.registered_as_id or not row.waits_for_listing:
        return
    answer = _look(claim, wanted_for(row.request, verified_at=row.verified_at, scopes=row.granted))
    if answer.match is Match.NONE:
        Verification.objects.filter(pk=row.pk).update(waiting_reason=answer.because)
        raise _again(claim, answer.because)
    with Change(SYSTEM) as change:
        request = lock_request(row.request)
        locked = Verification.objects.select_for_update(no_key=True).get(pk=row.pk)
        locked.request = request
        finish(claim)
        locked.waits_for_listing = False
        if request.state != RequestState.APPROVED:
            locked.waiting_reason = "the request was no longer open when the token was found"
        elif answer.match is Match.UNIQUE and answer.entry is not None:
            credential = register(locked, change, holder_proof=HolderProof.LISTING)
            tie(credential, answer.entry, change, by="code")
        elif answer.match is Match.TOO_LONG and answer.entry is not None:
            insert_refused(locked, change, why=answer.because, read_by="organisation listing", entry=answer.entry)
            locked.waiting_reason = answer.because
        else:
            locked.waiting_reason = f"not registered: {answer.because}"
        locked.save()


def _look(claim: Claim, wanted: Wanted) -> BindingAnswer:
    client = audit_admin()
    if client is None:
        raise ExpectedFailure("no organisation is connected to this worker")
    person = Person.objects.get(account_id=wanted.account_id)
    try:
        entries = client.organisation_tokens(settings.ATLASSIAN_ORG_ID, q=wanted.code, sort=STEADY_ORDER)
        answer = find_entry(entries, wanted, taken=taken_ids(person))
        if answer.match is Match.NONE and claim.attempt >= SAY_UNBOUND_AFTER:
            others = _tokens_of(client, person)
            return BindingAnswer(Match.NONE, candidates=others, because=answer.because)
    except RemoteError as error:
        raise outcome_from_error(error, attempt=claim.attempt) from error
    return answer


def _tokens_of(client: AdminClient, person: Person) -> tuple[OrganisationToken, ...]:
    """This person's tokens that nobody is bound to: what somebody may choose from when the code is not there."""
    taken = taken_ids(person)
    listed = client.organisation_tokens(
        settings.ATLASSIAN_ORG_ID, q=person.email or person.display_name, sort=STEADY_ORDER
    )
    return tuple(entry for entry in listed if entry.user_id == person.account_id and entry.id not in taken)


def _again(claim: Claim, because: str) -> Retry:
    seconds = LOOKS[min(claim.attempt - 1, len(LOOKS) - 1)]
    return Retry(reason=because, after=timedelta(seconds=seconds))


def binding_gave_up(claim: Claim, reason: str) -> None:
    """A day of looking found nothing: the credential stays unbound, and its page says so."""
    if "credential" not in claim.payload:
        Verification.objects.filter(pk=claim.payload["verification"], registered_as=None).update(
            waits_for_listing=False, waiting_reason=f"not registered: {reason}"[:300]
        )
        return
    Credential.objects.filter(pk=claim.payload["credential"], binding=BindingState.LOOKING).update(
        binding=BindingState.UNBOUND, binding_reason=reason[:300]
    )
