"""Runs the probes of one group of keys, one after the other, and writes down what they saw."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.conf import settings
from django.utils import timezone

from bitbucket.errors import RateLimited, RemoteError, Transient, Unauthorized
from tokens import clients
from tokens.inventory.setup import accounts, bots, fixed, keys, organisation, workspaces
from tokens.inventory.setup.keys import Bot
from tokens.inventory.setup.person_filter import person_filter
from tokens.inventory.setup.seen import Level, Name, Seen, same_for_all
from tokens.inventory.setup.workspace_token import workspace_token
from tokens.models import Capability

Step = Callable[[], list[Seen]]


@dataclass
class Probed:
    """What a run saw, and what nobody could tell now: trouble on the way, never an answer."""

    seen: list[Seen] = field(default_factory=list)
    troubles: list[RemoteError] = field(default_factory=list)

    def do(self, step: Step) -> list[Seen]:
        """Do one probe; trouble with one keeps no other from being asked, except where our requests are used up."""
        if any(isinstance(trouble, RateLimited) for trouble in self.troubles):
            return []
        try:
            found = step()
        except (Transient, Unauthorized) as trouble:
            self.troubles.append(trouble)
            return []
        self.seen += found
        return found


def probe_with_audit_keys() -> Probed:
    """Everything that the audit key, the audit bot and the workspace access token can tell, and write it down."""
    started, probed = timezone.now(), Probed()
    probed.do(fixed.impossible)
    client = clients.audit_admin()
    bot = _bot(probed, keys.audit_bot, "audit")
    account_id = (bot.reading.account_id if bot else "") or next(iter(settings.PORTAL_ADMINS), "")
    if client is None:
        names = (Name.LIST_TOKENS, Name.READ_EVENTS)
        probed.do(partial(same_for_all, names, Level.MANUAL, organisation.NO_AUDIT_KEY))
    else:
        probed.do(partial(organisation.listing, client, account_id))
        probed.do(partial(organisation.events, client))
    if bot is not None:
        probed.do(partial(bots.audit_token, bot, client))
        for uuid in settings.BITBUCKET_WORKSPACES:
            _workspace(probed, bot, uuid)
    _write(probed, started)
    return probed


def probe_with_revoke_keys() -> Probed:
    """Everything that the revoke key and the revoke bot can tell, and write it down. Nothing is removed."""
    started, probed = timezone.now(), Probed()
    client = clients.revoke_admin()
    bot = _bot(probed, keys.revoke_bot, "revoke")
    probed.do(accounts.suspending)
    probed.do(partial(accounts.accounts, client, bot.client if bot else None))
    if bot is not None:
        probed.do(partial(bots.changes, bot))
        probed.do(partial(bots.revoke_token, bot, client))
    _write(probed, started)
    return probed


def _bot(probed: Probed, look: Callable[[], Bot | None], role: keys.Role) -> Bot | None:
    """A bot whose token works; what the others stand for is written down here."""
    looked: list[Bot] = []

    def step() -> list[Seen]:
        bot = look()
        if bot is None:
            return bots.absent(role)
        if bot.is_refused:
            return bots.refused(bot)
        looked.append(bot)
        return []

    probed.do(step)
    return looked[0] if looked else None


def _workspace(probed: Probed, bot: Bot, uuid: str) -> None:
    places: list[workspaces.Place] = []

    def enter() -> list[Seen]:
        place, seen = workspaces.entered(bot.client, uuid)
        places.extend([place] if place else [])
        return seen

    probed.do(enter)
    for place in places:
        account_id = bot.reading.account_id or ""
        steps: Iterable[Step] = (
            *workspaces.reads(bot, place),
            partial(workspaces.administration, bot.client, place),
            *([partial(person_filter, bot.client, place, account_id)] if account_id else []),
            partial(workspace_token, place),
        )
        for step in steps:
            probed.do(step)


def _write(probed: Probed, started: datetime) -> None:
    """Put it on the sheet, and take off what was about another set-up, such as a workspace that is served no more."""
    for seen in probed.seen:
        seen.write()
    if not probed.troubles:
        names = {seen.name for seen in probed.seen}
        Capability.objects.filter(name__in=names, observed_at__lt=started).delete()
