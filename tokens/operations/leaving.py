"""What holds for a leaver's requests and credentials. Call these inside the change that takes them away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Person, Workspace
from audit.tags import Tag
from tokens.models import Credential, Grant, Request, Revocation
from tokens.models.revocation import RevocationOutcome
from tokens.operations.change import Change, credential_subject, request_subject
from tokens.operations.credentials import lock_credential
from tokens.operations.endings import end_as_gone, end_as_revoked
from tokens.operations.requests import lock_request
from tokens.policy import PERSONAL_KIND
from tokens.states import ENDED, LIVE, CredentialState, RequestState, require_credential_move, require_request_move

# What stops with the account it belongs to and has no admin API of its own.
OF_THE_ACCOUNT = ("ssh_key", "gpg_key", "oauth_grant")
NOT_FOUND = "404 Not Found"


@dataclass(frozen=True)
class Deletion:
    """A deletion that was sent, and what was answered."""

    sent_at: datetime
    answer: str


def withdraw_requests_of(person: Person, change: Change, *, because: str) -> int:
    """End every request of a leaver that could still become a credential. Returns how many."""
    waiting = Request.objects.filter(person=person, state__in=(RequestState.PENDING, RequestState.APPROVED))
    ended = 0
    for row in waiting.order_by("pk"):
        request = lock_request(row)
        if request.state not in (RequestState.PENDING, RequestState.APPROVED):
            continue
        require_request_move(request.state, RequestState.WITHDRAWN)
        request.state = RequestState.WITHDRAWN
        request.save(update_fields=["state"])
        change.event(Tag.REQUEST_WITHDRAWN, request_subject(request), because=because)
        ended += 1
    return ended


def end_api_tokens_of(
    person: Person, change: Change, *, deletions: Mapping[str, Deletion], asked_by: Person, reason: str
) -> int:
    """A complete list of this person's API tokens is empty: every one we know has ended, whichever entry it was.

    What we deleted counts as revoked; what was not there, or answered 404, as gone.

    Args:
        person: whose list it is.
        change: the running change.
        deletions: by the listing's id, what was sent and answered.
        asked_by: who started the plan.
        reason: stands in the trail.

    Returns:
        How many credentials ended.
    """
    known = Credential.objects.filter(holder=person, kind=PERSONAL_KIND).exclude(state__in=ENDED)
    pks = list(known.order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        credential = lock_credential(pk)
        if credential.state in ENDED:
            continue
        deletion = deletions.get(credential.listing_id or "")
        if deletion is None or deletion.answer == NOT_FOUND:
            _end_running(credential, change)
            end_as_gone(credential, change, because="the complete list of this person's API tokens is empty")
        else:
            _revoke(credential, deletion, change, asked_by, reason)
    return len(pks)


def _revoke(credential: Credential, deletion: Deletion, change: Change, asked_by: Person, reason: str) -> None:
    if credential.state != CredentialState.REVOKING:
        require_credential_move(credential.state, CredentialState.REVOKING)
        credential.state = CredentialState.REVOKING
    running = credential.revocations.filter(finished_at=None).first()
    revocation = running or Revocation(
        credential=credential, asked_by=asked_by, asked_at=change.at, reason=reason[:300]
    )
    revocation.credential = credential
    revocation.found_at = revocation.found_at or deletion.sent_at
    revocation.deletion_sent_at = deletion.sent_at
    revocation.deletion_answer = deletion.answer[:60]
    revocation.reread_at, revocation.reread_total = change.at, 0
    revocation.save()
    end_as_revoked(revocation, change, tells_holder=False)


def _end_running(credential: Credential, change: Change) -> None:
    """A revocation that runs meanwhile finds its answer here."""
    credential.revocations.filter(finished_at=None).update(
        outcome=RevocationOutcome.GONE, finished_at=change.at, waiting_because="", reread_at=change.at, reread_total=0
    )


def disable_credentials_of(person: Person, change: Change, *, because: str) -> int:
    """The account is off: what hangs on it stops, but still exists and would come back with it. Returns how many."""
    known = Credential.objects.filter(holder=person, kind__in=OF_THE_ACCOUNT, state__in=LIVE)
    ended = 0
    for pk in known.order_by("pk").values_list("pk", flat=True):
        credential = lock_credential(pk)
        if credential.state not in (CredentialState.ACTIVE, CredentialState.ROTATING):
            continue
        credential.state, credential.state_reason = CredentialState.DISABLED, because[:300]
        credential.save()
        change.event(Tag.CREDENTIAL_DISABLED, credential_subject(credential), because=because)
        ended += 1
    return ended


def end_deploy_key(
    credential: Credential, change: Change, *, deletion: Deletion | None, left: int, asked_by: Person, reason: str
) -> None:
    """A complete list of its place's keys lacks this one.

    Args:
        credential: a deploy key.
        deletion: what we sent and what was answered; None where it was gone before.
        left: how many keys the list held.
        asked_by: who decided.
        reason: stands in the trail.
    """
    locked = lock_credential(credential.pk)
    if locked.state in ENDED:
        return
    if deletion is None or deletion.answer == NOT_FOUND:
        _end_running(locked, change)
        end_as_gone(locked, change, because="a complete list of its place's keys lacks it")
        return
    _revoke(locked, deletion, change, asked_by, reason)
    Revocation.objects.filter(credential=locked, reread_at=change.at).update(reread_total=left)


def end_grants(person: Person, workspace: Workspace, where: str, address: str, *, at: datetime) -> int:
    """A complete list of a place's grants lacks this person: what we knew of it there is over. Returns how many.

    Args:
        person: whose grants.
        workspace: where.
        where: ``repository`` or ``project``.
        address: the repository's uuid, or the project's key.
        at: when.
    """
    grants = Grant.objects.filter(person=person, gone_at=None)
    if where == "repository":
        return grants.filter(repository__workspace=workspace, repository__uuid=address).update(gone_at=at)
    return grants.filter(project__workspace=workspace, project__key=address).update(gone_at=at)
