"""Noting where a machine that works with a person's token should go instead."""

from accounts.models import User
from audit.tags import Tag
from tokens.models import Credential, UsedBy
from tokens.operations.change import Change, NotAllowed, credential_subject
from tokens.operations.credentials import lock_credential
from tokens.policy import PERSONAL_KIND


def may_note(credential: Credential, user: User) -> bool:
    """Whether a machine works with a person's token here, and this user answers for it or for everybody's."""
    request = credential.request
    if request is None or credential.kind != PERSONAL_KIND or request.used_by != UsedBy.MACHINE:
        return False
    return user.person_id in (credential.holder_id, request.deputy_id) or user.has_perm("tokens.revoke_credential")


def note_migration(credential: Credential, *, words: str, acting_user: User) -> None:
    """Keep a sentence about how the machine gets a credential of its own; an empty one takes it back.

    Raises:
        NotAllowed: somebody else's, or no machine's.
    """
    with Change(acting_user) as change:
        locked = lock_credential(credential.pk)
        if not may_note(locked, acting_user):
            raise NotAllowed("Only its holder, its deputy or an admin notes how a machine moves on.")
        locked.migration_note = words.strip()[:300]
        locked.save(update_fields=["migration_note"])
        change.event(Tag.CREDENTIAL_MIGRATION_NOTED, credential_subject(locked), words=locked.migration_note)
