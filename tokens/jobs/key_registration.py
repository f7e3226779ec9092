"""Adding one approved deploy key and proving it.

Order: read the place's list → write down that the key is sent → add it → read the whole list again. An answer proves
nothing, and none proves nothing either: only a complete list with this key under our code does. Nothing is sent twice
without a look in between.
"""

from django.utils import timezone

from accounts.actors import SYSTEM
from bitbucket.cloud import CloudClient
from bitbucket.errors import Invalid, RemoteError
from bitbucket.resources import DeployKey
from tokens.catalogue.public_keys import parse_public_key
from tokens.codes import codes_in
from tokens.inventory.labels import clean_label
from tokens.jobs.keys import as_revoke_bot
from tokens.jobs.trouble import AskHuman, look_again
from tokens.key_place import KeyPlace
from tokens.models import KeyRegistration
from tokens.operations.change import Change
from tokens.operations.key_asking import known_elsewhere
from tokens.operations.key_registrations import (
    ADDED,
    conclude_registration,
    drop_registration,
    lock_registration,
    may_be_sent,
    note_stopped,
    stop_registration,
)
from workqueue.claims import Claim
from workqueue.holding import hold

NOT_SHOWN = "Bitbucket accepted the key, but the place's list does not show it"
LABEL_LENGTH = 128


def register_key(claim: Claim) -> None:
    """Bring one registration to its proven end, or as far as it goes now."""
    rows = KeyRegistration.objects.select_related(
        "request__template_version", "repository__workspace", "project__workspace"
    )
    registration = rows.get(pk=claim.payload["registration"])
    if registration.finished_at is not None:
        return
    as_revoke_bot(
        claim,
        lambda bot: _add_and_prove(claim, bot, registration),
        stop=lambda because: stop_registration(claim, registration, because),
        note=lambda because: _note(registration, waiting_because=because[:300]),
    )


def _add_and_prove(claim: Claim, bot: CloudClient, registration: KeyRegistration) -> None:
    place = KeyPlace(bot, registration.place)
    listed = place.keys()
    if _entry(listed, registration) is None:
        if not _intend(claim, registration):
            drop_registration(claim, registration)
            return
        _send(place, registration)
        listed = place.keys()
    entry = _entry(listed, registration)
    if entry is None:
        _note(registration, waiting_because=NOT_SHOWN)
        raise look_again(claim, NOT_SHOWN)
    conclude_registration(claim, registration, entry, total=len(listed))


def _entry(listed: list[DeployKey], registration: KeyRegistration) -> DeployKey | None:
    """The key among those of its place.

    Raises:
        AskHuman: it is there, and not because we added it.
    """
    request = registration.request
    entry = next((one for one in listed if one.key == request.public_key), None)
    if entry is not None and (registration.sent_at is None or request.code not in codes_in(entry.label)):
        raise AskHuman(
            f"this key is among the keys of {registration.place} already, as “{clean_label(entry.label)}”: ask again"
            " with a pair that the machine makes for this alone"
        )
    return entry


def _intend(claim: Claim, registration: KeyRegistration) -> bool:
    """Write the intent before the call, while the row of work is still ours and the request still wants it.

    Raises:
        AskHuman: the key is known elsewhere by now.
    """
    with hold(claim):
        locked = lock_registration(registration.pk)
        if not may_be_sent(locked, now=timezone.now()):
            return False
        fingerprint = parse_public_key(locked.request.public_key).fingerprint
        elsewhere = known_elsewhere(locked.request.public_key, fingerprint, besides=locked.request)
        if elsewhere:
            raise AskHuman(f"this key is known {elsewhere}: a pair is one machine's, at one place")
        if locked.sent_at is None:
            locked.sent_at = timezone.now()
            locked.save(update_fields=["sent_at"])
    registration.sent_at = locked.sent_at
    return True


def _send(place: KeyPlace, registration: KeyRegistration) -> None:
    request = registration.request
    try:
        place.add(key=request.public_key, label=request.credential_name[:LABEL_LENGTH])
    except Invalid as error:
        _note(registration, answer=str(error)[:200])
        # Refused as doubled where an earlier try arrived after all; the list tells.
        if _entry(place.keys(), registration) is None:
            raise AskHuman(_words_of(error)) from error
    except RemoteError as error:
        _note(registration, answer=str(error)[:200])
        raise
    else:
        _note(registration, answer=ADDED)


def _words_of(error: Invalid) -> str:
    said = error.detail or "the request was refused as invalid"
    if "already registered" in said:
        return (
            f"Bitbucket refused it (“{said}”): this key is in somebody's account, and a key opens either an account or"
            " a place. Ask again with a pair that the machine makes for this alone"
        )
    return f"Bitbucket refused it: “{said}”"


def _note(registration: KeyRegistration, **fields: object) -> None:
    """Show on the page what happens; never on a finished row, whose evidence stands."""
    KeyRegistration.objects.filter(pk=registration.pk, finished_at=None).update(**fields)


def registration_gave_up(claim: Claim, reason: str) -> None:
    """A day of tries did not do it: a person decides. Runs in the work queue's transaction."""
    with Change(SYSTEM) as change:
        locked = lock_registration(claim.payload["registration"])
        if locked.finished_at is None:
            note_stopped(locked, change, because=reason)
