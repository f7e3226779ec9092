"""Writing down what was read of a pasted access token, and registering it: no list of Bitbucket's ever will."""

from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.tags import Tag
from tokens.binding import end_of
from tokens.boundaries import Boundary
from tokens.makers import may_make
from tokens.models import BoundaryProof, Credential, FindingKind, HolderProof, Request, Source, Verification
from tokens.models.credential import BindingState
from tokens.models.verification import Outcome
from tokens.operations import maker_messages
from tokens.operations.change import Change, NotAllowed, Stale, credential_subject, request_subject
from tokens.operations.endings import end_as_gone
from tokens.operations.findings import close_findings, open_finding
from tokens.operations.requests import lock_request
from tokens.operations.verifications import CLICK_WITHIN
from tokens.states import CredentialState, RequestState, require_request_move
from tokens.verification import Judgement

TAKEN = (
    "This token was pasted for another request already. One token is for one machine: make another one for this"
    " request, and delete the one you have pasted if nothing uses it."
)
_KNOWN = (Outcome.EXCESS, Outcome.MISSING, Outcome.EXACT)


def record_access_token(
    request: Request,
    judgement: Judgement,
    fingerprints: list[str],
    *,
    place: Boundary,
    declared_end: date,
    acting_user: User,
) -> Verification | None:
    """Write one check of an access token and what follows: register what is exact, refuse what is broader or elsewhere.

    Args:
        request: the approved one.
        judgement: what was read.
        fingerprints: of the pasted secret under every pepper, newest first.
        place: what was approved to be opened.
        declared_end: the day that was chosen at Bitbucket, as whoever made it says.
        acting_user: who pasted it.

    Returns: the row, or None for what could not be read: nothing is kept of that.

    Raises:
        NotAllowed: not one of those who can make it, a later end than approved, or a token of another request.
        Stale: the request is no longer approved.
    """
    try:
        with Change(acting_user) as change:
            locked = lock_request(request)
            _require_ready(locked, acting_user, declared_end)
            change.event(
                Tag.CREDENTIAL_VERIFIED,
                request_subject(locked),
                outcome=judgement.outcome.value,
                missing=sorted(judgement.missing),
                excess=sorted(judgement.excess),
                credential_type=judgement.credential_type,
                boundary=judgement.boundary.value if judgement.boundary else "",
                boundary_words=judgement.boundary_words,
            )
            if judgement.outcome is Outcome.UNREADABLE:
                return None
            fingerprint = _fingerprint_here(locked, fingerprints) if judgement.outcome in _KNOWN else ""
            row = _insert_check(locked, judgement, fingerprint, declared_end, change, acting_user)
            if judgement.outcome is Outcome.INVALID:
                _end_if_refused_before(locked, fingerprints, change)
            elif _is_refused(row):
                _refuse(row, place, change)
            elif judgement.outcome is Outcome.EXACT:
                _register(row, place, change)
        return row
    except IntegrityError as problem:
        if "one_credential_per_access_token" not in str(problem):
            raise
        raise NotAllowed(TAKEN) from None


def accept_smaller_token(row: Verification, *, place: Boundary, acting_user: User) -> Credential:
    """Register the smaller set that a check found, on the click of who pasted it.

    Raises:
        NotAllowed: somebody else's check, or somebody who cannot make it any more.
        Stale: checked too long ago, registered already, or the request changed.
    """
    with Change(acting_user) as change:
        request = lock_request(row.request)
        locked = Verification.objects.select_for_update(no_key=True).get(pk=row.pk)
        locked.request = request
        if locked.pasted_by_id != acting_user.person.pk or locked.declared_end is None:
            raise NotAllowed("Only who pasted the token can register it.")
        _require_ready(request, acting_user, locked.declared_end)
        if locked.outcome != Outcome.MISSING or locked.registered_as_id or _is_refused(locked) or not locked.granted:
            raise Stale("There is nothing to register from this check. Paste the token again.")
        newest = request.verifications.order_by("-verified_at", "-id").first()
        if change.at - locked.verified_at > CLICK_WITHIN or (newest and newest.pk != locked.pk):
            raise Stale("That check is out of date. Paste the token again.")
        return _register(locked, place, change)


def _require_ready(request: Request, acting_user: User, declared_end: date) -> None:
    if request.state != RequestState.APPROVED:
        raise Stale(f"This request takes no token: it is {request.get_state_display().lower()}.")
    if not may_make(request, acting_user):
        raise NotAllowed("Only somebody who administers the place can register its token.")
    if request.approved_until is None or declared_end > request.approved_until:
        raise NotAllowed(
            "The token lives longer than approved. Delete it at Bitbucket and make one with an earlier end."
        )


def _fingerprint_here(request: Request, fingerprints: list[str]) -> str:
    """Under which fingerprint the token is known to this request, which may be that of an old pepper.

    Raises:
        NotAllowed: another request's token, or one that was registered before.
    """
    known = list(Credential.objects.filter(fingerprint__in=fingerprints))
    if any(one.request_id != request.pk or one.state != CredentialState.REFUSED for one in known):
        raise NotAllowed(TAKEN)
    return known[0].fingerprint if known else fingerprints[0]


def _insert_check(
    request: Request, judgement: Judgement, fingerprint: str, declared_end: date, change: Change, acting_user: User
) -> Verification:
    return Verification.objects.create(
        request=request,
        outcome=judgement.outcome,
        granted=sorted(judgement.granted),
        missing=sorted(judgement.missing),
        excess=sorted(judgement.excess),
        credential_type_seen=judgement.credential_type[:60],
        holder_proof=judgement.holder_proof,
        # A secret that nobody could read leaves no fingerprint.
        fingerprint=fingerprint,
        verified_at=change.at,
        boundary_proof=judgement.boundary or "",
        boundary_words=judgement.boundary_words[:300],
        pasted_by=acting_user.person,
        declared_end=declared_end,
    )


def _is_refused(row: Verification) -> bool:
    """Whether it can do, or opens, what nobody approved: it is alive and has to go."""
    return row.outcome == Outcome.EXCESS or row.boundary_proof == BoundaryProof.ELSEWHERE


def _insert(row: Verification, place: Boundary, change: Change, *, state: CredentialState) -> Credential:
    request = row.request
    assert row.declared_end is not None
    is_here = row.boundary_proof != BoundaryProof.ELSEWHERE
    return Credential.objects.create(
        request=request,
        holder=request.person,
        creator=row.pasted_by,
        kind=request.kind,
        name=request.credential_name[:200],
        scopes=sorted(row.granted),
        source=Source.PASTE,
        state=state,
        fingerprint=row.fingerprint,
        # Bitbucket names no holder of such a token: it is the request's, by the word of who made it.
        holder_proof=HolderProof.DECLARED,
        verification_outcome=row.outcome,
        credential_type_seen=row.credential_type_seen,
        registered_at=change.at,
        expires_at=end_of(row.declared_end),
        binding=BindingState.NO_LISTING,
        workspace=place.workspace if is_here else None,
        repository=place.repository if is_here else None,
        project=place.project if is_here else None,
    )


def _register(row: Verification, place: Boundary, change: Change) -> Credential:
    request = row.request
    require_request_move(request.state, RequestState.ISSUED)
    if request.approved_until is None or request.approved_until < change.at.date():
        raise Stale("The approval has run out. The person who asked has to ask again.")
    with transaction.atomic():
        credential = _insert(row, place, change, state=CredentialState.ACTIVE)
    request.state = RequestState.ISSUED
    request.save()
    row.registered_as = credential
    row.save()
    maker_messages.tell_answerable(
        credential,
        f"Ready: {request.template_version.name}",
        f"“{credential.name}” of {credential.place_name} is registered. Its page shows how the machine uses it."
        " The secret belongs into the machine's secret store only.",
    )
    change.event(
        Tag.CREDENTIAL_REGISTERED,
        credential_subject(credential),
        request=request.code,
        scopes=sorted(credential.scopes),
        missing=sorted(row.missing),
        holder_proof=credential.holder_proof,
        source=credential.source,
        boundary=row.boundary_proof,
    )
    return credential


def _refuse(row: Verification, place: Boundary, change: Change) -> Credential:
    known = Credential.objects.select_for_update(of=("self",), no_key=True).filter(
        request=row.request, fingerprint=row.fingerprint, state=CredentialState.REFUSED
    )
    before = known.first()
    credential = before or _insert(row, place, change, state=CredentialState.REFUSED)
    why = _why_refused(row)
    credential.state_reason = why[:300]
    credential.save()
    open_finding(
        FindingKind.REFUSED_ALIVE,
        credential,
        change,
        title=f"{credential.name} was refused and still works",
        read_by="verification",
        detail={"because": why, "excess": sorted(row.excess), "granted": sorted(row.granted)},
    )
    if before is None:
        maker_messages.tell_answerable(
            credential,
            f"Refused: {credential.name}",
            f"The access token that was pasted for {row.request.code} was refused: {why}.\n\nIt still works at"
            " Bitbucket. Delete it in the settings where it was made, paste it once more to prove that, then make"
            " another one.",
        )
    change.event(Tag.CREDENTIAL_REFUSED, credential_subject(credential), because=why, excess=sorted(row.excess))
    return credential


def _why_refused(row: Verification) -> str:
    parts = []
    if row.excess:
        parts.append("it can do more than approved: " + ", ".join(row.excess))
    if row.boundary_proof in (BoundaryProof.OPENS_MORE, BoundaryProof.ELSEWHERE):
        parts.append(row.boundary_words)
    return "; ".join(parts)


def _end_if_refused_before(request: Request, fingerprints: list[str], change: Change) -> None:
    """A token that was refused for this request, and that answers 401 now, is dead: nothing else is sent with it."""
    refused = Credential.objects.select_for_update(of=("self",), no_key=True).filter(
        request=request, state=CredentialState.REFUSED, fingerprint__in=fingerprints
    )
    for credential in refused:
        because = "Bitbucket no longer accepts it"
        end_as_gone(credential, change, because=because)
        close_findings(credential, change, because=because, kinds=(FindingKind.REFUSED_ALIVE,))
