"""Deleting one deploy key and proving it.

Order: read the place's list → write down that a deletion is sent → delete → read the whole list again. A 404 proves
nothing, a 204 proves nothing: only a complete list without the key does.
"""

from django.utils import timezone

from bitbucket.cloud import CloudClient
from bitbucket.errors import NotFound, RemoteError
from bitbucket.resources import DeployKey
from tokens.jobs.keys import as_revoke_bot
from tokens.jobs.revocation import conclude_revocation, note_revocation, stop_revocation
from tokens.jobs.trouble import AskHuman, look_again
from tokens.key_place import KeyPlace, key_id_of, place_of
from tokens.models import Credential, Revocation
from tokens.operations.leaving import NOT_FOUND
from workqueue.claims import Claim
from workqueue.holding import hold

STILL_THERE = "Bitbucket accepted the deletion, but the key is still in the list"


def delete_key(claim: Claim) -> None:
    """Bring the end of one deploy key to its proof, or as far as it goes now."""
    rows = Revocation.objects.select_related(
        "credential__request", "credential__repository__workspace", "credential__project__workspace"
    )
    revocation = rows.get(pk=claim.payload["revocation"])
    if revocation.finished_at is not None:
        return
    as_revoke_bot(
        claim,
        lambda bot: _delete_and_prove(claim, bot, revocation),
        stop=lambda because: stop_revocation(claim, revocation, because),
        note=lambda because: note_revocation(revocation, waiting_because=because[:300]),
    )


def _delete_and_prove(claim: Claim, bot: CloudClient, revocation: Revocation) -> None:
    credential = revocation.credential
    where = place_of(credential)
    if where is None or not key_id_of(credential):
        raise AskHuman("it is not known which key of which place this is")
    place = KeyPlace(bot, where)
    listed = place.keys()
    if _entry(listed, credential) is not None:
        _intend(claim, revocation)
        _delete(place, revocation)
        listed = place.keys()
        if _entry(listed, credential) is not None:
            note_revocation(revocation, waiting_because=STILL_THERE)
            raise look_again(claim, STILL_THERE)
    conclude_revocation(claim, revocation, total=len(listed))


def _entry(listed: list[DeployKey], credential: Credential) -> DeployKey | None:
    """The key among those of its place. By its public half as well, where that is known: a number is reused by nobody
    we know of, and a wrong deletion would stop somebody's machine.

    Raises:
        AskHuman: another key has its number.
    """
    entry = next((one for one in listed if one.id == key_id_of(credential)), None)
    request = credential.request
    if entry is not None and request is not None and request.public_key and entry.key != request.public_key:
        raise AskHuman("the list shows another key under its number")
    return entry


def _intend(claim: Claim, revocation: Revocation) -> None:
    """Write the intent before the call, while the row of work is still ours."""
    with hold(claim):
        now = timezone.now()
        revocation.deletion_sent_at = revocation.deletion_sent_at or now
        revocation.found_at = revocation.found_at or now
        revocation.save(update_fields=["deletion_sent_at", "found_at"])


def _delete(place: KeyPlace, revocation: Revocation) -> None:
    try:
        place.delete(key_id_of(revocation.credential))
    except NotFound:
        note_revocation(revocation, deletion_answer=NOT_FOUND)
    except RemoteError as error:
        note_revocation(revocation, deletion_answer=str(error)[:60])
        raise
    else:
        note_revocation(revocation, deletion_answer="204 No Content")
