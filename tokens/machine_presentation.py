"""What machines work with, as pages show it: and where one that runs as a person should go instead."""

from typing import Any

from accounts.models import User
from tokens.catalogue.adviser.kinds import choose_kind
from tokens.catalogue.adviser.needs import needs_of
from tokens.models import Credential
from tokens.operations.machine_notes import may_note
from tokens.policy import PERSONAL_KIND
from tokens.presentation import credential_row, kind_name


def machine_row(credential: Credential) -> dict[str, Any]:
    """One machine's credential as a line of the register."""
    request = credential.approved_request
    hangs_on_person = credential.kind == PERSONAL_KIND
    return {
        **credential_row(credential),
        "machine": request.machine or request.where_used,
        "deputy": str(request.deputy or ""),
        "opens": str(credential.place or request.boundary),
        "hangs_on_person": hangs_on_person,
        "better": better_kind(credential) if hangs_on_person else None,
        "note": credential.migration_note,
        "last_used_at": credential.last_used_at,
    }


def better_kind(credential: Credential) -> dict[str, str] | None:
    """The kind of its own that a machine could have for the same scopes; None where only a person's token does it."""
    choice = choose_kind(needs_of((), named_scopes=list(credential.scopes)), "machine")
    if choice.slug == PERSONAL_KIND or not credential.scopes:
        return None
    return {"name": kind_name(choice.slug), "reason": choice.reason}


def machine_context(credential: Credential, user: User) -> dict[str, Any]:
    """What the page of a person's token adds where a machine works with it."""
    if not may_note(credential, user):
        return {"can_note": False}
    return {"can_note": True, "better": better_kind(credential)}
