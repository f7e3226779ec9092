"""Registering without a paste, where the organisation's listing tells whose a token is and what it can do."""

from collections.abc import Sequence

from accounts.actors import SYSTEM
from bitbucket.resources import OrganisationToken
from tokens.binding import BindingAnswer, Match, find_entry
from tokens.capabilities import is_automatic
from tokens.catalogue.rules import compare_scopes
from tokens.inventory.matching import is_bitbuckets
from tokens.models import Capability, Credential, HolderProof, Request, Source, Verification
from tokens.models.verification import Outcome
from tokens.operations.change import Change
from tokens.operations.credentials import bind_credential, insert_refused, register, taken_ids
from tokens.operations.requests import lock_request
from tokens.operations.wishes import wanted_for
from tokens.policy import PERSONAL_KIND
from tokens.states import RequestState

READ_BY = "organisation listing"


def register_from_listing(request: Request, entries: Sequence[OrganisationToken]) -> Credential | None:
    """Register, or refuse, the one token that carries the code of an approved request.

    The comparison and what follows from it are the same as for a paste. The listing proves the holder, so it is good
    enough for every risk. Two tokens with the code, one made before the approval, one that the listing shows no
    Bitbucket scope of, or one that lacks something approved, which its person has to accept: nothing happens, and the
    paste stays the way.

    Args:
        request: any state; it is locked and looked at again.
        entries: everything the listing shows for its code, complete.

    Returns: the credential, refused or not; None where nothing was registered.
    """
    if not is_automatic(Capability.Name.LISTING_SCOPES):
        return None
    with Change(SYSTEM) as change:
        locked = lock_request(request)
        if not _waits_for_its_token(locked, change):
            return None
        answer = find_entry(entries, wanted_for(locked, verified_at=change.at), taken=taken_ids(locked.person))
        if answer.entry is None or answer.match not in (Match.UNIQUE, Match.TOO_LONG):
            return None
        if not answer.entry.scopes or not is_bitbuckets(answer.entry.scopes):
            return None
        difference = compare_scopes(locked.scopes, answer.entry.scopes)
        if difference.missing and not difference.excess:
            return None
        return _follow(_insert_verification(locked, answer.entry, change), answer, change)


def _waits_for_its_token(request: Request, change: Change) -> bool:
    """Nothing was pasted that a search is under way for: that one binds what it finds."""
    if request.state != RequestState.APPROVED or request.kind != PERSONAL_KIND:
        return False
    if request.approved_until is None or request.approved_until < change.at.date():
        return False
    is_pasted = request.credentials.filter(listing_id=None, ended_at=None).exists()
    return not is_pasted and not request.verifications.filter(waits_for_listing=True).exists()


def _insert_verification(request: Request, entry: OrganisationToken, change: Change) -> Verification:
    granted = entry.scopes or frozenset()
    difference = compare_scopes(request.scopes, granted)
    outcome = Outcome.EXCESS if difference.excess else Outcome.EXACT
    return Verification.objects.create(
        request=request,
        outcome=outcome,
        granted=sorted(granted),
        missing=list(difference.missing),
        excess=list(difference.excess),
        holder_proof=HolderProof.LISTING,
        verified_at=change.at,
    )


def _follow(row: Verification, answer: BindingAnswer, change: Change) -> Credential:
    assert answer.entry is not None
    if row.outcome == Outcome.EXCESS:
        return insert_refused(row, change, read_by=READ_BY, entry=answer.entry, source=Source.LISTING)
    if answer.match is Match.TOO_LONG:
        return insert_refused(
            row, change, why=answer.because, read_by=READ_BY, entry=answer.entry, source=Source.LISTING
        )
    credential = register(row, change, holder_proof=HolderProof.LISTING, source=Source.LISTING)
    bind_credential(credential, answer.entry, change, by="code")
    return credential
