"""What a complete listing lacked has ended, and not by us: said only after a second complete listing lacked it too."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.actors import SYSTEM
from accounts.policy import ACTIVE
from tokens.binding import CLOCK_TOLERANCE
from tokens.models import Credential, FindingAction, FindingKind, Standing
from tokens.models.credential import BindingState
from tokens.operations.change import Change
from tokens.operations.endings import end_as_gone, expire_credential
from tokens.operations.findings import open_finding
from tokens.operations.refreshing import mark_seen
from tokens.policy import PERSONAL_KIND
from tokens.states import REGISTERED, CredentialState, require_credential_move

# What is being revoked has its own proof; of an account that is off a listing may show nothing.
_ENDABLE = (CredentialState.ACTIVE, CredentialState.ROTATING, CredentialState.REFUSED, CredentialState.NEEDS_HUMAN)
_AT_ONCE = 100


def end_missing_tokens(*, read_began_at: datetime, confirmed: Callable[[], frozenset[str]], read_by: str) -> int:
    """End what is bound, alive here, and was not seen since a complete listing began.

    Tokens are made and deleted while a listing is read, so one without an entry proves nothing alone.

    Args:
        read_began_at: when the complete listing began.
        confirmed: gives the ids of a second complete listing; called only where something is missing, outside any
            transaction.
        read_by: which read it was.

    Returns: how many ended, by time or not.

    Raises:
        RemoteError: the second listing could not be read; then nothing ends.
    """
    missing = dict(_unseen(read_began_at).values_list("pk", "listing_id"))
    if not missing:
        return 0
    listed = confirmed()
    there = [pk for pk, listing_id in missing.items() if listing_id in listed]
    lacking = sorted(missing.keys() - set(there))
    with Change(SYSTEM) as change:
        mark_seen(_lock(there), at=max(change.at, read_began_at), read_by=read_by)
    return sum(
        _end_some(lacking[start : start + _AT_ONCE], read_began_at, read_by)
        for start in range(0, len(lacking), _AT_ONCE)
    )


def _unseen(began: datetime) -> QuerySet[Credential]:
    return Credential.objects.filter(
        Q(seen_at=None) | Q(seen_at__lt=began),
        Q(bound_at=None) | Q(bound_at__lt=began),
        kind=PERSONAL_KIND,
        binding=BindingState.BOUND,
        state__in=_ENDABLE,
    )


def _lock(pks: list[int]) -> list[int]:
    rows = Credential.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=pks).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _end_some(pks: list[int], began: datetime, read_by: str) -> int:
    over, ended = [], 0
    with Change(SYSTEM) as change:
        rows = _unseen(began).select_for_update(of=("self",), no_key=True).filter(pk__in=pks).order_by("pk")
        for row in rows.select_related("holder", "request__person", "request__template_version"):
            if row.state in REGISTERED and row.expires_at and row.expires_at <= change.at + CLOCK_TOLERANCE:
                over.append(row.pk)
            elif row.holder is not None and row.holder.account_status != ACTIVE:
                _disable(row)
            else:
                end_missing(row, change, because="it is no longer in the organisation's listing", read_by=read_by)
                ended += 1
    return ended + sum(expire_credential(pk) for pk in over)


def _disable(row: Credential) -> None:
    """Its account is off, and a listing may leave such tokens out; they come back with the account."""
    if row.state not in REGISTERED:
        return
    require_credential_move(row.state, CredentialState.DISABLED)
    row.state = CredentialState.DISABLED
    row.state_reason = "its holder's account is off, and the organisation's listing leaves it out"
    row.save(update_fields=["state", "state_reason"])


def end_missing(row: Credential, change: Change, *, because: str, read_by: str) -> None:
    """A locked credential is gone; where it was approved and its time is not over, somebody should hear of it."""
    was_refused = row.state == CredentialState.REFUSED
    end_as_gone(row, change, because=because)
    if row.standing != Standing.APPROVED or was_refused:
        return
    end = row.approved_request.approved_until
    if end is None or end >= change.at.date():
        open_finding(
            FindingKind.GONE,
            row,
            change,
            title=f"{row.name} is gone, and not by the portal",
            read_by=read_by,
            detail={"because": because},
            risk=row.approved_request.risk,
            action=FindingAction.ASK_HOLDER,
        )
