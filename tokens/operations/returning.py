"""A credential that counted as ended is listed again."""

from accounts.policy import ACTIVE
from audit.tags import Tag
from tokens.models import Credential, FindingKind
from tokens.operations.alarming import alarm_admins
from tokens.operations.change import Change, credential_subject
from tokens.operations.findings import close_findings
from tokens.states import REGISTERED, CredentialState, require_credential_move

_ENDED_HERE = frozenset({CredentialState.GONE, CredentialState.REVOKED, CredentialState.RETIRED})
_PROVEN_HERE = (CredentialState.REVOKED, CredentialState.RETIRED)


def is_back(credential: Credential) -> bool:
    """Whether being listed is news: it counted as ended, or as off together with an account that works."""
    if credential.state == CredentialState.DISABLED:
        return credential.holder is not None and credential.holder.account_status == ACTIVE
    return credential.state in _ENDED_HERE


def take_back_end(credential: Credential, change: Change, *, read_by: str) -> None:
    """Let a locked credential live again, because a listing shows it.

    What somebody meant to end needs a person now, and the admins are told: our own word did not hold. What was only
    missing for a while is simply back.
    """
    was = CredentialState(credential.state)
    needs_person = was in _PROVEN_HERE or (was is CredentialState.GONE and _was_meant_to_end(credential))
    target = CredentialState.NEEDS_HUMAN if needs_person else CredentialState.ACTIVE
    require_credential_move(was, target)
    because = f"it counted as {was.label.lower()}, and is listed again"
    credential.state, credential.state_reason, credential.ended_at = target, because, None
    credential.save(update_fields=["state", "state_reason", "ended_at"])
    close_findings(credential, change, because="it is listed again", kinds=(FindingKind.GONE,))
    if needs_person:
        _tell_admins(credential, because)
    change.event(Tag.CREDENTIAL_RETURNED, credential_subject(credential), was=was.value, read_by=read_by)


def _was_meant_to_end(credential: Credential) -> bool:
    """Whether somebody wanted it dead, or its request has another credential by now."""
    if credential.revocations.exists():
        return True
    if credential.request_id is None:
        return False
    if credential.findings.filter(kind=FindingKind.REFUSED_ALIVE).exists():
        return True
    others = Credential.objects.filter(request=credential.request_id, state__in=REGISTERED)
    return others.exclude(pk=credential.pk).exists()


def _tell_admins(credential: Credential, because: str) -> None:
    body = (
        f"“{credential.name}” of {credential.holder or 'nobody known'} works again: {because}.\n\n"
        "Open it and decide: have it deleted, or say that it is gone once somebody has looked."
    )
    alarm_admins(subject=f"Alive again: {credential.name}", body=body, path=credential.get_absolute_url())
