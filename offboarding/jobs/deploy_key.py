"""Deleting one deploy key after an admin said so, and proving it with the complete list of its place."""

from datetime import timedelta

from accounts.actors import SYSTEM
from bitbucket.cloud import CloudClient
from bitbucket.resources import DeployKey
from offboarding.evidence import Asked, note_read, send_change
from offboarding.jobs.common import step_job
from offboarding.jobs.rights import bot_for
from offboarding.models import Evidence, KeyDecision, Step, Verdict
from offboarding.operations.rows import lock_plan
from offboarding.operations.step_ends import close_step
from tokens.clients import REVOKE_BOT
from tokens.jobs.trouble import AskHuman, look_again
from tokens.key_place import KeyPlace, key_id_of, place_of
from tokens.models import Credential
from tokens.operations.change import Change
from tokens.operations.leaving import NOT_FOUND, Deletion, end_deploy_key
from tokens.operations.revocations import portal_person
from workqueue.claims import Claim, postpone
from workqueue.holding import hold

LOOK_AGAIN = timedelta(minutes=30)
BEING_REPLACED = "It is being replaced; whoever does that deletes it when the new one works, and the portal sees it."
UNDECIDED = "An admin decides: keep it with a new owner, replace it, or delete it."


@step_job(REVOKE_BOT)
def deploy_key(claim: Claim, step: Step) -> None:
    """Delete it, or see that whoever replaces it did; nothing happens to a key about which nobody decided."""
    if step.decision not in (KeyDecision.DELETE, KeyDecision.ROTATE):
        raise AskHuman(UNDECIDED)
    bot, _ = bot_for(step)
    credential = step.credential
    if credential is None or credential.listing_id is None:
        raise AskHuman("it is not known which key of its place this is")
    key = PlaceKey(bot, credential)
    if key.listed() is not None:
        if step.decision == KeyDecision.ROTATE:
            with hold(claim):
                postpone(claim, at=LOOK_AGAIN, reason=BEING_REPLACED)
            return
        _delete(claim, step, key)
        if key.listed() is not None:
            note_read(step, Asked(f"GET {key.path}", REVOKE_BOT), f"200, {key.total} listed, this one among them")
            raise look_again(claim, "Bitbucket accepted the deletion, and still lists the key")
    _conclude(claim, step, key, credential)


class PlaceKey:
    """One key among those of its place.

    Args:
        bot: who asks.
        credential: the key.

    Raises:
        AskHuman: nobody knows where it is.
    """

    def __init__(self, bot: CloudClient, credential: Credential) -> None:
        place = place_of(credential)
        if place is None:
            raise AskHuman("it is not known where this key is")
        self._place, self.id = KeyPlace(bot, place), key_id_of(credential)
        self.path = self._place.path
        self.total = 0

    def listed(self) -> DeployKey | None:
        """Read the complete list of the place."""
        found = self._place.keys()
        self.total = len(found)
        return next((one for one in found if one.id == self.id), None)

    def delete(self) -> None:
        """Send the deletion."""
        self._place.delete(self.id)


def _delete(claim: Claim, step: Step, key: PlaceKey) -> None:
    asked = Asked(f"DELETE {key.path}/{key.id}", REVOKE_BOT, subject=f"key {key.id}")
    send_change(claim, step, asked, key.delete, missing=NOT_FOUND)


def _conclude(claim: Claim, step: Step, key: PlaceKey, credential: Credential) -> None:
    sent = Evidence.objects.filter(step=step, request__startswith="DELETE ").order_by("-at", "-id").first()
    deletion = Deletion(sent.at, sent.answer or "no answer was recorded") if sent else None
    with Change(SYSTEM) as change:
        plan = lock_plan(step.plan_id)
        note_read(
            step,
            Asked(f"GET {key.path}", REVOKE_BOT),
            f"200, {key.total} listed, this one is not among them",
            proves=True,
        )
        end_deploy_key(
            credential,
            change,
            deletion=deletion,
            left=key.total,
            asked_by=step.decided_by or portal_person(),
            reason=f"{plan}: {plan.person} leaves",
        )
        close_step(claim, step, change, Verdict.PROVEN, "Deleted, and the place's list was read again without it")
