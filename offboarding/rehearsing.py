"""The whole path of a plan by reading only: what would be sent, and what would keep it from working."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from django.conf import settings

from accounts.models import Workspace
from accounts.policy import ACTIVE
from bitbucket.admin import AdminClient
from bitbucket.errors import Permanent, Transient
from bitbucket.resources import ADMINISTRATOR_ROLE, ManagedAccount, UserToken
from offboarding.account_reading import organisation_tokens_found
from offboarding.grants import is_project_list_fresh, places_to_ask, places_with_grants
from offboarding.jobs.cut_tokens import NO_KEY
from offboarding.jobs.rights import NO_BOT
from offboarding.jobs.switch_off import AT_THE_PROVIDER
from offboarding.models import Plan
from offboarding.operations.advancing import served_workspaces
from offboarding.operations.hand_over import deploy_keys_of
from offboarding.states import Phase
from offboarding.suspension import switch_path
from tokens.clients import revoke_admin
from tokens.inventory.labels import clean_label
from tokens.inventory.moments import database_now
from tokens.inventory.person import WorkspaceRights, read_workspace_rights
from tokens.inventory.setup import bots, keys
from tokens.inventory.setup.keys import Bot
from tokens.models import Capability

# A page holds as many; the statement of the real run names every one.
CALLS_SHOWN = 100

Read = TypeVar("Read")


@dataclass(frozen=True)
class Rehearsed:
    """One part of the path.

    Attributes:
        phase: which phase it is of.
        title: what would be done.
        detail: to what, in words; never a secret.
        calls: the requests that would be sent.
    """

    phase: str
    title: str
    detail: str = ""
    calls: list[str] = field(default_factory=list)


@dataclass
class Rehearsal:
    """What a rehearsal told.

    Attributes:
        lines: the path, in its order.
        problems: what would keep it from working, in words.
        requests: how many were sent; each of them a GET.
        idp: whether the account has to be switched off at the identity provider.
    """

    lines: list[Rehearsed] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    requests: int = 0
    idp: bool = False

    def as_json(self, at: str) -> dict[str, Any]:
        """For the plan's row."""
        lines = [asdict(one) for one in self.lines]
        return {"at": at, "lines": lines, "problems": self.problems, "requests": self.requests, "idp": self.idp}

    def add(self, phase: Phase, title: str, detail: str = "", calls: Iterable[str] = ()) -> None:
        """One more part of the path."""
        wanted = list(calls)
        more = len(wanted) - CALLS_SHOWN
        shown = [*wanted[:CALLS_SHOWN], f"… and {more} more"] if more > 0 else wanted
        self.lines.append(Rehearsed(phase.value, title, detail, shown))

    def ask(self, what: str, call: Callable[[], Read]) -> Read | None:
        """One read. A refusal is a problem of the real run, too.

        Raises:
            Transient: worth another try.
        """
        self.requests += 1
        try:
            return call()
        except Permanent as error:
            self.problems.append(f"{what}: {error}")
            return None


def rehearse_plan(plan: Plan) -> Rehearsal:
    """Read everything that the real run reads first. No request changes anything.

    Raises:
        Transient: worth another try.
    """
    rehearsal, client = Rehearsal(), revoke_admin()
    if client is None:
        rehearsal.problems.append(NO_KEY)
    else:
        _cut(rehearsal, plan, client)
    has_keys = _keys(rehearsal, plan)
    bot = _bot(rehearsal, has_keys=has_keys)
    if bot is not None:
        for workspace in served_workspaces():
            _clean_up(rehearsal, plan, workspace, bot)
    _seats(rehearsal, plan)
    return rehearsal


def _cut(rehearsal: Rehearsal, plan: Plan, client: AdminClient) -> None:
    account_id = plan.person.account_id
    managed = rehearsal.ask("Whether the account can be managed", lambda: client.managed_account(account_id))
    rehearsal.idp = managed is not None and not managed.enablement_allowed
    if rehearsal.idp:
        why = managed.enablement.reason if managed and managed.enablement else ""
        rehearsal.add(Phase.CUT, "Deactivate at the identity provider", f"{AT_THE_PROVIDER}. {why}".strip())
    title = f"End {plan.person}'s sessions here and block sign-in"
    rehearsal.add(Phase.CUT, title, "In the portal, before anything is sent.")
    _tokens(rehearsal, plan, client, managed)
    _switch(rehearsal, client, account_id)


def _tokens(rehearsal: Rehearsal, plan: Plan, client: AdminClient, managed: ManagedAccount | None) -> None:
    account_id = plan.person.account_id
    tokens = rehearsal.ask("The account's list of tokens", lambda: client.user_tokens(account_id))
    _witness(rehearsal, plan, client)
    if managed and managed.token_deletion is not None and not managed.token_deletion.allowed:
        rehearsal.problems.append(f"Deleting tokens: Atlassian says no ({managed.token_deletion.reason})")
    if tokens is None:
        return
    names = ", ".join(map(_name, tokens)) or "none at this moment"
    calls = [f"DELETE /users/{account_id}/manage/api-tokens/{one.id}" for one in tokens]
    title = f"Delete {len(tokens)} API token{'' if len(tokens) == 1 else 's'}"
    rehearsal.add(Phase.CUT, title, f"{names}. Then the list is read until it is empty.", calls)


def _name(token: UserToken) -> str:
    return f"“{clean_label(token.label) or 'without a name'}” ({token.id})"


def _witness(rehearsal: Rehearsal, plan: Plan, client: AdminClient) -> None:
    """The second list: without it an empty list of an account that is off proves nothing."""
    rehearsal.ask(
        "The organisation's listing, which confirms that no token is left",
        lambda: organisation_tokens_found(client, plan.person),
    )


def _switch(rehearsal: Rehearsal, client: AdminClient, account_id: str) -> None:
    profile = rehearsal.ask("The account's profile", lambda: client.account_profile(account_id))
    if profile is None:
        return
    if profile.account_status != ACTIVE:
        rehearsal.add(Phase.CUT, "The account is off already", f"Its profile says {profile.account_status}.")
        return
    detail, calls = "Then it is read again.", [f"POST {switch_path(account_id)}"]
    if rehearsal.idp:
        detail, calls = "Whoever does it at the identity provider; the portal looks.", []
    rehearsal.add(Phase.CUT, "Switch the account off", detail, calls)


def _bot(rehearsal: Rehearsal, *, has_keys: bool) -> Bot | None:
    """The revoke bot, if its token works; what it lacks for the changes is told by its scopes and roles alone."""
    bot = rehearsal.ask("The revoke bot", keys.revoke_bot)
    if bot is None:
        rehearsal.problems.append(NO_BOT)
        return None
    if bot.is_refused:
        rehearsal.problems.append("The revoke bot: Bitbucket refuses its token (HTTP 401)")
        return None
    rehearsal.requests += len(settings.BITBUCKET_WORKSPACES)
    seen = bots.changes(bot)
    # Nobody who leaves gets a key.
    aside = {Capability.Name.ADD_DEPLOY_KEYS} | (set() if has_keys else {Capability.Name.DELETE_DEPLOY_KEYS})
    wanted = [one for one in seen if one.name not in aside]
    rehearsal.problems += [one.reason for one in wanted if one.level != Capability.Level.AUTOMATIC]
    return bot


def _clean_up(rehearsal: Rehearsal, plan: Plan, workspace: Workspace, bot: Bot) -> None:
    began = database_now()
    reading = read_workspace_rights(bot.client, plan.person, workspace, with_grants=False)
    rehearsal.requests += reading.requests
    trouble = [one for one in reading.unread if one.part != "explicit grants"]
    for one in trouble:
        if isinstance(one.error, Transient):
            raise one.error
        rehearsal.problems.append(f"{one.part} in {workspace}: {one.reason}")
    if reading.own_role and reading.own_role != ADMINISTRATOR_ROLE:
        rehearsal.problems.append(f"The revoke bot is only {reading.own_role} in {workspace}: nothing it reads counts")
    rights = WorkspaceRights(workspace, reading, began)
    known = places_with_grants(plan.person, workspace)
    live = [] if is_project_list_fresh(workspace) else rehearsal.ask("Projects", lambda: _projects(bot, workspace))
    ask = [
        one for one in places_to_ask(workspace, reading if rights.is_whole else None, live or []) if one not in known
    ]
    reached = (
        f"{len(reading.repositories)} repositories are reached" if rights.is_whole else "Rights cannot be narrowed"
    )
    detail = f"{reached}; {len(known)} grants are known, {len(ask)} more places will be asked."
    account = plan.person.uuid or plan.person.account_id
    calls = [f"DELETE {one.users_path(workspace.uuid)}/{account}" for one in known]
    rehearsal.add(Phase.CLEAN_UP, f"Remove grants by name in {workspace}", detail, calls)


def _projects(bot: Bot, workspace: Workspace) -> list[str]:
    return [one.key for one in bot.client.projects(workspace.uuid)]


def _keys(rehearsal: Rehearsal, plan: Plan) -> bool:
    names = [f"“{one.name}” of {one.place}" for one in deploy_keys_of(plan.person)]
    if names:
        title = f"Decide about {len(names)} deploy key{'' if len(names) == 1 else 's'}"
        detail = f"{', '.join(names)}. Machines live on them: nothing is deleted before an admin says so."
        rehearsal.add(Phase.CLEAN_UP, title, detail)
    return bool(names)


def _seats(rehearsal: Rehearsal, plan: Plan) -> None:
    seats = plan.person.seats.filter(workspace__uuid__in=settings.BITBUCKET_WORKSPACES).select_related("workspace")
    for seat in seats.order_by("pk"):
        title = f"Take the seat in {seat.workspace} away"
        rehearsal.add(
            Phase.HAND_OVER, title, "By hand: no API of Bitbucket does it. The portal looks until it is gone."
        )
