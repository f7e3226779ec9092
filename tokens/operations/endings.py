"""What holds when a credential has ended, whoever ended it: evidence first, then what depends on it."""

from accounts.actors import SYSTEM
from audit.tags import Tag
from tokens.models import Credential, Request, Revocation
from tokens.models.revocation import RevocationOutcome
from tokens.operations import maker_messages, messages
from tokens.operations.change import Change, credential_subject, request_subject
from tokens.operations.credentials import lock_credential
from tokens.operations.findings import close_findings
from tokens.operations.requests import approve, lock_request
from tokens.states import REGISTERED, CredentialState, RequestState, require_credential_move


def end_as_gone(credential: Credential, change: Change, *, because: str) -> None:
    """A locked credential has ended, not by us, and a re-read shows it."""
    _end(credential, CredentialState.GONE, because, change)
    change.event(Tag.CREDENTIAL_GONE, credential_subject(credential), because=because)
    reopen_lost_grant(credential, change)


def end_as_revoked(revocation: Revocation, change: Change, *, tells_holder: bool = True) -> None:
    """We deleted it, and the list was read again, complete, without it."""
    credential = revocation.credential
    was_replaced = _was_replaced(credential)
    state = CredentialState.RETIRED if was_replaced else CredentialState.REVOKED
    _end(credential, state, "deleted, and the list was read again without it", change)
    _finish(revocation, RevocationOutcome.REVOKED, change)
    if tells_holder:
        messages.tell_revoked(credential)
    change.event(
        Tag.CREDENTIAL_RETIRED if was_replaced else Tag.CREDENTIAL_REVOKED,
        credential_subject(credential),
        listing_id=credential.listing_id,
        deletion_answer=revocation.deletion_answer,
        tokens_left=revocation.reread_total,
    )
    reopen_lost_grant(credential, change)


def _was_replaced(credential: Credential) -> bool:
    """Whether another one works in its place: then it is retired, and nobody lost anything."""
    return Credential.objects.filter(request__rotates=credential, state__in=REGISTERED).exists()


def end_revocation_as_gone(revocation: Revocation, change: Change) -> None:
    """It was not in the complete list before we deleted anything."""
    _finish(revocation, RevocationOutcome.GONE, change)
    messages.tell_holder(
        revocation.credential,
        f"Gone: {revocation.credential.name}",
        f"“{revocation.credential.name}” was already gone when the portal looked.",
    )
    end_as_gone(revocation.credential, change, because="it was already gone when the portal looked")


def end_as_presented(credential: Credential, change: Change, *, because: str) -> None:
    """A locked access token was to be deleted, and presenting it once more proved that it was."""
    _end(credential, CredentialState.REVOKED, because, change)
    maker_messages.tell_answerable(
        credential, f"Revoked: {credential.name}", f"“{credential.name}” is gone: {because}."
    )
    change.event(Tag.CREDENTIAL_REVOKED, credential_subject(credential), because=because, presented_status=401)
    reopen_lost_grant(credential, change)


def _end(credential: Credential, state: CredentialState, because: str, change: Change) -> None:
    require_credential_move(credential.state, state)
    credential.state, credential.state_reason = state, because[:300]
    credential.ended_at = change.at
    credential.save()
    close_findings(credential, change, because=because)


def _finish(revocation: Revocation, outcome: RevocationOutcome, change: Change) -> None:
    revocation.outcome, revocation.finished_at, revocation.waiting_because = outcome, change.at, ""
    revocation.save()


def stop_for_human(revocation: Revocation, change: Change, *, because: str) -> None:
    """The machine may not go on: a person decides. The credential counts as alive."""
    credential = revocation.credential
    require_credential_move(credential.state, CredentialState.NEEDS_HUMAN)
    credential.state, credential.state_reason = CredentialState.NEEDS_HUMAN, because[:300]
    credential.save()
    _finish(revocation, RevocationOutcome.NEEDS_HUMAN, change)
    messages.tell_needs_human(credential, because)
    change.event(Tag.CREDENTIAL_REVOCATION_FAILED, credential_subject(credential), because=because)


def reopen_lost_grant(credential: Credential, change: Change) -> None:
    """The lost credential is gone, so the request that waits for that opens the same grant again."""
    waiting = Request.objects.filter(reopens=credential, state=RequestState.PENDING)
    for row in waiting:
        request = lock_request(row)
        if request.state != RequestState.PENDING:
            continue
        request.decided_by_rule = True
        approve(request, change, by="reopened", credential=credential.name)
        change.event(Tag.REQUEST_REOPENED, request_subject(request), credential=credential.name)


def expire_credential(pk: int) -> bool:
    """Let a credential expire whose end has passed.

    Returns: whether it expired just now.
    """
    with Change(SYSTEM) as change:
        credential = lock_credential(pk)
        if credential.state not in (CredentialState.ACTIVE, CredentialState.ROTATING):
            return False
        if credential.expires_at is None or credential.expires_at > change.at:
            return False
        credential.state = CredentialState.EXPIRED
        credential.save()
        change.event(Tag.CREDENTIAL_EXPIRED, credential_subject(credential))
    return True
