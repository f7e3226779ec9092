"""How the adding of a deploy key ended, written down. The job before it talks to Bitbucket."""

from datetime import datetime

from accounts.actors import SYSTEM
from audit.tags import Tag
from bitbucket.resources import DeployKey
from tokens.key_place import listing_id_of
from tokens.models import Credential, KeyRegistration, Request, Source
from tokens.models.credential import HolderProof
from tokens.models.key_registration import RegistrationOutcome
from tokens.operations import key_messages
from tokens.operations.change import Change, credential_subject, request_subject
from tokens.operations.findings import close_findings
from tokens.operations.key_ends import end_key
from tokens.operations.key_rows import make_approved, row_from_key, say_registered
from tokens.operations.reads import READ_BY_DEPLOY_KEYS
from tokens.states import CredentialState, RequestState, require_credential_move, require_request_move
from workqueue.claims import Claim, finish

ADDED = "201 Created"


def lock_registration(pk: int) -> KeyRegistration:
    """One registration, with its request, under row locks."""
    locked = KeyRegistration.objects.select_for_update(of=("self",)).get(pk=pk)
    rows = Request.objects.select_for_update(of=("self",), no_key=True)
    locked.request = rows.select_related("person", "template_version__template").get(pk=locked.request_id)
    return locked


def may_be_sent(registration: KeyRegistration, *, now: datetime) -> bool:
    """Whether the request of a locked registration still wants its key."""
    request = registration.request
    if request.state != RequestState.APPROVED:
        return False
    return request.approved_until is not None and request.approved_until >= now.date()


def drop_registration(claim: Claim, registration: KeyRegistration) -> None:
    """The request does not want its key any more, and nothing was sent."""
    with Change(SYSTEM) as change:
        locked = lock_registration(registration.pk)
        finish(claim)
        _end(locked, RegistrationOutcome.WITHDRAWN, change)
        change.event(Tag.KEY_REGISTRATION_DROPPED, request_subject(locked.request))


def stop_registration(claim: Claim, registration: KeyRegistration, because: str) -> None:
    """The machine may not go on: a person decides. The request stays approved."""
    with Change(SYSTEM) as change:
        locked = lock_registration(registration.pk)
        finish(claim)
        note_stopped(locked, change, because=because)


def note_stopped(locked: KeyRegistration, change: Change, *, because: str) -> None:
    """Write down that a person has to decide, and tell who waits for the key."""
    locked.waiting_because = because[:300]
    _end(locked, RegistrationOutcome.NEEDS_HUMAN, change, keeps_words=True)
    key_messages.tell_not_added(locked.request, because)
    change.event(Tag.KEY_REGISTRATION_STOPPED, request_subject(locked.request), because=because[:300])


def conclude_registration(claim: Claim, registration: KeyRegistration, key: DeployKey, *, total: int) -> Credential:
    """The list of the place was read again, complete, and holds the key: there is one credential for it from now on.

    An inventory run may have seen it first; then its row is the one. Where the request was taken back meanwhile, the
    row is made all the same and taken away at once: no key is without a row.

    Args:
        claim: the attempt.
        registration: what was sent.
        key: its entry.
        total: how many keys the list held.
    """
    with Change(SYSTEM) as change:
        locked = lock_registration(registration.pk)
        finish(claim)
        credential = _credential(locked, key, change)
        locked.reread_at, locked.reread_total, locked.credential = change.at, total, credential
        _end(locked, RegistrationOutcome.REGISTERED, change)
        if locked.request.state == RequestState.ISSUED:
            _begin_rotation(locked.request, credential, change)
        else:
            end_key(credential, change, reason=f"{locked.request.code} was taken back while the key was being added")
    return credential


def _credential(locked: KeyRegistration, key: DeployKey, change: Change) -> Credential:
    """The key's one row."""
    request, place = locked.request, locked.place
    listing_id = listing_id_of(place, key.id)
    known = Credential.objects.select_for_update(of=("self",), no_key=True).filter(listing_id=listing_id).first()
    if known is not None and known.request_id == request.pk:
        Credential.objects.filter(pk=known.pk).update(source=Source.PORTAL)
        return known
    row = known or row_from_key(place, key, listing_id, holder=None, read_by=READ_BY_DEPLOY_KEYS, at=change.at)
    make_approved(row, request)
    row.source, row.holder_proof = Source.PORTAL, HolderProof.DECLARED
    row.save()
    if known is not None:
        close_findings(row, change, because="it is what was approved")
    if request.state == RequestState.APPROVED:
        require_request_move(request.state, RequestState.ISSUED)
        request.state = RequestState.ISSUED
        request.save(update_fields=["state"])
        key_messages.tell_added(row)
    say_registered(row, request, change, by="portal")
    return row


def _begin_rotation(request: Request, newer: Credential, change: Change) -> None:
    """Both keys work from now on; the older one goes when nothing uses it any more."""
    if request.rotates_id is None:
        return
    older = Credential.objects.select_for_update(of=("self",), no_key=True).get(pk=request.rotates_id)
    if older.state != CredentialState.ACTIVE:
        return
    require_credential_move(older.state, CredentialState.ROTATING)
    older.state = CredentialState.ROTATING
    older.state_reason = f"{newer.name} works beside it; it goes when nothing uses it any more"[:300]
    older.save(update_fields=["state", "state_reason"])
    change.event(Tag.CREDENTIAL_ROTATION_STARTED, credential_subject(older), newer=newer.name)


def _end(locked: KeyRegistration, outcome: RegistrationOutcome, change: Change, *, keeps_words: bool = False) -> None:
    locked.outcome, locked.finished_at = outcome, change.at
    if not keeps_words:
        locked.waiting_because = ""
    locked.save()
