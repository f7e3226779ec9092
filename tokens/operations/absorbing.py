"""An entry that was found first, and then turns out to be what somebody was approved for, is one credential."""

from tokens.models import Credential, Finding, FindingAcceptance, Request, Revocation
from tokens.models.credential import BindingState
from tokens.operations.change import Change, Stale
from tokens.operations.findings import close_findings
from tokens.states import CredentialState


def absorb_found(listing_id: str, credential: Credential, change: Change) -> None:
    """Let an approved credential take the place of the row that its entry was found as.

    What was found, asked and said stays with the credential; the row goes. Its number lives on in the trail.

    Args:
        listing_id: the entry.
        credential: locked, and about to be bound to it.

    Raises:
        Stale: the entry belongs to something approved, or is being revoked right now.
    """
    found = Credential.objects.select_for_update(of=("self",)).filter(listing_id=listing_id).first()
    if found is None or found.pk == credential.pk:
        return
    if found.request_id is not None:
        raise Stale("That entry belongs to another credential by now.")
    if found.state == CredentialState.REVOKING:
        raise Stale("That token is being revoked right now.")
    close_findings(found, change, because="it is what was approved")
    known = Finding.objects.filter(credential=credential).values("kind")
    Finding.objects.filter(credential=found).exclude(kind__in=known).update(credential=credential)
    doubled = Finding.objects.filter(credential=found)
    FindingAcceptance.objects.filter(finding__in=doubled).delete()
    doubled.delete()
    Revocation.objects.filter(credential=found).update(credential=credential)
    Request.objects.filter(adopts=found).update(adopts=credential)
    credential.created_at, credential.listed_scopes = found.created_at, found.listed_scopes
    credential.seen_at, credential.seen_by = found.seen_at, found.seen_by
    # The entry has to be free before it can be given to another row.
    Credential.objects.filter(pk=found.pk).update(listing_id=None, binding=BindingState.UNBOUND)
    found.delete()
