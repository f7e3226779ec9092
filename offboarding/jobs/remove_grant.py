"""Taking one grant away and proving it: delete, then read the complete list of its place without the leaver."""

from collections.abc import Callable, Iterable
from functools import partial

from accounts.actors import SYSTEM
from bitbucket.cloud import CloudClient
from bitbucket.resources import UserGrant
from offboarding.evidence import Asked, note_read, send_change
from offboarding.grants import REPOSITORY, Where
from offboarding.jobs.common import step_job
from offboarding.jobs.rights import bot_for
from offboarding.models import Evidence, Step, Verdict
from offboarding.operations.rows import lock_plan
from offboarding.operations.step_ends import close_step
from tokens.clients import REVOKE_BOT
from tokens.jobs.trouble import look_again
from tokens.operations.change import Change
from tokens.operations.leaving import NOT_FOUND, end_grants
from workqueue.claims import Claim


@step_job(REVOKE_BOT)
def remove_grant(claim: Claim, step: Step) -> None:
    """One place. A 204 proves nothing, a 404 proves nothing: the list of the place does."""
    bot, workspace = bot_for(step)
    account = step.plan.person.uuid or step.plan.person.account_id
    calls = _Calls(bot, workspace.uuid, step.target)
    if not _was_deleted(step):
        _delete(claim, step, calls, account)
    listed = list(calls.grants())
    left = [one for one in listed if one.is_given and _is_theirs(one, step)]
    asked = Asked(f"GET {calls.path}", REVOKE_BOT, subject=step.target["name"])
    if left:
        note_read(step, asked, f"200, {len(listed)} listed, the leaver among them with {left[0].permission}")
        _delete(claim, step, calls, account)
        raise look_again(claim, "Bitbucket accepted the removal, and still lists the grant")
    with Change(SYSTEM) as change:
        lock_plan(step.plan_id)
        note_read(step, asked, f"200, {len(listed)} listed, the leaver is not among them", proves=True)
        end_grants(step.plan.person, workspace, step.target["where"], step.target["address"], at=change.at)
        close_step(claim, step, change, Verdict.PROVEN, "Removed, and the place's list was read again without it")


class _Calls:
    """The calls of one place, by what it is."""

    def __init__(self, bot: CloudClient, workspace: str, target: dict[str, str]) -> None:
        self._bot, self._workspace, self._address = bot, workspace, target["address"]
        where = Where(target["where"], target["address"], target["name"])
        self._is_repository = where.where == REPOSITORY
        self.path = where.users_path(workspace)

    def delete(self, account: str) -> None:
        bot = self._bot
        call: Callable[[str, str, str], None] = (
            bot.delete_repository_user_grant if self._is_repository else bot.delete_project_user_grant
        )
        call(self._workspace, self._address, account)

    def grants(self) -> Iterable[UserGrant]:
        bot = self._bot
        call = bot.repository_user_grants if self._is_repository else bot.project_user_grants
        return call(self._workspace, self._address)


def _was_deleted(step: Step) -> bool:
    """Whether an earlier attempt got an answer: its list is read first."""
    rows = Evidence.objects.filter(step=step, request__startswith="DELETE ", status__in=(204, 404))
    return rows.exists()


def _delete(claim: Claim, step: Step, calls: _Calls, account: str) -> None:
    asked = Asked(f"DELETE {calls.path}/{account}", REVOKE_BOT, subject=step.target["name"])
    send_change(claim, step, asked, partial(calls.delete, account), missing=NOT_FOUND)


def _is_theirs(grant: UserGrant, step: Step) -> bool:
    person = step.plan.person
    return (bool(person.uuid) and grant.user_uuid == person.uuid) or grant.account_id == person.account_id
