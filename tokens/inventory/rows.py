"""From a page of credentials to what its rows show."""

from functools import lru_cache
from typing import Any

from django.urls import reverse

from tokens.inventory.holding import short_words
from tokens.models import Credential, FindingKind, Standing
from tokens.models.verification import Outcome
from tokens.presentation import CREDENTIAL_LOOKS, STANDING_LOOKS, kind_name, kind_tone
from tokens.states import CredentialState

Badge = dict[str, str]
_VERIFIED: dict[str, Badge] = {
    Outcome.EXACT: {"tone": "good", "icon": "check", "label": "Approved, exact"},
    Outcome.MISSING: {"tone": "good", "icon": "check", "label": "Approved, smaller"},
    Outcome.EXCESS: {"tone": "danger", "icon": "alert", "label": "Broader than approved"},
}
_NOT_VERIFIED: Badge = {"tone": "caution", "icon": "clock", "label": "Approved, not verified"}


def inventory_row(credential: Credential) -> dict[str, Any]:
    """One line of the inventory.

    Args:
        credential: as `page_of_credentials` gives it.
    """
    request, holder = credential.request, credential.holder
    return {
        "pk": credential.pk,
        "name": credential.name,
        "code": request.code if request and request.code not in credential.name else "",
        "url": credential.get_absolute_url(),
        "kind": kind_name(credential.kind),
        "where": str(credential.place or ""),
        "holder": str(holder) if holder else "",
        "holder_url": reverse("person", args=[holder.account_id]) if holder else "",
        "can_do": _short(tuple(credential.scope_list)),
        "expires_at": credential.expires_at,
        "ended_at": credential.ended_at,
        "last_used_at": credential.last_used_at,
        "badges": [standing_badge(credential), *_state_badges(credential), *_finding_badges(credential)],
    }


def standing_badge(credential: Credential) -> Badge:
    """Approved and how exactly, or what it is instead."""
    if credential.standing == Standing.APPROVED:
        return _VERIFIED.get(credential.verification_outcome, _NOT_VERIFIED)
    tone, icon = STANDING_LOOKS[credential.standing]
    return {"tone": tone, "icon": icon, "label": credential.get_standing_display()}


def _state_badges(credential: Credential) -> list[Badge]:
    if credential.state == CredentialState.ACTIVE:
        return []
    tone, icon = CREDENTIAL_LOOKS[credential.state]
    return [{"tone": tone, "icon": icon, "label": credential.get_state_display()}]


def _finding_badges(credential: Credential) -> list[Badge]:
    """What the standing says already is not said twice."""
    kinds = [FindingKind(kind) for kind in getattr(credential, "open_kinds", ())]
    said = FindingKind.UNDECLARED if credential.standing == Standing.UNDECLARED else None
    return [{"tone": kind_tone(kind), "icon": "alert", "label": kind.label} for kind in kinds if kind != said]


@lru_cache(maxsize=2_048)
def _short(scopes: tuple[str, ...]) -> str:
    return short_words(scopes)
