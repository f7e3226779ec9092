"""Reading back what a pasted credential can really do: the one network call inside a request.

The secret lives in this request's memory only. What does not look like an API token is never sent anywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bitbucket.credential_reading import CredentialReading, read_credential
from bitbucket.transport import Transport
from tokens.catalogue.rules import compare_scopes, kind_from_credential_type
from tokens.models.credential import HolderProof
from tokens.models.verification import BoundaryProof, Outcome

DEADLINE_SECONDS = 5.0
UNAUTHORIZED = 401
READABLE = frozenset({200, 403})


@dataclass(frozen=True)
class Judgement:
    """What one reading means for one request.

    ``holder_proof`` is ``read`` when Bitbucket named the account, else ``declared``; empty where it does not matter.
    ``email`` is the address it was read beside. ``boundary`` and the words for it are of an access token alone.
    """

    outcome: Outcome
    granted: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    excess: frozenset[str] = frozenset()
    holder_proof: str = ""
    credential_type: str = ""
    failure: str = ""
    email: str = ""
    boundary: BoundaryProof | None = None
    boundary_words: str = ""


def judge(reading: CredentialReading, *, approved: Iterable[str], account_id: str) -> Judgement:
    """Say what a reading means. The first that holds wins: invalid, wrong kind, wrong holder, unreadable, excess,
    missing, exact.

    Args:
        reading: what Bitbucket answered.
        approved: the request's frozen API-token scopes.
        account_id: whose credential it must be.
    """
    seen = reading.credential_type or ""
    if reading.status == UNAUTHORIZED:
        return Judgement(Outcome.INVALID, credential_type=seen)
    if kind_from_credential_type(seen) not in (None, "api_token"):
        return Judgement(Outcome.WRONG_KIND, credential_type=seen)
    if reading.account_id is not None and reading.account_id != account_id:
        return Judgement(Outcome.WRONG_HOLDER, credential_type=seen)
    if reading.status not in READABLE or reading.scopes is None or reading.failure:
        return Judgement(Outcome.UNREADABLE, credential_type=seen, failure=reading.failure)
    difference = compare_scopes(approved, reading.scopes)
    outcome = Outcome.EXCESS if difference.excess else Outcome.MISSING if difference.missing else Outcome.EXACT
    return Judgement(
        outcome,
        granted=reading.scopes,
        missing=frozenset(difference.missing),
        excess=frozenset(difference.excess),
        holder_proof=HolderProof.READ if reading.account_id else HolderProof.DECLARED,
        credential_type=seen,
    )


def verify_secret(
    transport: Transport, *, email: str, secret: str, approved: Iterable[str], account_id: str
) -> Judgement:
    """Ask Bitbucket who and what the secret is, within five seconds, and judge the answer."""
    reading = read_credential(transport, email=email, secret=secret, deadline_seconds=DEADLINE_SECONDS)
    return replace(judge(reading, approved=approved, account_id=account_id), email=email)
