"""The rotate list: what the pipelines hold that the leaver could push to, place after place, in slices."""

from datetime import timedelta

from accounts.actors import SYSTEM
from accounts.models import Workspace
from bitbucket.cloud import CloudClient
from bitbucket.errors import RemoteError
from bitbucket.resources import ADMINISTRATOR_ROLE
from offboarding.evidence import Asked, note_read
from offboarding.jobs.common import step_job
from offboarding.jobs.rights import own_role
from offboarding.models import Step, Verdict
from offboarding.operations.rotating import leave_rotation, write_item
from offboarding.operations.rows import lock_plan
from offboarding.operations.step_ends import close_step
from offboarding.pipeline_holdings import Holdings
from offboarding.rotation import Rotation
from tokens.clients import AUDIT_BOT, audit_bot
from tokens.jobs.trouble import AskHuman
from tokens.models import Repository
from tokens.operations.change import Change
from workqueue.claims import Claim, postpone
from workqueue.holding import hold

NO_BOT = "no audit bot is set up: look by hand what the pipelines hold"
PLACES_AT_ONCE = 20
_NOW = timedelta()


@step_job(AUDIT_BOT)
def rotate(claim: Claim, step: Step) -> None:
    """Read the next places; when all are read, close the step or make it a person's task."""
    bot = audit_bot()
    if bot is None:
        raise AskHuman(NO_BOT)
    rotation = Rotation.of(step)
    if not rotation.left:
        _conclude(claim, step, bot, rotation)
        return
    try:
        _read_some(step, bot, rotation)
    except RemoteError:
        with hold(claim):
            rotation.save(step)
        raise
    with hold(claim):
        rotation.save(step)
        postpone(claim, at=_NOW, reason=f"{len(rotation.left)} places to read")


def _read_some(step: Step, bot: CloudClient, rotation: Rotation) -> None:
    holdings = Holdings(bot, step.plan.person)
    batch = rotation.left[:PLACES_AT_ONCE]
    pks = [one.pk for one in batch if one.is_repository]
    repositories = Repository.objects.select_related("workspace").in_bulk(pks)
    workspaces = Workspace.objects.in_bulk([one.pk for one in batch if not one.is_repository])
    for place in batch:
        if place.is_repository and place.pk in repositories:
            _read_repository(step, holdings, rotation, repositories[place.pk])
        elif place.pk in workspaces and not place.is_repository:
            read = holdings.of_workspace(workspaces[place.pk])
            write_item(step, read, workspace=workspaces[place.pk])
            rotation.note(read)
        rotation.go_on()


def _read_repository(step: Step, holdings: Holdings, rotation: Rotation, repository: Repository) -> None:
    if rotation.is_known_empty(repository):
        rotation.note_empty()
        return
    read = holdings.of_repository(repository)
    write_item(step, read, repository=repository)
    rotation.note(read)


def _conclude(claim: Claim, step: Step, bot: CloudClient, rotation: Rotation) -> None:
    """Whether the places that showed nothing count depends on our own right, read after them."""
    for workspace in Workspace.objects.filter(pk__in=rotation.workspaces).order_by("pk"):
        rotation.note_right(_trouble_with(step, bot, workspace))
    with Change(SYSTEM) as change:
        lock_plan(step.plan_id)
        note_read(step, Asked("", AUDIT_BOT), rotation.words(), status=None)
        if rotation.unread or step.items.exists():
            leave_rotation(claim, step, rotation, change)
            return
        rotation.save(step)
        close_step(claim, step, change, Verdict.NOTHING, f"Nothing is to be rotated: {rotation.words()}")


def _trouble_with(step: Step, bot: CloudClient, workspace: Workspace) -> str:
    role = own_role(bot, step, workspace, by=AUDIT_BOT)
    if not role:
        return f"the audit bot's own role in {workspace} cannot be seen"
    return "" if role == ADMINISTRATOR_ROLE else f"the audit bot is only {role} in {workspace}"
