"""Looking whether a seat is still there. Only a 404 beside our own right to look shows that it is gone."""

from datetime import timedelta

from accounts.actors import SYSTEM
from bitbucket.errors import NotFound
from offboarding.evidence import Asked, note_read
from offboarding.jobs.common import step_job
from offboarding.jobs.rights import bot_for, require_right
from offboarding.models import Step, Verdict
from offboarding.operations.rows import lock_plan
from offboarding.operations.step_ends import close_step
from tokens.clients import REVOKE_BOT
from tokens.operations.change import Change
from workqueue.claims import Claim, postpone
from workqueue.holding import hold

# Somebody may be clicking at this moment; nobody is after an hour.
_PAUSES = ((10, timedelta(minutes=1)), (20, timedelta(minutes=5)))
_LONG = timedelta(minutes=30)


@step_job(REVOKE_BOT)
def membership(claim: Claim, step: Step) -> None:
    """Close the task when the seat is gone; look again later while it is not."""
    bot, workspace = bot_for(step)
    person = step.plan.person
    asked = Asked(f"GET /2.0/workspaces/{workspace.uuid}/members/{person.uuid or person.account_id}", REVOKE_BOT)
    try:
        bot.member(workspace.uuid, person.uuid or person.account_id)
    except NotFound:
        require_right(bot, step, workspace)
        with Change(SYSTEM) as change:
            lock_plan(step.plan_id)
            note_read(step, asked, "404 beside our own right to look", proves=True, status=404)
            person.seats.filter(workspace=workspace).delete()
            close_step(claim, step, change, Verdict.PROVEN, "The seat is gone")
        return
    with hold(claim):
        postpone(claim, at=_pause(claim.attempt), reason="The seat is still there; a person takes it away.")


def _pause(attempt: int) -> timedelta:
    return next((pause for most, pause in _PAUSES if attempt <= most), _LONG)
