"""Reading back what a pasted access token can really do, and where: a few calls inside one request, five seconds.

The secret lives in this request's memory only. Such a token has no holder that Bitbucket could name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.views.decorators.debug import sensitive_variables

from bitbucket.cloud import CloudClient
from bitbucket.credential_reading import CredentialReading, read_access_token
from bitbucket.credentials import Bearer
from bitbucket.session import MAX_BYTES
from bitbucket.transport import Transport
from bitbucket.watchdog import watching
from tokens.boundaries import Boundary
from tokens.boundary_check import check_boundary, targets_of
from tokens.catalogue.rules import classic_cover, compare_scopes, kind_from_credential_type
from tokens.models.credential import HolderProof
from tokens.models.verification import BoundaryProof, Outcome
from tokens.verification import DEADLINE_SECONDS, READABLE, UNAUTHORIZED, Judgement

_READ = (Outcome.EXCESS, Outcome.MISSING, Outcome.EXACT)


def judge_access_token(reading: CredentialReading, *, kind: str, approved: Iterable[str]) -> Judgement:
    """Say what a reading means, without the boundary. The first that holds wins: invalid, wrong kind, unreadable,
    excess, missing, exact.

    Args:
        reading: what Bitbucket answered.
        kind: the approved one.
        approved: the request's frozen API-token scopes. What their classic cover adds is approved with them: no such
            token can be made with less.
    """
    seen = reading.credential_type or ""
    if reading.status == UNAUTHORIZED:
        return Judgement(Outcome.INVALID, credential_type=seen)
    if kind_from_credential_type(seen) not in (None, kind):
        return Judgement(Outcome.WRONG_KIND, credential_type=seen)
    if reading.status not in READABLE or reading.scopes is None or reading.failure:
        return Judgement(Outcome.UNREADABLE, credential_type=seen, failure=reading.failure)
    difference = compare_scopes(classic_cover(approved, kind=kind).scopes, reading.scopes)
    outcome = Outcome.EXCESS if difference.excess else Outcome.MISSING if difference.missing else Outcome.EXACT
    return Judgement(
        outcome,
        granted=reading.scopes,
        missing=frozenset(difference.missing),
        excess=frozenset(difference.excess),
        holder_proof=HolderProof.DECLARED,
        credential_type=seen,
    )


@sensitive_variables("secret")
def verify_access_token(transport: Transport, *, secret: str, place: Boundary, approved: Iterable[str]) -> Judgement:
    """Ask Bitbucket what the secret is and what it opens, within five seconds for all of it, and judge the answers.

    A token that opens more than its place is broader than approved, whatever its scopes; one that does not open it was
    made elsewhere and is no smaller one of ours.
    """
    with watching(DEADLINE_SECONDS, MAX_BYTES):
        reading = read_access_token(transport, secret=secret, deadline_seconds=DEADLINE_SECONDS)
        judgement = judge_access_token(reading, kind=place.kind, approved=approved)
        if judgement.outcome not in _READ:
            return judgement
        answer = check_boundary(CloudClient(transport, Bearer(secret)), targets_of(place, judgement.granted))
    if answer.proof is None:
        return Judgement(Outcome.UNREADABLE, credential_type=judgement.credential_type, failure="the boundary")
    outcome = judgement.outcome
    if answer.proof is BoundaryProof.OPENS_MORE:
        outcome = Outcome.EXCESS
    elif answer.proof is BoundaryProof.ELSEWHERE and outcome is Outcome.EXACT:
        outcome = Outcome.MISSING
    return replace(judgement, outcome=outcome, boundary=answer.proof, boundary_words=answer.words)


@dataclass(frozen=True)
class Presented:
    """What became of an access token that somebody presented once more.

    Attributes:
        status: Bitbucket's HTTP status; None without an answer.
        is_refused: it answered 401: nothing opens with it any more.
        is_alive: it still opens Bitbucket.
    """

    status: int | None
    is_refused: bool
    is_alive: bool


@sensitive_variables("secret")
def present_access_token(transport: Transport, *, secret: str) -> Presented:
    """Ask Bitbucket once whether a known access token still works, within five seconds."""
    reading = read_access_token(transport, secret=secret, deadline_seconds=DEADLINE_SECONDS)
    is_alive = reading.status in READABLE and reading.scopes is not None and not reading.failure
    return Presented(reading.status, reading.status == UNAUTHORIZED, is_alive)
