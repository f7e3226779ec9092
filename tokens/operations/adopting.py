"""What was found becomes the approved one where it fits what was approved; otherwise a new one takes its place.

Of a token only the organisation's listing can tell that it fits: what it shows is what the token can do and when it
ends. Where it does not, the request goes the usual way and the pasted token is the proof. A deploy key always does the
same, at the place whose list shows it; its end is the portal's to keep.
"""

from collections.abc import Collection

from accounts.models import Person
from audit.tags import Tag
from tokens.binding import end_of
from tokens.catalogue.rules import compare_scopes
from tokens.key_place import place_of
from tokens.models import Credential, FindingKind, HolderProof, Request, Standing
from tokens.models.credential import BindingState
from tokens.models.verification import Outcome
from tokens.named_places import is_named
from tokens.operations import finding_messages
from tokens.operations.change import Change, NotAllowed, credential_subject
from tokens.operations.findings import close_findings
from tokens.operations.key_rows import SCOPES, make_approved, missing_in_key
from tokens.policy import KEY_KIND, PERSONAL_KIND
from tokens.states import CredentialState, RequestState, require_request_move

ADOPTABLE = (Standing.UNDECLARED, Standing.UNKNOWN_PRODUCT)


def why_not_adoptable(credential: Credential, person: Person) -> str:
    """Why nobody can ask to have it registered as it is, in words; empty where one can."""
    if credential.kind not in (PERSONAL_KIND, KEY_KIND):
        return "Only API tokens and deploy keys can be registered as they are."
    # A key of which Bitbucket names nobody is anybody's to answer for, with an approver's yes.
    is_nobodys = credential.kind == KEY_KIND and credential.holder_id is None
    if credential.holder_id != person.pk and not is_nobodys:
        return "Only its holder can register a credential."
    if credential.standing not in ADOPTABLE:
        return "This credential is no longer one that nobody approved."
    if credential.state != CredentialState.ACTIVE or credential.binding != BindingState.BOUND:
        return f"This credential cannot be registered: it is {credential.get_state_display().lower()}."
    return ""


def require_adoptable(credential: Credential, person: Person, *, kind: str) -> None:
    """Refuse a request that would register what cannot be.

    Raises:
        NotAllowed: see `why_not_adoptable`, or the request is for another kind.
    """
    why_not = why_not_adoptable(credential, person)
    if not why_not and kind != credential.kind:
        why_not = "It can be registered as what it is only."
    if why_not:
        raise NotAllowed(why_not)


def why_it_does_not_fit(credential: Credential, request: Request) -> str:
    """Why a found credential cannot be what an approved request is about, in words; empty where it can."""
    why_not = why_not_adoptable(credential, request.person)
    if why_not:
        return why_not
    if credential.kind == KEY_KIND:
        return why_key_does_not_fit(credential, request.boundary, request.scopes)
    if credential.listed_scopes is None:
        return "The organisation's listing does not tell what it can do."
    excess = compare_scopes(request.scopes, credential.listed_scopes).excess
    if excess:
        return f"It can do more than approved: {', '.join(excess)}."
    if credential.expires_at is None:
        return "It has no end."
    if request.approved_until is None or credential.expires_at > end_of(request.approved_until):
        return f"It lives until {credential.expires_at:%d %B %Y}, which is longer than approved."
    return ""


def why_key_does_not_fit(key: Credential, boundary: str, scopes: Collection[str]) -> str:
    """Why a found deploy key cannot be what is asked for, in words; empty where it can."""
    place = place_of(key)
    if place is None or not is_named(boundary, place):
        return f"It opens {place or 'a place that is not known'}, and this is for {boundary}."
    if compare_scopes(scopes, SCOPES).excess:
        return "It reads code, and this is for something else."
    return ""


def adopt_if_it_fits(request: Request, change: Change) -> bool:
    """Let the found credential of a locked request, approved just now, become the approved one.

    Returns: whether it did; otherwise the request waits for a new token.
    """
    if request.adopts_id is None:
        return False
    # No link to the request is read here: the lock must not wait for what the caller holds.
    credential = Credential.objects.select_for_update(of=("self",), no_key=True).get(pk=request.adopts_id)
    if why_it_does_not_fit(credential, request):
        return False
    if credential.kind == KEY_KIND:
        missing = tuple(missing_in_key(request))
        make_approved(credential, request)
        credential.save()
    else:
        missing = compare_scopes(request.scopes, credential.listed_scopes or ()).missing
        _make_approved(credential, request, Outcome.MISSING if missing else Outcome.EXACT)
    require_request_move(request.state, RequestState.ISSUED)
    request.state = RequestState.ISSUED
    request.save()
    close_findings(credential, change, because="it is approved and registered", kinds=(FindingKind.UNDECLARED,))
    finding_messages.tell_adopted(request, credential)
    change.event(
        Tag.CREDENTIAL_ADOPTED,
        credential_subject(credential),
        request=request.code,
        scopes=sorted(credential.scopes),
        missing=list(missing),
        holder_proof=credential.holder_proof,
    )
    return True


def _make_approved(credential: Credential, request: Request, outcome: Outcome) -> None:
    credential.request, credential.standing = request, Standing.APPROVED
    credential.scopes = sorted(credential.listed_scopes or ())
    credential.holder_proof = HolderProof.LISTING
    credential.verification_outcome = outcome
    credential.save()


def left_behind(request: Request) -> Credential | None:
    """The found credential that a request was to register and that a new one replaced, while it may still be alive."""
    old = request.adopts
    if old is None or old.request_id == request.pk or old.ended_at is not None:
        return None
    return old if request.state == RequestState.ISSUED else None
