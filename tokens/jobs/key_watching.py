"""Looking at a key that is being replaced, and telling people about keys in time."""

from django.db import transaction

from bitbucket.errors import Permanent, Transient
from tokens.clients import audit_bot
from tokens.inventory.moments import database_now
from tokens.jobs.remote import outcome_from_error
from tokens.key_place import KeyPlace, place_of
from tokens.models import Credential
from tokens.operations import key_messages
from tokens.operations.key_rotations import settle_rotation, tell_of_rotation
from tokens.operations.observed_keys import observe_deploy_keys
from tokens.operations.reads import READ_BY_DEPLOY_KEYS
from tokens.presentation import days_left
from tokens.states import REGISTERED
from workqueue.claims import Claim, ExpectedFailure, finish


def watch_rotation(claim: Claim) -> None:
    """Read the place's list for the newest last uses, and decide."""
    credential = _credential(claim)
    place, bot = place_of(credential), audit_bot()
    if place is None or bot is None:
        raise ExpectedFailure("Nothing here can read the place's keys; whoever looks after the key decides.")
    began = database_now()
    try:
        listed = KeyPlace(bot, place).keys()
    except (Transient, Permanent) as error:
        raise outcome_from_error(error, attempt=claim.attempt) from error
    observe_deploy_keys(place, listed, read_by=READ_BY_DEPLOY_KEYS, at=began)
    said = settle_rotation(credential.pk)
    with transaction.atomic():
        finish(claim, reason=said)


def remind_key_end(claim: Claim) -> None:
    """Tell holder and deputy that a key will be deleted."""
    credential = _credential(claim)
    with transaction.atomic():
        finish(claim)
        days = days_left(credential)
        if credential.state in REGISTERED and days is not None:
            key_messages.tell_end_is_near(credential, days=days)


def tell_rotation(claim: Claim) -> None:
    """Tell holder and deputy why an older key is still there."""
    credential = _credential(claim)
    with transaction.atomic():
        finish(claim)
        if credential.ended_at is None:
            tell_of_rotation(credential, str(claim.payload["what"]))


def _credential(claim: Claim) -> Credential:
    rows = Credential.objects.select_related("holder", "request__deputy", "repository__workspace", "project__workspace")
    return rows.get(pk=claim.payload["credential"])
