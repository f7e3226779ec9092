"""Revoking what nobody declared in time. Only in the mode that says so, and only what is surely Bitbucket's."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from tokens.inventory.matching import is_bitbuckets
from tokens.inventory.modes import enforces
from tokens.models import Answer, Credential, Finding, FindingKind, Request, Standing
from tokens.models.credential import BindingState
from tokens.operations.change import NotAllowed, Stale
from tokens.operations.revocations import start_revocation_by_portal
from tokens.policy import PERSONAL_KIND
from tokens.states import CredentialState, RequestState

MOST_AT_ONCE: Final = 20
TOLD_BEFORE: Final = timedelta(days=7)
REASON: Final = "Nobody declared it in time"


def revoke_undeclared(now: datetime) -> int:
    """Start revoking a few API tokens that nobody declared.

    Each of them: found by the listing with a scope of Bitbucket's, past its day, its holder told at least seven days
    ago, not accepted, and without a request under way that would make it a proper one.

    Returns: how many revocations were started.
    """
    if not enforces():
        return 0
    return sum(_revoke(credential, now) for credential in due_credentials(now)[:MOST_AT_ONCE])


def due_credentials(now: datetime) -> list[Credential]:
    """Those that may be revoked now, the longest due first."""
    findings = _due(now).select_related("credential").order_by("due_at", "pk")
    return [
        row.credential for row in findings[: 10 * MOST_AT_ONCE] if is_bitbuckets(row.credential.listed_scopes or ())
    ]


def _due(now: datetime) -> QuerySet[Finding]:
    under_way = Request.objects.filter(
        adopts=OuterRef("credential"), state__in=(RequestState.PENDING, RequestState.APPROVED)
    )
    is_asked_for = Q(credential__answer=Answer.USES) & Exists(under_way)
    return Finding.objects.filter(
        ~is_asked_for,
        Q(accepted_until=None) | Q(accepted_until__lt=now.date()),
        kind=FindingKind.UNDECLARED,
        closed_at=None,
        due_at__lt=now,
        told_at__lte=now - TOLD_BEFORE,
        credential__kind=PERSONAL_KIND,
        credential__standing=Standing.UNDECLARED,
        credential__state=CredentialState.ACTIVE,
        credential__binding=BindingState.BOUND,
        credential__listed_scopes__isnull=False,
    )


def _revoke(credential: Credential, now: datetime) -> bool:
    still_due = _due(now).filter(credential=credential)
    try:
        start_revocation_by_portal(credential, reason=REASON, is_due=still_due.exists)
    except (NotAllowed, Stale):
        return False
    return True
