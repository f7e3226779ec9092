"""Looking again a day and a week after a plan has ended: what came back is found, nothing is taken away."""

from datetime import timedelta

from accounts.models import Person, Workspace
from accounts.policy import ACTIVE, INACTIVE
from bitbucket.admin import AdminClient
from bitbucket.cloud import CloudClient
from bitbucket.errors import NotFound, Permanent
from bitbucket.resources import OrganisationToken, UserToken
from offboarding.account_reading import own_list_of, profile_of, second_witness
from offboarding.evidence import Asked, note_read
from offboarding.grants import PROJECT, REPOSITORY, Where
from offboarding.jobs.common import step_job
from offboarding.jobs.cut_tokens import NO_KEY
from offboarding.jobs.deploy_key import PlaceKey
from offboarding.jobs.rights import (
    ASKED_AT_ONCE,
    NO_BOT,
    is_given,
    places_to_ask_again,
    read_pass,
    require_right,
)
from offboarding.models import Step, Verdict
from offboarding.operations.advancing import served_workspaces
from offboarding.operations.rechecking import report_nothing_back, report_return
from offboarding.operations.step_ends import stop_step
from offboarding.policy import ASKED_AGAIN_AT_MOST
from offboarding.recheck_look import Look
from offboarding.states import StepKind
from offboarding.suspension import is_suspended
from tokens.clients import REVOKE_BOT, REVOKE_KEY, revoke_admin, revoke_bot
from tokens.inventory.evaluation import evaluate_credentials
from tokens.inventory.labels import clean_label
from tokens.inventory.moments import database_now
from tokens.jobs.trouble import AskHuman
from tokens.models import Source
from tokens.operations import credential_circuits as circuits
from tokens.operations.observing import observe_page
from tokens.operations.rights import write_rights
from workqueue.claims import Claim, postpone
from workqueue.holding import hold

READ_BY = "re-check after leaving"
_NOW = timedelta()


@step_job(REVOKE_KEY)
def recheck(claim: Claim, step: Step) -> None:
    """Look at the tokens and the account, then at each workspace, in slices; a person hears of what came back."""
    look = Look.of(step)
    if not look.is_begun:
        _look_at_account(step, look)
    elif look.ask or look.workspaces:
        _look_at_workspace(claim, step, look)
    else:
        _conclude(claim, step, look)
        return
    with hold(claim):
        look.save(step)
        postpone(claim, at=_NOW, reason=f"{len(look.ask)} places to ask")


def _conclude(claim: Claim, step: Step, look: Look) -> None:
    with hold(claim):
        look.save(step, is_over=True)
        if look.found:
            report_return(claim, step, look.found, look.words)
        elif look.troubles:
            stop_step(claim, step, look.words)
        else:
            report_nothing_back(claim, step, look.words[:300], is_proven=look.is_witnessed)


def _look_at_account(step: Step, look: Look) -> None:
    client = revoke_admin()
    look.is_begun, look.workspaces = True, [one.pk for one in served_workspaces()]
    if client is None:
        look.troubles.append(NO_KEY)
        return
    person = step.plan.person
    is_on = _is_on(step, client, person)
    if is_on:
        look.found.append("the account is switched on again")
    theirs = _own_list(step, look, client, person)
    listed = second_witness(step, client)
    look.is_witnessed = is_on or listed is not None
    known = {one.id: one for one in listed or []}
    entries = [*known.values(), *(_entry(one, person) for one in theirs if one.id not in known)]
    if entries:
        page = observe_page(entries, read_by=READ_BY, source=Source.SYNC, at=database_now())
        evaluate_credentials(page.touched)
    look.found += [
        f"API token “{clean_label(one.label) or 'without a name'}” ({one.id}), made {one.created_at:%d %B %Y %H:%M} UTC"
        for one in entries
    ]


def _is_on(step: Step, client: AdminClient, person: Person) -> bool:
    profile = client.account_profile(person.account_id)
    note_read(step, profile_of(person), f"200, account_status {profile.account_status}")
    is_on = profile.account_status == ACTIVE and not is_suspended(client, step)
    Person.objects.filter(pk=person.pk).update(account_status=ACTIVE if is_on else INACTIVE)
    return is_on


def _own_list(step: Step, look: Look, client: AdminClient, person: Person) -> list[UserToken]:
    """Whether the list of an account that is off answers is told nowhere; a 404 shows nothing."""
    asked = own_list_of(person)
    try:
        listed = client.user_tokens(person.account_id)
    except NotFound as error:
        note_read(step, asked, str(error), status=404)
        look.troubles.append("the account's own list of tokens")
        return []
    note_read(step, asked, f"200, {len(listed)} listed")
    return listed


def _entry(token: UserToken, person: Person) -> OrganisationToken:
    """A token of the person's own list that the organisation's does not show (yet), as an entry of that."""
    return OrganisationToken(
        id=token.id,
        label=token.label,
        status="ALLOWED",
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_active_at=token.last_access,
        user_id=person.account_id,
        user_name=person.display_name,
        user_email=person.email,
        scopes=None,
    )


def _look_at_workspace(claim: Claim, step: Step, look: Look) -> None:
    """The bot's part. What keeps it from looking is no trouble of the key, and shuts nobody else's steps."""
    pk = look.workspace if look.ask and look.workspace is not None else look.workspaces[0]
    workspace = Workspace.objects.get(pk=pk)
    try:
        bot = revoke_bot()
        because = NO_BOT if bot is None else circuits.why_not(REVOKE_BOT, step.kind)
        if bot is None or because:
            raise AskHuman(because)
        if look.ask:
            _ask_some(step, look, bot, workspace)
        else:
            _read_workspace(claim, step, look, bot, workspace)
    except (AskHuman, Permanent) as problem:
        if isinstance(problem, Permanent):
            circuits.learn(REVOKE_BOT, step.kind, problem)
        look.troubles.append(f"{workspace}: {problem}")
        look.ask, look.workspaces = [], [one for one in look.workspaces if one != pk]


def _read_workspace(claim: Claim, step: Step, look: Look, bot: CloudClient, workspace: Workspace) -> None:
    person = step.plan.person
    rights = read_pass(step, bot, workspace)
    reading = rights.reading
    if reading.is_member:
        look.found.append(f"a seat in {workspace}")
    elif reading.is_member is None:
        look.troubles.append(f"whether there is a seat in {workspace}")
    if not rights.is_whole:
        look.troubles.append(f"what is reached in {workspace}")
    _look_at_keys(step, look, bot, workspace)
    projects = [one.key for one in bot.projects(workspace.uuid)]
    ask = places_to_ask_again(reading, workspace, person, projects)
    asked = {(one.where, one.address) for one in ask}
    ask += [one for one in _removed(step, workspace) if (one.where, one.address) not in asked]
    with hold(claim):
        write_rights(person, [rights])
    look.workspace, look.ask = workspace.pk, [one.as_list() for one in ask]
    look.workspaces = [one for one in look.workspaces if one != workspace.pk]


def _removed(step: Step, workspace: Workspace) -> list[Where]:
    """Where this plan took a grant away: a grant without a seat shows nowhere else."""
    steps = Step.objects.filter(plan=step.plan_id, kind=StepKind.REMOVE_GRANT, workspace=workspace).order_by("pk")
    targets = steps.values_list("target", flat=True)[:ASKED_AGAIN_AT_MOST]
    places = [Where(one["where"], one["address"], one["name"]) for one in targets]
    return list({(one.where, one.address): one for one in places if one.where in (PROJECT, REPOSITORY)}.values())


def _ask_some(step: Step, look: Look, bot: CloudClient, workspace: Workspace) -> None:
    batch = [Where(*one) for one in look.ask[:ASKED_AT_ONCE]]
    given = [one for one in batch if is_given(bot, step.plan.person, workspace, one)]
    require_right(bot, step, workspace)
    look.found += [f"a grant by name at {one.where} {one.name}" for one in given]
    look.ask, look.asked = look.ask[ASKED_AT_ONCE:], look.asked + len(batch)


def _look_at_keys(step: Step, look: Look, bot: CloudClient, workspace: Workspace) -> None:
    """Keys that this plan saw gone. The list of a place that is gone itself holds none."""
    deleted = Step.objects.filter(plan=step.plan_id, kind=StepKind.DEPLOY_KEY, verdict=Verdict.PROVEN)
    for one in deleted.filter(workspace=workspace).select_related(
        "credential__repository__workspace", "credential__project__workspace"
    ):
        if one.credential is None:
            continue
        key = PlaceKey(bot, one.credential)
        try:
            is_back = key.listed() is not None
        except NotFound as error:
            look.troubles.append(f"{one.title}: {error}")
            continue
        note_read(step, Asked(f"GET {key.path}", REVOKE_BOT, subject=f"key {key.id}"), f"200, {key.total} listed")
        if is_back:
            look.found.append(one.title)
