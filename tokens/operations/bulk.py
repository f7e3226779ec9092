"""One decision about many credentials: each of them goes through the ordinary operation, and none stops the rest."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from accounts.access import authorise
from accounts.models import User
from tokens.models import Credential
from tokens.models.revocation import RevocationOutcome
from tokens.operations.change import NotAllowed, Stale
from tokens.operations.revocations import start_revocation
from tokens.states import IllegalMove

CHANGED = "It changed meanwhile."


@dataclass
class Revoked:
    """What became of each: ``started`` are on their way, ``person`` wait for somebody, ``refused`` say why, and
    ``left`` were not reached in time."""

    started: list[int] = field(default_factory=list)
    person: list[int] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


def revoke_many(rows: Sequence[Credential], *, reason: str, acting_user: User, within_seconds: float) -> Revoked:
    """Start ending each, one transaction a row. A second click finds what the first one started.

    Args:
        reason: why; it stands in the trail beside every one of them.
        within_seconds: rows that are not reached by then are left.

    Raises:
        PermissionDenied: not an admin (any more).
    """
    authorise(acting_user, "tokens.revoke_credential")
    done, until = Revoked(), time.monotonic() + within_seconds
    for row in rows:
        if time.monotonic() > until:
            done.left.append(row.pk)
            continue
        try:
            revocation = start_revocation(row, reason=reason, acting_user=acting_user)
        except (NotAllowed, Stale) as refusal:
            done.refused.append((row.pk, str(refusal)))
        except IllegalMove:
            done.refused.append((row.pk, CHANGED))
        else:
            waits = revocation.outcome == RevocationOutcome.NEEDS_HUMAN
            (done.person if waits else done.started).append(row.pk)
    return done
