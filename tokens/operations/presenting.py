"""What presenting an access token once more shows: a 401 proves that it is gone, anything else that it lives.

No list shows such a token and no API ends it. So the very token is the only witness, and it counts whoever brings it.
"""

from django.utils import timezone

from accounts.models import User
from audit.tags import Tag
from tokens.access_token_verification import Presented
from tokens.makers import may_present
from tokens.models import Credential, Revocation
from tokens.models.revocation import RevocationOutcome
from tokens.operations import maker_messages
from tokens.operations.change import Change, NotAllowed, Stale, credential_subject
from tokens.operations.credentials import lock_credential
from tokens.operations.endings import end_as_gone, end_as_presented, stop_for_human
from tokens.states import LIVE, CredentialState

SEEN_BY = "presenting"
# It can be told of these that they ended: by the clock as well, because the end was only declared.
PRESENTABLE = (LIVE | {CredentialState.EXPIRED}) - {CredentialState.REVOKING, CredentialState.DISABLED}
NOT_THIS_ONE = (
    "This is another token than the one registered here, so it was not sent anywhere. Only the very same one shows"
    " what became of it. If nobody has it any more, an admin of the portal attests that it is gone."
)
STILL_ALIVE = "it still works: Bitbucket accepted it when it was presented"


def require_presentable(credential: Credential, fingerprints: list[str], user: User) -> None:
    """Raise unless this user may present exactly this token now; asked before anything is sent.

    Raises:
        NotAllowed: none of those who answer for it, or another token.
        Stale: it has ended already.
    """
    if not may_present(credential, user):
        raise NotAllowed("Only those who answer for this token, or administer its place, can present it.")
    if credential.state not in PRESENTABLE:
        raise Stale(f"There is nothing to prove: this credential is {credential.get_state_display().lower()}.")
    if not credential.fingerprint or credential.fingerprint not in fingerprints:
        raise NotAllowed(NOT_THIS_ONE)


def record_presented(
    credential: Credential, presented: Presented, fingerprints: list[str], *, acting_user: User
) -> Credential:
    """Write down what presenting it showed: it ends as proven, or it stays alive and is counted.

    Args:
        credential: the registered or refused one.
        presented: what Bitbucket answered; without a usable answer nothing is kept.
        fingerprints: of what was presented, under every pepper.
        acting_user: who presented it.

    Raises:
        NotAllowed: see `require_presentable`.
        Stale: it has ended meanwhile.
    """
    with Change(acting_user) as change:
        locked = lock_credential(credential.pk)
        require_presentable(locked, fingerprints, acting_user)
        if presented.is_refused:
            _end(locked, acting_user, change)
        elif presented.is_alive:
            _keep(locked, presented, acting_user, change)
    return locked


def _end(credential: Credential, acting_user: User, change: Change) -> None:
    waiting = credential.revocations.order_by("-asked_at", "-id").first()
    was_asked_for = credential.state == CredentialState.NEEDS_HUMAN and waiting is not None
    revocation = waiting if was_asked_for and waiting else _own_revocation(credential, acting_user, change)
    revocation.presented_by, revocation.presented_at = acting_user.person, change.at
    revocation.presented_status, revocation.outcome = 401, RevocationOutcome.PRESENTED
    revocation.finished_at, revocation.waiting_because = revocation.finished_at or change.at, ""
    revocation.save()
    because = f"{acting_user.person} presented it once more, and Bitbucket no longer accepts it"
    if was_asked_for:
        end_as_presented(credential, change, because=because)
    else:
        end_as_gone(credential, change, because=because)
        body = f"“{credential.name}” is gone: {because}."
        maker_messages.tell_answerable(credential, f"Gone: {credential.name}", body)


def _own_revocation(credential: Credential, acting_user: User, change: Change) -> Revocation:
    """Nobody asked for its end; the proof stands in a row of its own."""
    return Revocation(
        credential=credential,
        asked_by=acting_user.person,
        asked_at=change.at,
        reason="Presented once more, to see whether it still works",
    )


def _keep(credential: Credential, presented: Presented, acting_user: User, change: Change) -> None:
    """It lives. What was to be gone, or over, needs a person now."""
    credential.seen_at, credential.seen_by = timezone.now(), SEEN_BY
    credential.save()
    change.event(
        Tag.CREDENTIAL_CHECKED,
        credential_subject(credential),
        outcome="alive",
        status=presented.status or 0,
    )
    if credential.state == CredentialState.NEEDS_HUMAN:
        credential.state_reason = STILL_ALIVE
        credential.save()
    elif credential.state == CredentialState.EXPIRED:
        _needs_a_person(credential, acting_user, change)


def _needs_a_person(credential: Credential, acting_user: User, change: Change) -> None:
    """Its end was declared, and it works after that: somebody has to delete it."""
    credential.state = CredentialState.REVOKING
    credential.save()
    revocation = Revocation.objects.create(
        credential=credential,
        asked_by=acting_user.person,
        asked_at=change.at,
        reason="It works after the end that was declared for it",
    )
    stop_for_human(revocation, change, because=STILL_ALIVE)
