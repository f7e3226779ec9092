"""The states of a request and of a credential, and the moves between them. Nothing moves any other way."""

from collections.abc import Mapping

from django.db import models


class RequestState(models.TextChoices):
    """Where a request stands."""

    PENDING = "pending", "Waiting for a decision"
    APPROVED = "approved", "Approved"
    ISSUED = "issued", "Issued"
    DENIED = "denied", "Denied"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LAPSED = "lapsed", "Lapsed"


class CredentialState(models.TextChoices):
    """Where a credential stands.

    ``refused`` is one that was verified and is broader than approved: it was never registered, but it is alive
    until a re-read shows otherwise.
    """

    ACTIVE = "active", "Active"
    REFUSED = "refused", "Refused, still alive"
    EXPIRED = "expired", "Expired"
    REVOKING = "revoking", "Being revoked"
    REVOKED = "revoked", "Revoked"
    DISABLED = "disabled", "Disabled"
    NEEDS_HUMAN = "needs_human", "Needs a person"
    GONE = "gone", "Gone"
    ROTATING = "rotating", "Being replaced"
    RETIRED = "retired", "Retired"


R, C = RequestState, CredentialState

REQUEST_MOVES: Mapping[RequestState, frozenset[RequestState]] = {
    R.PENDING: frozenset({R.APPROVED, R.DENIED, R.WITHDRAWN, R.LAPSED}),
    R.APPROVED: frozenset({R.ISSUED, R.WITHDRAWN, R.LAPSED}),
    # Back to approved when the listing shows that the registered token lives longer than approved.
    R.ISSUED: frozenset({R.APPROVED}),
}

CREDENTIAL_MOVES: Mapping[CredentialState, frozenset[CredentialState]] = {
    C.ACTIVE: frozenset({C.REFUSED, C.EXPIRED, C.REVOKING, C.DISABLED, C.NEEDS_HUMAN, C.GONE, C.ROTATING}),
    C.ROTATING: frozenset({C.RETIRED, C.EXPIRED, C.REVOKING, C.DISABLED, C.NEEDS_HUMAN, C.GONE}),
    C.REFUSED: frozenset({C.REVOKING, C.NEEDS_HUMAN, C.GONE}),
    C.EXPIRED: frozenset({C.REVOKING, C.GONE}),
    C.REVOKING: frozenset({C.REVOKED, C.RETIRED, C.NEEDS_HUMAN, C.GONE}),
    # Revoked from here: a person deleted it, and presenting it once more proved that.
    C.NEEDS_HUMAN: frozenset({C.REVOKING, C.REVOKED, C.GONE}),
    C.DISABLED: frozenset({C.ACTIVE, C.REVOKING, C.GONE}),
    # The listing shows it again: it was not gone. Whatever said so was wrong, and a person has to hear of it.
    C.GONE: frozenset({C.ACTIVE, C.NEEDS_HUMAN}),
    C.REVOKED: frozenset({C.NEEDS_HUMAN}),
    C.RETIRED: frozenset({C.NEEDS_HUMAN}),
}

# A credential in one of these may still open Bitbucket.
LIVE = frozenset({C.ACTIVE, C.ROTATING, C.REFUSED, C.REVOKING, C.NEEDS_HUMAN, C.DISABLED})
# What the holder was given and may use.
REGISTERED = frozenset({C.ACTIVE, C.ROTATING})
# Nothing of it is left.
ENDED = frozenset({C.REVOKED, C.GONE, C.RETIRED})


class IllegalMove(Exception):
    """A move that the tables above do not know: the object changed since the page was made."""


def require_request_move(current: str, target: RequestState) -> None:
    """Raise `IllegalMove` unless a request may go from ``current`` to ``target``."""
    if target not in REQUEST_MOVES.get(RequestState(current), frozenset()):
        raise IllegalMove(f"a request cannot go from {current} to {target}")


def require_credential_move(current: str, target: CredentialState) -> None:
    """Raise `IllegalMove` unless a credential may go from ``current`` to ``target``."""
    if target not in CREDENTIAL_MOVES.get(CredentialState(current), frozenset()):
        raise IllegalMove(f"a credential cannot go from {current} to {target}")
