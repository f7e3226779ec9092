"""Deleting one bound token and proving it, with the revoke key, on `worker-revoke` only.

Order: read the person's list → write down that a deletion is sent → delete → read the whole list again. A 404 proves
nothing, a 204 proves nothing: only a complete list without the token does.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.actors import SYSTEM
from bitbucket.admin import AdminClient
from bitbucket.errors import NotFound, Permanent, RemoteError, Transient
from bitbucket.resources import UserToken
from tokens.clients import STEADY_ORDER, revoke_admin
from tokens.inventory.labels import clean_label
from tokens.jobs.remote import outcome_from_error
from tokens.jobs.searching import search_words
from tokens.models import Credential, Revocation
from tokens.operations.change import Change
from tokens.operations.credentials import lock_credential
from tokens.operations.endings import end_as_revoked, end_revocation_as_gone, stop_for_human
from tokens.operations.leaving import NOT_FOUND
from workqueue.claims import Claim, Retry, finish
from workqueue.holding import hold

STILL_THERE = "Atlassian accepted the deletion, but the token is still in the list"
LOOK_AGAIN_AFTER = (1, 3, 10, 60, 300, 900)


class AskHuman(Exception):
    """The machine may not go on; the text says why."""


def revoke_credential(claim: Claim) -> None:
    """Bring one revocation to its proven end, or as far as it goes now."""
    revocation = Revocation.objects.select_related("credential__holder", "credential__request").get(
        pk=claim.payload["revocation"]
    )
    if revocation.finished_at is not None:
        return
    client = revoke_admin()
    try:
        if client is None:
            raise AskHuman("this portal has no key that may delete tokens")
        _delete_and_prove(claim, client, revocation)
    except AskHuman as problem:
        stop_revocation(claim, revocation, str(problem))
    except Transient as error:
        raise _wait(revocation, outcome_from_error(error, attempt=claim.attempt), str(error)) from error
    except NotFound:
        stop_revocation(
            claim,
            revocation,
            "Atlassian does not show this person's tokens to the portal (404), which proves nothing",
        )
    except Permanent as error:
        stop_revocation(claim, revocation, str(error))


def _delete_and_prove(claim: Claim, client: AdminClient, revocation: Revocation) -> None:
    credential = revocation.credential
    before = client.user_tokens(credential.known_holder.account_id)
    entry = _entry(before, credential)
    if entry is None:
        if revocation.deletion_sent_at is None:
            _require_second_witness(client, credential)
        conclude_revocation(claim, revocation, total=len(before))
        return
    if credential.listing_label and clean_label(entry.label) != credential.listing_label:
        raise AskHuman("the entry of the listing has another name now")
    _intend(claim, revocation)
    _delete(client, revocation)
    after = client.user_tokens(credential.known_holder.account_id)
    if _entry(after, credential) is not None:
        seconds = LOOK_AGAIN_AFTER[min(claim.attempt - 1, len(LOOK_AGAIN_AFTER) - 1)]
        raise _wait(revocation, Retry(reason=STILL_THERE, after=timedelta(seconds=seconds)), STILL_THERE)
    conclude_revocation(claim, revocation, total=len(after))


def _entry(listed: list[UserToken], credential: Credential) -> UserToken | None:
    return next((token for token in listed if token.id == credential.listing_id), None)


def _require_second_witness(client: AdminClient, credential: Credential) -> None:
    """Not in the person's list although we deleted nothing: the list of a disabled account may be empty, so the
    organisation's listing has to agree before anybody says "gone"."""
    try:
        listed = client.organisation_tokens(settings.ATLASSIAN_ORG_ID, q=search_words(credential), sort=STEADY_ORDER)
    except Permanent as error:
        raise AskHuman(
            f"it is not in the person's list, and the organisation's listing cannot confirm it: {error}"
        ) from error
    if any(token.id == credential.listing_id for token in listed):
        raise AskHuman("the person's list does not show it, but the organisation's listing does")


def _intend(claim: Claim, revocation: Revocation) -> None:
    """Write the intent before the call, while the row of work is still ours."""
    with hold(claim):
        if revocation.deletion_sent_at is None:
            revocation.deletion_sent_at = timezone.now()
        revocation.found_at = revocation.found_at or timezone.now()
        revocation.save(update_fields=["deletion_sent_at", "found_at"])


def _delete(client: AdminClient, revocation: Revocation) -> None:
    credential = revocation.credential
    assert credential.listing_id is not None
    answer = "204 No Content"
    try:
        client.delete_user_token(credential.known_holder.account_id, credential.listing_id)
    except NotFound:
        answer = NOT_FOUND
    except RemoteError as error:
        note_revocation(revocation, deletion_answer=str(error)[:60])
        raise
    note_revocation(revocation, deletion_answer=answer)


def note_revocation(revocation: Revocation, **fields: object) -> None:
    """Show on the page what happens; never on a finished row, whose evidence stands."""
    Revocation.objects.filter(pk=revocation.pk, finished_at=None).update(**fields)


def _wait(revocation: Revocation, outcome: Exception, because: str) -> Exception:
    note_revocation(revocation, waiting_because=because[:300])
    return outcome


def conclude_revocation(claim: Claim, revocation: Revocation, *, total: int) -> None:
    """The complete list was read again without it: it has ended, by us or not.

    Args:
        claim: the attempt.
        revocation: what was asked for and sent.
        total: how many others the list holds.
    """
    with Change(SYSTEM) as change:
        locked = _lock(revocation)
        finish(claim)
        locked.reread_at, locked.reread_total = change.at, total
        # "Revoked" is what we ended: with a 404 for an answer it was somebody else.
        if locked.deletion_sent_at is None or locked.deletion_answer == NOT_FOUND:
            end_revocation_as_gone(locked, change)
        else:
            end_as_revoked(locked, change)


def stop_revocation(claim: Claim, revocation: Revocation, because: str) -> None:
    """The machine may not go on: a person decides."""
    with Change(SYSTEM) as change:
        locked = _lock(revocation)
        finish(claim)
        stop_for_human(locked, change, because=because)


def _lock(revocation: Revocation) -> Revocation:
    locked = Revocation.objects.select_for_update().get(pk=revocation.pk)
    locked.credential = lock_credential(locked.credential_id)
    return locked


def revocation_gave_up(claim: Claim, reason: str) -> None:
    """A day of tries did not do it: a person decides. Runs in the work queue's transaction."""
    with Change(SYSTEM) as change:
        locked = Revocation.objects.select_for_update().get(pk=claim.payload["revocation"])
        if locked.finished_at is None:
            locked.credential = lock_credential(locked.credential_id)
            stop_for_human(locked, change, because=reason)
