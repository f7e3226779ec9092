"""The row of a deploy key: as its place's list shows it, and as what a request asked for."""

from datetime import datetime
from typing import Final

from accounts.models import Person
from audit.tags import Tag
from bitbucket.resources import DeployKey
from tokens.binding import end_of
from tokens.catalogue.rules import compare_scopes
from tokens.inventory.labels import clean_label
from tokens.models import Credential, HolderProof, Project, Repository, Request, Source, Standing
from tokens.models.credential import BindingState
from tokens.models.verification import Outcome
from tokens.operations.change import Change, credential_subject
from tokens.policy import KEY_KIND

# All that such a key can do, whatever was asked for.
SCOPES: Final = ("read:repository:bitbucket",)


def row_from_key(
    place: Repository | Project, key: DeployKey, listing_id: str, *, holder: Person | None, read_by: str, at: datetime
) -> Credential:
    """A key as the list of its place shows it, not saved yet, and approved by nobody.

    Args:
        place: where it is.
        key: its entry.
        listing_id: what the entry is called here.
        holder: whom Bitbucket names as who added it.
        read_by: which read showed it.
        at: when the read began.
    """
    label = clean_label(key.label)
    return Credential(
        holder=holder,
        standing=Standing.UNDECLARED,
        source=Source.SYNC,
        kind=KEY_KIND,
        name=label or f"deploy key {key.id}"[:200],
        scopes=list(SCOPES),
        key_fingerprint=key.fingerprint,
        workspace=place.workspace,
        repository=place if isinstance(place, Repository) else None,
        project=place if isinstance(place, Project) else None,
        holder_proof=HolderProof.LISTING if key.added_by.account_id else HolderProof.DECLARED,
        registered_at=at,
        created_at=key.added_at,
        binding=BindingState.BOUND,
        bound_at=at,
        listing_id=listing_id[:100],
        listing_label=label,
        last_used_at=key.last_used_at,
        seen_at=at,
        seen_by=read_by[:60],
    )


def make_approved(row: Credential, request: Request) -> None:
    """Let a key be what a request asked for. Bitbucket knows no end of keys: the portal keeps the approved one."""
    assert request.approved_until is not None
    row.request, row.holder, row.standing = request, request.person, Standing.APPROVED
    row.name = request.credential_name[:200]
    row.verification_outcome = Outcome.MISSING if missing_in_key(request) else Outcome.EXACT
    row.expires_at = end_of(request.approved_until)


def say_registered(row: Credential, request: Request, change: Change, *, by: str) -> None:
    """Put into the trail that a key is a request's, and how that is known: by its `code`, or by the `portal`."""
    change.event(
        Tag.CREDENTIAL_REGISTERED,
        credential_subject(row),
        request=request.code,
        scopes=list(SCOPES),
        missing=missing_in_key(request),
        holder_proof=row.holder_proof,
        source=row.source,
    )
    change.event(Tag.CREDENTIAL_BOUND, credential_subject(row), listing_id=row.listing_id, by=by)


def missing_in_key(request: Request) -> list[str]:
    """What a request was approved for and no deploy key can do."""
    return list(compare_scopes(request.scopes, SCOPES).missing)
