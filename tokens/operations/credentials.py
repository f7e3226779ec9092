"""Registering, refusing and binding credentials."""

from django.db import transaction

from accounts.models import Person
from audit.tags import Tag
from bitbucket.resources import OrganisationToken
from tokens.binding import BindingAnswer, Match, end_of
from tokens.capabilities import listing_is_out_of_reach
from tokens.inventory.labels import clean_label, clean_scopes
from tokens.models import Credential, FindingKind, HolderProof, Source, Verification
from tokens.models.credential import BindingState
from tokens.operations import messages
from tokens.operations.absorbing import absorb_found
from tokens.operations.change import Change, Stale, credential_subject, request_subject
from tokens.operations.findings import close_findings, open_finding
from tokens.operations.requests import lock_request
from tokens.states import CredentialState, RequestState, require_credential_move, require_request_move
from workqueue.claims import enqueue


def register(
    row: Verification, change: Change, *, holder_proof: HolderProof, source: Source = Source.PASTE
) -> Credential:
    """Register what a verification found, for a request that is locked and approved.

    Args:
        holder_proof: how we know whose it is.
        source: a paste, or the listing alone.

    Raises:
        Stale: the approval has run out.
    """
    request = row.request
    require_request_move(request.state, RequestState.ISSUED)
    if request.approved_until is None or request.approved_until < change.at.date():
        raise Stale("The approval has run out. Ask again.")
    credential = _insert(row, change, state=CredentialState.ACTIVE, holder_proof=holder_proof, source=source)
    request.state = RequestState.ISSUED
    request.save()
    row.registered_as, row.waits_for_listing = credential, False
    row.save()
    messages.tell_registered(credential)
    change.event(
        Tag.CREDENTIAL_REGISTERED,
        credential_subject(credential),
        request=request.code,
        scopes=sorted(credential.scopes),
        missing=sorted(row.missing),
        holder_proof=holder_proof.value,
        source=source.value,
    )
    return credential


def insert_refused(
    row: Verification,
    change: Change,
    *,
    why: str = "",
    read_by: str = "verification",
    entry: OrganisationToken | None = None,
    source: Source = Source.PASTE,
) -> Credential:
    """Remember a token that is broader than approved: it is alive until a re-read shows otherwise.

    Args:
        why: what is too much; by default the scopes of the verification.
        read_by: which read showed it.
        entry: its entry in the listing, where that is what showed it.
        source: a paste, or the listing alone.
    """
    known = _refused_before(row)
    holder_proof = HolderProof(row.holder_proof)
    credential = known or _insert(row, change, state=CredentialState.REFUSED, holder_proof=holder_proof, source=source)
    why = why or "it can do more than approved: " + ", ".join(sorted(row.excess))
    credential.state_reason = why[:300]
    credential.save()
    open_finding(
        FindingKind.REFUSED_ALIVE,
        credential,
        change,
        title=f"{credential.name} was refused and still works",
        read_by=read_by,
        detail={"because": why, "excess": sorted(row.excess), "granted": sorted(row.granted)},
    )
    if known is None:
        messages.tell_refused(credential, why)
        if entry is None:
            ask_for_binding(credential)
        else:
            bind_credential(credential, entry, change, by="code")
    change.event(Tag.CREDENTIAL_REFUSED, credential_subject(credential), because=why, excess=sorted(row.excess))
    return credential


def _refused_before(row: Verification) -> Credential | None:
    """The same secret, refused before.

    What only the listing showed has no fingerprint. It is taken for the pasted one where that can do the same: it
    carries the code, was made before the paste, and is the only one that does, which is all that binding asks for.
    """
    if not row.fingerprint:
        return None
    refused = Credential.objects.select_for_update(no_key=True).filter(
        request=row.request, state=CredentialState.REFUSED
    )
    known = refused.filter(fingerprint=row.fingerprint).first()
    if known is not None:
        return known
    seen = [one for one in refused.filter(fingerprint="") if set(one.scopes) == set(row.granted)]
    if len(seen) != 1:
        return None
    seen[0].fingerprint, seen[0].credential_type_seen = row.fingerprint, row.credential_type_seen
    return seen[0]


def _insert(
    row: Verification, change: Change, *, state: CredentialState, holder_proof: HolderProof, source: Source
) -> Credential:
    request = row.request
    assert request.approved_until is not None
    return Credential.objects.create(
        request=request,
        holder=request.person,
        kind=request.kind,
        name=request.credential_name,
        scopes=sorted(row.granted),
        source=source,
        state=state,
        fingerprint=row.fingerprint,
        holder_proof=holder_proof,
        verification_outcome=row.outcome,
        credential_type_seen=row.credential_type_seen,
        registered_at=change.at,
        expires_at=end_of(request.approved_until),
    )


def waiting_key(row: Verification) -> str:
    """The idempotency key of the search for a verification that waits for the listing."""
    return f"bind:verification:{row.pk}"


def ask_for_binding(credential: Credential) -> None:
    """Let a worker look for the credential in the organisation's listing, unless that is known to be out of reach."""
    if listing_is_out_of_reach():
        credential.binding = BindingState.NOT_CONNECTED
        credential.binding_reason = "the portal cannot see or delete this token"
        credential.save()
    else:
        enqueue("bind_credential", key=f"bind:credential:{credential.pk}", payload={"credential": credential.pk})


def look_again(pk: int) -> None:
    """An organisation is connected by now: look for a credential that could not be looked for before."""
    with transaction.atomic():
        credential = lock_credential(pk)
        if credential.binding == BindingState.NOT_CONNECTED and credential.ended_at is None:
            credential.binding, credential.binding_reason = BindingState.LOOKING, ""
            credential.save()
            enqueue("bind_credential", key=f"bind:credential:{pk}:again", payload={"credential": pk})


def bind_credential(credential: Credential, entry: OrganisationToken, change: Change, *, by: str) -> None:
    """Tie a locked credential to its one entry of the listing. It never changes afterwards.

    Args:
        by: ``code`` for the machine, ``person`` where somebody chose.

    Raises:
        Stale: the entry belongs to another approved credential, or what it was found as is being revoked.
    """
    absorb_found(entry.id, credential, change)
    credential.listing_id = entry.id
    credential.listing_label = clean_label(entry.label)
    credential.created_at = entry.created_at
    if entry.scopes is not None:
        credential.listed_scopes = clean_scopes(entry.scopes)
    credential.binding = BindingState.BOUND
    credential.binding_reason = ""
    credential.bound_at = change.at
    credential.candidates = []
    if entry.expires_at is not None:
        credential.expires_at, credential.expiry_is_read = entry.expires_at, True
    credential.last_used_at = entry.last_active_at
    if credential.holder_proof == HolderProof.DECLARED:
        credential.holder_proof = HolderProof.LISTING
    credential.save()
    close_findings(credential, change, because="the entry of the listing is known", kinds=(FindingKind.AMBIGUOUS,))
    change.event(Tag.CREDENTIAL_BOUND, credential_subject(credential), listing_id=entry.id, by=by)


def leave_unbound(credential: Credential, answer: BindingAnswer, change: Change) -> None:
    """Say that the listing does not tell which entry it is; a person decides when it matters."""
    said_before = credential.binding == BindingState.UNBOUND and credential.binding_reason == answer.because
    credential.binding = BindingState.UNBOUND
    credential.binding_reason = answer.because[:300]
    credential.candidates = [candidate_row(entry) for entry in answer.candidates]
    credential.save()
    if answer.match is Match.SEVERAL:
        open_finding(
            FindingKind.AMBIGUOUS,
            credential,
            change,
            title=f"Several tokens carry {credential.approved_request.code}",
            read_by="organisation listing",
            detail={"candidates": len(answer.candidates)},
        )
    if not said_before:
        change.event(Tag.CREDENTIAL_UNBOUND, credential_subject(credential), because=answer.because)


def candidate_row(entry: OrganisationToken) -> dict[str, str]:
    """An entry of the listing as a person is asked about it."""
    return {
        "id": entry.id,
        "label": clean_label(entry.label),
        "created_at": entry.created_at.isoformat(),
        "expires_at": entry.expires_at.isoformat() if entry.expires_at else "",
        "last_active_at": entry.last_active_at.isoformat() if entry.last_active_at else "",
    }


def refuse_too_long(credential: Credential, entry: OrganisationToken, because: str, change: Change) -> None:
    """Take back the registration of a token that, as the listing tells, lives longer than approved.

    Its entry is known, so it is bound: the person can have it deleted. The request is open for a shorter one again.
    """
    require_credential_move(credential.state, CredentialState.REFUSED)
    request = lock_request(credential.approved_request)
    credential.state, credential.state_reason = CredentialState.REFUSED, because[:300]
    bind_credential(credential, entry, change, by="code")
    if request.state == RequestState.ISSUED:
        require_request_move(request.state, RequestState.APPROVED)
        request.state = RequestState.APPROVED
        request.save()
    open_finding(
        FindingKind.REFUSED_ALIVE,
        credential,
        change,
        title=f"{credential.name} lives longer than approved",
        read_by="organisation listing",
        detail={"because": because},
    )
    messages.tell_refused(credential, because)
    change.event(
        Tag.CREDENTIAL_REFUSED,
        credential_subject(credential),
        because=because,
        request=request_subject(request).label,
    )


def lock_credential(pk: int) -> Credential:
    """One credential under a row lock."""
    return (
        # Without the key: rows that point to it are checked at the commit, when the trail is locked already.
        Credential.objects.select_for_update(of=("self",), no_key=True)
        .select_related("holder", "request__person", "request__template_version")
        .get(pk=pk)
    )


def taken_ids(person: Person) -> frozenset[str]:
    """The entries of the listing that this person's approved credentials are bound to already.

    What was merely found may still turn out to be what was approved.
    """
    bound = Credential.objects.filter(holder=person, listing_id__isnull=False, request__isnull=False)
    return frozenset(listing_id for listing_id in bound.values_list("listing_id", flat=True) if listing_id)
