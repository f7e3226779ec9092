"""Asking for an end: revoke, "I lost it", choosing an entry by hand, attesting."""

from collections.abc import Callable

from accounts.access import authorise
from accounts.actors import SYSTEM
from accounts.models import Person, User
from accounts.policy import INACTIVE
from audit.tags import Tag
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.makers import makers_of
from tokens.models import Credential, Request, Revocation
from tokens.models.credential import BindingState, Standing
from tokens.models.revocation import RevocationOutcome
from tokens.operations import maker_messages
from tokens.operations.asking import Ask, submit_lost
from tokens.operations.change import Change, NotAllowed, Stale, credential_subject
from tokens.operations.credential_circuits import close_for_retry
from tokens.operations.credentials import bind_credential, lock_credential
from tokens.operations.endings import end_as_gone, stop_for_human
from tokens.operations.entries import entry_from_candidate
from tokens.policy import KEY_KIND, PERSONAL_KIND
from tokens.states import CredentialState, require_credential_move
from workqueue.claims import enqueue

# What deletes a bound credential of a kind, and proves it.
JOBS = {PERSONAL_KIND: "revoke_credential", KEY_KIND: "delete_key"}

FOR_ADMINS = "nobody approved this key, and machines may live on it: an admin decides"

MAY_BE_REVOKED = frozenset(
    {
        CredentialState.ACTIVE,
        CredentialState.ROTATING,
        CredentialState.REFUSED,
        CredentialState.EXPIRED,
        CredentialState.NEEDS_HUMAN,
        CredentialState.DISABLED,
    }
)

# No account of Atlassian's is called so.
PORTAL_ACCOUNT = "portal"

# Whatever a finding or a person says.
NOT_OURS_TO_REVOKE = {
    Standing.OTHER_PRODUCT: "This token is not for Bitbucket, so it is not the portal's to revoke.",
    Standing.OWN: "The portal itself works with this token. Give it another one first, then delete this at Atlassian.",
}


def may_revoke(credential: Credential, user: User) -> bool:
    """One's own, an access token as its deputy, or anybody's for those who carry the permission."""
    if credential.holder_id == user.person_id or user.has_perm("tokens.revoke_credential"):
        return True
    request = credential.request
    return credential.kind in ACCESS_TOKEN_KINDS and request is not None and request.deputy_id == user.person_id


def start_revocation(credential: Credential, *, reason: str, acting_user: User, lost: bool = False) -> Revocation:
    """Start ending a credential. A second click finds the running one.

    An unbound credential is never deleted by a guess: it goes straight to a person. So does what no API deletes.

    Raises:
        NotAllowed: somebody else's without the permission, no reason, or a token that `NOT_OURS_TO_REVOKE` names.
        Stale: it has ended already.
    """
    with Change(acting_user) as change:
        locked = lock_credential(credential.pk)
        return start_revocation_in(change, locked, reason=reason, acting_user=acting_user, lost=lost)


def start_revocation_in(
    change: Change, locked: Credential, *, reason: str, acting_user: User, lost: bool = False
) -> Revocation:
    """The same for a locked credential, inside a running change.

    Raises:
        NotAllowed: see `start_revocation`.
        Stale: it has ended already.
    """
    if not reason.strip():
        raise NotAllowed("Say why it is revoked: the sentence stays in the trail.")
    if not may_revoke(locked, acting_user):
        raise NotAllowed("Only who answers for a credential, or an admin, can revoke it.")
    if locked.standing in NOT_OURS_TO_REVOKE:
        raise NotAllowed(NOT_OURS_TO_REVOKE[Standing(locked.standing)])
    running = locked.revocations.filter(finished_at=None).first()
    if running is not None:
        return running
    if locked.state not in MAY_BE_REVOKED:
        raise Stale(f"This credential cannot be revoked: it is {locked.get_state_display().lower()}.")
    if locked.state == CredentialState.NEEDS_HUMAN and locked.kind in JOBS:
        # A person wants it tried: what a refusal taught is forgotten.
        close_for_retry(JOBS[locked.kind])
    revocation = _opened(locked, reason, acting_user.person, change, lost=lost)
    if is_for_admins(locked, acting_user):
        stop_for_human(revocation, change, because=FOR_ADMINS)
    else:
        _hand_to_job(revocation, change)
    return revocation


def is_for_admins(credential: Credential, user: User) -> bool:
    """A key that nobody approved here may feed somebody else's machine, and who added it may have no right there any
    more; the portal's own rights are not theirs to use."""
    is_found_key = credential.kind == KEY_KIND and credential.standing != Standing.APPROVED
    return is_found_key and not user.has_perm("tokens.revoke_credential")


def start_revocation_by_portal(credential: Credential, *, reason: str, is_due: Callable[[], bool]) -> Revocation:
    """Start ending an API token that was found, that opens Bitbucket and that nobody approved, in nobody's name.

    The caller says that its time is over; what is approved, of another or an unknown product, not identified, or the
    portal's own is refused here whatever it says.

    Args:
        reason: why; it stands in the trail.
        is_due: asked while the credential is locked: meanwhile somebody may have answered, or accepted it.

    Raises:
        NotAllowed: it is not such a token.
        Stale: it has ended, is being revoked, or is not due any more.
    """
    with Change(SYSTEM) as change:
        locked = lock_credential(credential.pk)
        is_found = locked.standing == Standing.UNDECLARED and locked.request_id is None
        if not is_found or locked.kind != PERSONAL_KIND or locked.binding != BindingState.BOUND:
            raise NotAllowed("The portal itself revokes found API tokens only.")
        if locked.state != CredentialState.ACTIVE:
            raise Stale(f"This credential cannot be revoked: it is {locked.get_state_display().lower()}.")
        if not is_due():
            raise Stale("Its time is not over any more.")
        return start(locked, reason, portal_person(), change, lost=False)


def portal_person() -> Person:
    """The portal as the one who asked: no account, no role, and nobody who could sign in."""
    names = {"display_name": "The portal", "account_status": INACTIVE}
    return Person.objects.get_or_create(account_id=PORTAL_ACCOUNT, defaults=names)[0]


def start(locked: Credential, reason: str, asked_by: Person, change: Change, *, lost: bool) -> Revocation:
    """Start ending a locked credential, whoever wants it: by machine where the portal knows which one it is."""
    revocation = _opened(locked, reason, asked_by, change, lost=lost)
    _hand_to_job(revocation, change)
    return revocation


def _opened(locked: Credential, reason: str, asked_by: Person, change: Change, *, lost: bool) -> Revocation:
    require_credential_move(locked.state, CredentialState.REVOKING)
    locked.state, locked.state_reason = CredentialState.REVOKING, ""
    locked.save()
    revocation = Revocation.objects.create(
        credential=locked, asked_by=asked_by, asked_at=change.at, reason=reason[:300], lost=lost
    )
    change.event(Tag.CREDENTIAL_REVOCATION_STARTED, credential_subject(locked), reason=reason, lost=lost)
    return revocation


def _hand_to_job(revocation: Revocation, change: Change) -> None:
    locked = revocation.credential
    job = JOBS.get(locked.kind) if locked.binding == BindingState.BOUND else None
    if job is not None:
        enqueue(job, key=revocation.job_key, payload={"revocation": revocation.pk})
    else:
        stop_for_human(revocation, change, because=_why_unbound(locked))
        if locked.kind in ACCESS_TOKEN_KINDS and locked.request is not None:
            maker_messages.tell_to_delete(locked, makers_of(locked.request))


def _why_unbound(credential: Credential) -> str:
    if credential.kind in ACCESS_TOKEN_KINDS:
        place = credential.place_name or "its place"
        return f"no API ends an access token, so an admin of {place} has to delete it at Bitbucket"
    if credential.kind not in JOBS:
        return "no API deletes this kind, so it has to be deleted at Bitbucket by hand"
    if credential.kind == KEY_KIND:
        return "the portal does not know which key of its place it is"
    if credential.binding == BindingState.NOT_CONNECTED:
        return "no organisation is connected, so it has to be deleted at Atlassian by hand"
    reason = credential.binding_reason or "it was not found in the organisation's listing yet"
    return f"the portal does not know which entry of the organisation's listing it is ({reason})"


def report_lost(credential: Credential, *, acting_user: User) -> Request:
    """The holder lost the secret: revoke it, and ask for the same grant again, which opens once the old one is gone.

    Raises:
        PermissionDenied: the person may not ask for credentials (any more).
        NotAllowed: somebody else's.
        Stale: it has ended, or was reported lost before.
    """
    authorise(acting_user, "tokens.request_credential")
    if credential.holder_id != acting_user.person_id:
        raise NotAllowed("Only its holder can say that a credential is lost.")
    if credential.kind == KEY_KIND:
        raise NotAllowed("Replace the key instead: the machine makes a new pair, and the old key goes.")
    if credential.request is None:
        raise NotAllowed("Nobody asked for this credential here, so there is nothing to ask for again.")
    version = credential.approved_request.template_version
    with Change(acting_user) as change:
        locked = lock_credential(credential.pk)
        if locked.reopened_by.exists():
            raise Stale("This credential was reported lost before; see your requests.")
        asked = locked.approved_request
        left = (locked.expires_at.date() - change.at.date()).days if locked.expires_at else asked.lifetime_days
        ask = Ask(
            version=version,
            reason=f"Lost {asked.code}: {asked.reason}"[:300],
            where_used=asked.where_used,
            lifetime_days=max(1, min(left, asked.lifetime_days)),
            kind=asked.kind,
            used_by=asked.used_by,
            machine=asked.machine,
            deputy=asked.deputy,
            boundary=asked.boundary,
            needed=asked.needed,
            reopens=locked,
        )
        request = submit_lost(ask, asked, acting_user.person, change)
        if locked.state in MAY_BE_REVOKED:
            start(locked, "The holder lost the secret", acting_user.person, change, lost=True)
        elif locked.state != CredentialState.REVOKING:
            raise Stale(f"This credential has ended already: it is {locked.get_state_display().lower()}.")
    return request


def choose_entry(credential: Credential, listing_id: str, *, acting_user: User) -> None:
    """A person says which entry of the listing this credential is; the revocation then goes on.

    Raises:
        NotAllowed: without the permission, or one's own credential.
        Stale: the entry is not among the candidates any more, or it is bound.
    """
    with Change(acting_user) as change:
        locked = lock_credential(credential.pk)
        _require_other_admin(locked, acting_user)
        chosen = next((row for row in locked.candidates if row["id"] == listing_id), None)
        if chosen is None or locked.binding == BindingState.BOUND:
            raise Stale("That entry can no longer be chosen. Look at the credential again.")
        # What was merely found may turn out to be this one: it is taken over.
        if Credential.objects.filter(listing_id=listing_id, request__isnull=False).exists():
            raise Stale("That entry belongs to another credential by now.")
        bind_credential(locked, entry_from_candidate(chosen, locked.known_holder), change, by="person")
        if locked.state == CredentialState.NEEDS_HUMAN:
            start(locked, "Entry chosen by a person", acting_user.person, change, lost=False)


def attest_gone(credential: Credential, *, words: str, acting_user: User) -> None:
    """A person says the credential is gone: attested, never "revoked", and never the holder's own word.

    Raises:
        NotAllowed: without the permission, the holder themselves, or no words.
        Stale: it does not wait for a person.
    """
    if not words.strip():
        raise NotAllowed("Say how you know: who looked, where, when.")
    with Change(acting_user) as change:
        locked = lock_credential(credential.pk)
        _require_other_admin(locked, acting_user)
        if locked.state != CredentialState.NEEDS_HUMAN:
            raise Stale(f"This credential does not wait for a person: it is {locked.get_state_display().lower()}.")
        revocation = locked.revocations.order_by("-asked_at", "-id").first()
        if revocation is not None:
            revocation.outcome = RevocationOutcome.ATTESTED
            revocation.attested_by, revocation.attestation = acting_user.person, words[:300]
            revocation.save()
        change.event(Tag.CREDENTIAL_ATTESTED, credential_subject(locked), words=words)
        end_as_gone(locked, change, because=f"{acting_user.person.display_name} attests: {words}")


def _require_other_admin(credential: Credential, acting_user: User) -> None:
    authorise(acting_user, "tokens.revoke_credential")
    if credential.holder_id == acting_user.person_id:
        raise NotAllowed("The holder's own word does not count here. Another admin has to decide.")
