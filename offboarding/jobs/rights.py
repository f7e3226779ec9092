"""What a leaver can still do in one workspace: read in one pass, then asked for place by place, in slices.

Before anything is removed, places that the inventory read lately are not asked again; after that, whatever is still
reached is. A 404 for one person's grant counts as "nothing was given" only beside our own right, read after it.
"""

from collections.abc import Sequence
from datetime import timedelta

from accounts.actors import SYSTEM
from accounts.models import Person, Workspace
from bitbucket.cloud import CloudClient
from bitbucket.errors import NotFound
from bitbucket.person_reading import PersonReading
from bitbucket.resources import ADMINISTRATOR_ROLE
from offboarding.evidence import Asked, note_read
from offboarding.grants import (
    PROJECT,
    REPOSITORY,
    Where,
    add_grants,
    is_project_list_fresh,
    places_to_ask,
    places_with_grants,
)
from offboarding.jobs.common import step_job
from offboarding.models import Step, Verdict
from offboarding.operations.advancing import add_proofs
from offboarding.operations.hand_over import add_membership
from offboarding.operations.rows import lock_plan
from offboarding.operations.step_ends import close_step
from offboarding.policy import ASKED_AGAIN_AT_MOST
from tokens.clients import REVOKE_BOT, revoke_bot
from tokens.inventory.moments import database_now
from tokens.inventory.person import WorkspaceRights, read_workspace_rights, trouble_of
from tokens.jobs.trouble import AskHuman
from tokens.models import EffectiveRight
from tokens.operations.change import Change
from tokens.operations.rights import write_rights
from workqueue.claims import Claim, postpone
from workqueue.holding import hold

ASKED_AT_ONCE = 50
PROOFS_AT_MOST = 5
NO_BOT = "no revoke bot is set up: take the grants away by hand"
_NOW = timedelta()


@step_job(REVOKE_BOT)
def read_rights(claim: Claim, step: Step) -> None:
    """Make a step for each grant that is to be removed."""
    bot, workspace = bot_for(step)
    if "ask" in step.target:
        _ask_on(claim, step, bot, workspace)
        return
    rights = read_pass(step, bot, workspace)
    known = places_with_grants(step.plan.person, workspace)
    projects = [] if is_project_list_fresh(workspace) else [one.key for one in bot.projects(workspace.uuid)]
    ask = places_to_ask(workspace, rights.reading if rights.is_whole else None, projects)
    with hold(claim):
        add_grants(step.plan, workspace, known)
        _remember(claim, step, rights, [one for one in ask if one not in known], known=len(known))


@step_job(REVOKE_BOT)
def prove_rights(claim: Claim, step: Step) -> None:
    """Read everything once more. What is new is taken away, and everything is read again after that."""
    bot, workspace = bot_for(step)
    if "ask" in step.target:
        _ask_on(claim, step, bot, workspace)
        return
    rights = read_pass(step, bot, workspace)
    projects = [one.key for one in bot.projects(workspace.uuid)]
    ask = places_to_ask_again(rights.reading, workspace, step.plan.person, projects)
    with hold(claim):
        _remember(claim, step, rights, ask, known=0)


def bot_for(step: Step) -> tuple[CloudClient, Workspace]:
    """The revoke bot, and the step's workspace.

    Raises:
        AskHuman: there is no bot.
    """
    bot = revoke_bot()
    if bot is None:
        raise AskHuman(NO_BOT)
    assert step.workspace is not None
    return bot, step.workspace


def require_right(bot: CloudClient, step: Step, workspace: Workspace) -> None:
    """Our own right, read now: what was not found before it may count as not there.

    Raises:
        AskHuman: it is gone, or cannot be seen.
    """
    role = own_role(bot, step, workspace, by=REVOKE_BOT)
    if role != ADMINISTRATOR_ROLE:
        raise AskHuman(_lost(role))


def own_role(bot: CloudClient, step: Step, workspace: Workspace, *, by: str) -> str:
    """A bot's own role in a workspace, noted as evidence; empty where Bitbucket shows none.

    Args:
        bot: asks.
        step: whose evidence it is.
        workspace: where.
        by: which bot it is, as the evidence names it.

    Raises:
        RemoteError: it cannot be read.
    """
    asked = Asked(f"GET /2.0/user/workspaces/{workspace.uuid}/permission", by)
    try:
        role = bot.my_role(workspace.uuid)
    except NotFound as error:
        note_read(step, asked, str(error), status=404)
        return ""
    note_read(step, asked, f"200, {role}")
    return role


def _lost(role: str) -> str:
    what = f"is {role}" if role else "cannot be seen any more"
    return f"the revoke bot's own role there {what}: it has to administer the workspace, or nothing it reads counts"


def read_pass(step: Step, bot: CloudClient, workspace: Workspace) -> WorkspaceRights:
    """One pass, without explicit grants.

    Raises:
        AskHuman: our own right is not there.
        RemoteError: a call failed.
    """
    began = database_now()
    reading = read_workspace_rights(bot, step.plan.person, workspace, with_grants=False)
    rights = WorkspaceRights(workspace, reading, began)
    error = trouble_of([rights])
    if error is not None and not isinstance(error, NotFound):
        raise error
    if reading.own_role != ADMINISTRATOR_ROLE:
        raise AskHuman(_lost(reading.own_role))
    reached = f"{len(reading.repositories)} repositories reached" if rights.is_whole else "rights not narrowed to one"
    note_read(
        step,
        Asked(f"GET /2.0/workspaces/{workspace.uuid}/permissions/repositories", REVOKE_BOT),
        f"200, {reached}; seat: {_seat(reading)}; own role: {reading.own_role}; {reading.requests} requests",
    )
    return rights


def _seat(reading: PersonReading) -> str:
    return "not known" if reading.is_member is None else "yes" if reading.is_member else "no"


def places_to_ask_again(
    reading: PersonReading, workspace: Workspace, person: Person, projects: Sequence[str]
) -> list[Where]:
    """Where the last pass asks: at every project and everything still reached, or what grew where that is too much."""
    rows = EffectiveRight.objects.filter(person=person, repository__workspace=workspace)
    before = dict(rows.values_list("repository__uuid", "permission"))
    is_many = len(reading.repositories) > ASKED_AGAIN_AT_MOST
    asked = [one for one in reading.repositories if not is_many or before.get(one.uuid) != one.permission]
    repositories = [Where(REPOSITORY, one.uuid or one.full_name.rpartition("/")[2], one.full_name) for one in asked]
    return [*(Where(PROJECT, key, key) for key in projects), *repositories]


def _remember(claim: Claim, step: Step, rights: WorkspaceRights, ask: list[Where], *, known: int) -> None:
    """What the pass showed, and where to ask; the asking is further attempts, each a slice."""
    reading = rights.reading
    unknown = write_rights(step.plan.person, [rights])
    if reading.is_member:
        add_membership(step.plan, rights.workspace, at=database_now())
    step.target |= {
        "ask": [one.as_list() for one in ask],
        "places": len(ask),
        "given": 0,
        "known": known,
        "reached": len(reading.repositories) if rights.is_whole else None,
        "is_member": reading.is_member,
        "unknown": sum(unknown.values()),
    }
    step.save(update_fields=["target"])
    postpone(claim, at=_NOW, reason=f"{len(ask)} places to ask")


def _ask_on(claim: Claim, step: Step, bot: CloudClient, workspace: Workspace) -> None:
    left = [Where(*one) for one in step.target["ask"]]
    if not left:
        _conclude(claim, step, workspace)
        return
    batch, rest = left[:ASKED_AT_ONCE], left[ASKED_AT_ONCE:]
    given = [where for where in batch if is_given(bot, step.plan.person, workspace, where)]
    require_right(bot, step, workspace)
    with hold(claim):
        add_grants(step.plan, workspace, given, round_number=_round(step) + 1)
        step.target |= {"ask": [one.as_list() for one in rest], "given": step.target["given"] + len(given)}
        step.save(update_fields=["target"])
        postpone(claim, at=_NOW, reason=f"{len(rest)} places to ask")


def _round(step: Step) -> int:
    return int(step.target.get("round", 0))


def is_given(bot: CloudClient, person: Person, workspace: Workspace, where: Where) -> bool:
    """Whether somebody was given something by name at a place. A no counts only beside `require_right`."""
    ask = bot.repository_user_grant if where.where == REPOSITORY else bot.project_user_grant
    try:
        return ask(workspace.uuid, where.address, person.uuid or person.account_id).is_given
    except NotFound:
        return False


def _conclude(claim: Claim, step: Step, workspace: Workspace) -> None:
    with Change(SYSTEM) as change:
        plan = lock_plan(step.plan_id)
        found, number = int(step.target["given"]), _round(step)
        if number and found:
            if number >= PROOFS_AT_MOST:
                raise AskHuman(f"grants were found in each of {number} passes: somebody gives them meanwhile")
            add_proofs(plan, round_number=number + 1, held=True)
            words = f"{found} grants were found; they are removed, and everything is read again"
            close_step(claim, step, change, Verdict.NOTHING, words)
            return
        words = _words(step)
        if number:
            listing = f"GET /2.0/workspaces/{workspace.uuid}/permissions/repositories, then each place's users"
            note_read(step, Asked(listing, REVOKE_BOT), f"200; {words}", proves=True)
        close_step(claim, step, change, Verdict.PROVEN, words)


def _words(step: Step) -> str:
    target = step.target
    reached = target["reached"]
    if not _round(step):
        what = "rights could not be narrowed to one person" if reached is None else f"{reached} repositories reached"
        return f"{what}; {target['known']} grants known, {target['given']} more at {target['places']} places asked"
    rest = f"{reached} repositories are reached through groups" if reached else "nothing is reached any more"
    if reached is None:
        rest = "what is reached through groups could not be narrowed to one person"
    return f"No grant by name is left at {target['places']} places asked; {rest}"
