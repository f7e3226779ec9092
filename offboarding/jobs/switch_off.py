"""Switching the account off, by the organisation's policy, and reading it again.

A web session and an SSH key have no admin API: the account being off is what stops them. Where the identity provider
owns the switch (https://jira.atlassian.com/browse/AX-186) a person turns it there, and the portal polls.
"""

from datetime import timedelta
from functools import partial

from django.conf import settings

from accounts.actors import SYSTEM
from accounts.models import Person
from accounts.policy import ACTIVE, INACTIVE
from bitbucket.admin import AdminClient
from offboarding.account_reading import profile_of
from offboarding.evidence import Asked, note_read, note_same, send_change
from offboarding.jobs.common import step_job
from offboarding.models import Step, Verdict
from offboarding.operations.rows import lock_plan
from offboarding.operations.step_ends import close_step, tell_provider
from offboarding.suspension import SUSPEND, is_policy, is_suspended, switch_path
from tokens.clients import REVOKE_KEY, revoke_admin
from tokens.jobs.trouble import AskHuman, look_again
from tokens.operations.change import Change
from tokens.operations.leaving import disable_credentials_of
from workqueue.claims import Claim, postpone

DISABLE = "disable"
AT_THE_PROVIDER = "Deactivate the account at the identity provider: Atlassian may not switch it off"
# Looked at every 20 s at first, because somebody may be clicking; every 5 minutes after ten minutes.
_SOON, _LATER, _SOON_LOOKS = timedelta(seconds=20), timedelta(minutes=5), 30
NO_KEY = "this portal has no key that may switch accounts off: suspend it in Atlassian's administration by hand"


@step_job(REVOKE_KEY)
def switch_off(claim: Claim, step: Step) -> None:
    """Switch the account off, unless it is; then read that it is."""
    client = revoke_admin()
    if client is None:
        raise AskHuman(NO_KEY)
    if _where_off(client, step):
        _conclude(claim, step, "It was off already")
        return
    if not _may_switch(client, step):
        _wait_for_provider(claim, step)
        return
    how = _send(claim, step, client)
    where = _where_off(client, step)
    if not where:
        raise look_again(
            claim, f"Atlassian accepted to {how} the account, but its profile still says that it is active"
        )
    _conclude(claim, step, f"{'Suspended' if how == SUSPEND else 'Disabled'}, and its {where} says so")


def _where_off(client: AdminClient, step: Step) -> str:
    """What says that the account is off: profile or directory; empty where nothing does."""
    profile = client.account_profile(step.plan.person.account_id)
    asked = profile_of(step.plan.person)
    answer = f"200, account_status {profile.account_status}"
    if profile.account_status != ACTIVE:
        note_read(step, asked, answer, proves=True)
        return "profile"
    note_same(step, asked, answer)
    return "directory" if is_suspended(client, step) else ""


def _may_switch(client: AdminClient, step: Step) -> bool:
    account_id = step.plan.person.account_id
    managed = client.managed_account(account_id)
    words = "allowed" if managed.enablement_allowed else "not allowed"
    reason = managed.enablement.reason if managed.enablement else ""
    asked = Asked(f"GET /users/{account_id}/manage", REVOKE_KEY)
    note_same(step, asked, f"200, lifecycle.enablement {words}" + (f" ({reason})" if reason else ""))
    return managed.enablement_allowed


def _send(claim: Claim, step: Step, client: AdminClient) -> str:
    """Send the change that the settings choose; returns which it was."""
    account_id = step.plan.person.account_id
    how = SUSPEND if is_policy() else DISABLE
    org, directory = settings.ATLASSIAN_ORG_ID, settings.ATLASSIAN_DIRECTORY_ID
    if how == SUSPEND:
        call = partial(client.suspend_account, org, directory, account_id)
    else:
        call = partial(client.disable_account, account_id)
    send_change(claim, step, Asked(f"POST {switch_path(account_id)}", REVOKE_KEY), call)
    return how


def _wait_for_provider(claim: Claim, step: Step) -> None:
    """A plan, no failure: however long it takes, the portal looks again, and admins were told once."""
    with Change(SYSTEM) as change:
        tell_provider(step, AT_THE_PROVIDER, change)
        postpone(claim, at=_SOON if claim.attempt <= _SOON_LOOKS else _LATER, reason=AT_THE_PROVIDER)


def _conclude(claim: Claim, step: Step, words: str) -> None:
    with Change(SYSTEM) as change:
        lock_plan(step.plan_id)
        person = Person.objects.select_for_update(no_key=True).get(pk=step.plan.person_id)
        person.account_status = INACTIVE
        person.save(update_fields=["account_status"])
        disable_credentials_of(person, change, because="its account is off; it would come back with it")
        close_step(claim, step, change, Verdict.PROVEN, words)
