"""Writing down what a verification said, and doing what follows from it."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.access import authorise
from accounts.models import Person, User
from audit.tags import Tag
from tokens.capabilities import listing_is_out_of_reach
from tokens.models import Credential, FindingKind, HolderProof, PasteAttempt, Request, Verification
from tokens.models.verification import Outcome
from tokens.operations.change import Change, NotAllowed, Stale, request_subject
from tokens.operations.credentials import ask_for_binding, insert_refused, register, waiting_key
from tokens.operations.endings import end_as_gone
from tokens.operations.findings import close_findings
from tokens.operations.requests import lock_request
from tokens.policy import is_high_risk
from tokens.states import CredentialState, RequestState
from tokens.verification import Judgement
from workqueue.claims import enqueue

# A click on "register the smaller set" is about what was read just now, not about yesterday's token.
CLICK_WITHIN = timedelta(minutes=30)


def count_paste(person: Person) -> bool:
    """Count one paste of this person; False when there were too many in the window the settings give."""
    now = timezone.now()
    window = timedelta(minutes=settings.PASTE_WINDOW_MINUTES)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        recent = PasteAttempt.objects.filter(person=person, attempted_at__gt=now - window).count()
        if recent >= settings.PASTE_LIMIT:
            return False
        PasteAttempt.objects.create(person=person, attempted_at=now)
        return True


def record_not_sent(request: Request, shape: str, *, acting_user: User) -> None:
    """Write down that something was pasted that is not an API token: its kind only, and nothing was sent."""
    with Change(acting_user) as change:
        change.event(Tag.CREDENTIAL_NOT_SENT, request_subject(request), shape=shape)


def record_verification(
    request: Request, judgement: Judgement, fingerprints: list[str], *, acting_user: User
) -> Verification | None:
    """Write one verification and what follows: register what is exact, refuse what is broader.

    Args:
        fingerprints: of the pasted secret under every pepper, newest first.

    Returns: the row, or None for what could not be read: nothing is kept of that.

    Raises:
        NotAllowed: somebody else's request.
        Stale: the request is no longer approved.
    """
    with Change(acting_user) as change:
        locked = lock_request(request)
        require_ready_for_token(locked, acting_user)
        subject = request_subject(locked)
        change.event(
            Tag.CREDENTIAL_VERIFIED,
            subject,
            outcome=judgement.outcome.value,
            missing=sorted(judgement.missing),
            excess=sorted(judgement.excess),
            credential_type=judgement.credential_type,
            holder_proof=str(judgement.holder_proof),
        )
        if judgement.outcome is Outcome.UNREADABLE:
            return None
        row = _insert(locked, judgement, fingerprints[0], change)
        if judgement.outcome is Outcome.INVALID:
            _close_if_refused_before(row, fingerprints, change)
        elif judgement.outcome is Outcome.EXCESS:
            insert_refused(row, change)
        elif judgement.outcome is Outcome.EXACT:
            register_or_wait(row, change)
    return row


def require_ready_for_token(request: Request, acting_user: User) -> None:
    """Raise unless this locked request is the acting person's and waits for its token."""
    authorise(acting_user, "tokens.request_credential")
    if request.person_id != acting_user.person.pk:
        raise NotAllowed("Only the person who asked can register a token for this request.")
    if request.state != RequestState.APPROVED:
        raise Stale(f"This request takes no token: it is {request.get_state_display().lower()}.")


def _insert(request: Request, judgement: Judgement, fingerprint: str, change: Change) -> Verification:
    known = judgement.outcome in (Outcome.EXCESS, Outcome.MISSING, Outcome.EXACT)
    return Verification.objects.create(
        request=request,
        outcome=judgement.outcome,
        granted=sorted(judgement.granted),
        missing=sorted(judgement.missing),
        excess=sorted(judgement.excess),
        credential_type_seen=judgement.credential_type[:60],
        holder_proof=judgement.holder_proof,
        # Somebody else's or an unknown secret leaves no fingerprint.
        fingerprint=fingerprint if known else "",
        email=judgement.email,
        verified_at=change.at,
    )


def register_or_wait(row: Verification, change: Change) -> Credential | None:
    """Register what was verified, unless its holder is only declared and the risk is high: that waits for the listing.

    Returns: the credential; None where it waits, or where no listing can be read here and it cannot be registered.
    """
    if not (is_high_risk(row.request.risk) and row.holder_proof == HolderProof.DECLARED):
        credential = register(row, change, holder_proof=HolderProof(row.holder_proof))
        ask_for_binding(credential)
        return credential
    row.waits_for_listing = not listing_is_out_of_reach()
    if row.waits_for_listing:
        row.waiting_reason = "looking for the token in the organisation's listing"
        enqueue("bind_credential", key=waiting_key(row), payload={"verification": row.pk})
    else:
        row.waiting_reason = (
            "Bitbucket does not say whose token this is, and no organisation is connected that could:"
            " at this risk it cannot be registered"
        )
    row.save()
    return None


def accept_smaller(row: Verification, *, acting_user: User) -> Credential | None:
    """Register the smaller set that a verification found, on the person's click.

    Raises:
        NotAllowed: somebody else's.
        Stale: verified too long ago, registered already, or the request changed.
    """
    with Change(acting_user) as change:
        request = lock_request(row.request)
        require_ready_for_token(request, acting_user)
        locked = Verification.objects.select_for_update(no_key=True).get(pk=row.pk)
        locked.request = request
        if locked.outcome != Outcome.MISSING or locked.registered_as_id or not locked.granted:
            raise Stale("There is nothing to register from this check. Paste the token again.")
        newest = request.verifications.order_by("-verified_at", "-id").first()
        if change.at - locked.verified_at > CLICK_WITHIN or (newest and newest.pk != locked.pk):
            raise Stale("That check is out of date. Paste the token again.")
        return register_or_wait(locked, change)


def _close_if_refused_before(row: Verification, fingerprints: list[str], change: Change) -> None:
    """A token we refused, and that answers 401 now beside the address that opened it then, is dead."""
    person = row.request.person
    opened_then = Verification.objects.filter(
        request__person=person, fingerprint__in=fingerprints, email__iexact=row.email
    )
    refused = Credential.objects.select_for_update(no_key=True).filter(
        holder=person, state=CredentialState.REFUSED, fingerprint__in=opened_then.values("fingerprint")
    )
    for credential in refused:
        because = "Bitbucket no longer accepts it"
        end_as_gone(credential, change, because=because)
        close_findings(credential, change, because=because, kinds=(FindingKind.REFUSED_ALIVE,))
