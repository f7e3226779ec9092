"""Deleting every API token of one account, and proving it: list, delete one by one, list again until it is empty.

The call that ends every token of the organisation has no place here. A 404 proves nothing, a 204 proves nothing: only
a complete list that is empty does. The list of an account that is off may be empty for no reason
(https://jira.atlassian.com/browse/AX-684 tells only that its tokens still exist), so the organisation's own listing has
to agree then.
"""

from functools import partial

from accounts.actors import SYSTEM
from accounts.policy import ACTIVE
from bitbucket.admin import AdminClient
from bitbucket.errors import Permanent, Transient
from bitbucket.resources import UserToken
from offboarding.account_reading import own_list_of, second_witness
from offboarding.evidence import Asked, note_read, send_change
from offboarding.jobs.common import step_job
from offboarding.models import Evidence, Step, Verdict
from offboarding.operations.advancing import release
from offboarding.operations.rows import lock_plan
from offboarding.operations.step_ends import close_step
from offboarding.states import StepKind
from tokens.clients import REVOKE_KEY, revoke_admin
from tokens.inventory.labels import clean_label
from tokens.jobs.trouble import AskHuman, look_again
from tokens.operations.change import Change
from tokens.operations.leaving import NOT_FOUND, Deletion, end_api_tokens_of
from tokens.operations.revocations import portal_person
from workqueue.claims import Claim, Retry

# A leaver's script could make tokens as fast as we delete them, until the account is off.
ROUNDS = 5
NO_KEY = "this portal has no key that may delete tokens: delete them at Atlassian by hand"


@step_job(REVOKE_KEY)
def delete_tokens(claim: Claim, step: Step) -> None:
    """The first half of the cut. Whatever comes of it, the account is switched off next."""
    try:
        _delete_all(claim, step)
    except (Transient, Retry, AskHuman, Permanent):
        _switch_off_all_the_same(step)
        raise


@step_job(REVOKE_KEY)
def delete_late_tokens(claim: Claim, step: Step) -> None:
    """The second listing: what was made between the first one and the account's end."""
    _delete_all(claim, step, is_off=True)


def _switch_off_all_the_same(step: Step) -> None:
    with Change(SYSTEM):
        release(lock_plan(step.plan_id), StepKind.SWITCH_OFF)


def _delete_all(claim: Claim, step: Step, *, is_off: bool = False) -> None:
    client = revoke_admin()
    if client is None:
        raise AskHuman(NO_KEY)
    account_id = step.plan.person.account_id
    for _ in range(ROUNDS):
        listed = client.user_tokens(account_id)
        if not listed:
            _conclude(claim, step, client, is_off=is_off)
            return
        note_read(step, own_list_of(step.plan.person), f"200, {len(listed)} listed")
        for token in listed:
            _delete(claim, step, client, token)
    raise look_again(claim, "Atlassian accepted the deletions, and still lists tokens")


def _delete(claim: Claim, step: Step, client: AdminClient, token: UserToken) -> None:
    account_id = step.plan.person.account_id
    asked = Asked(
        f"DELETE /users/{account_id}/manage/api-tokens/{token.id}",
        REVOKE_KEY,
        subject=f"{clean_label(token.label) or 'without a name'} ({token.id})",
    )
    send_change(claim, step, asked, partial(client.delete_user_token, account_id, token.id), missing=NOT_FOUND)


def _conclude(claim: Claim, step: Step, client: AdminClient, *, is_off: bool) -> None:
    person = step.plan.person
    is_witnessed = not (is_off or person.account_status != ACTIVE) or _is_confirmed(claim, step, client)
    deletions = deletions_of(step)
    with Change(SYSTEM) as change:
        lock_plan(step.plan_id)
        asked = own_list_of(person)
        note_read(step, asked, "200, none listed", proves=is_witnessed)
        starter = step.plan.planned_by or portal_person()
        reason = f"{step.plan}: {person} leaves"
        end_api_tokens_of(person, change, deletions=deletions, asked_by=starter, reason=reason)
        deleted = sum(1 for one in deletions.values() if one.answer != NOT_FOUND)
        words = f"{deleted} deleted; the list was read again and is empty"
        if not is_witnessed:
            words += ", but no second list could confirm it for an account that is off"
        verdict = Verdict.PROVEN if is_witnessed else Verdict.DISABLED
        close_step(claim, step, change, verdict, words, result={"deleted": deleted})


def _is_confirmed(claim: Claim, step: Step, client: AdminClient) -> bool:
    """Whether the organisation's own listing shows none of theirs, either; False where it cannot be read.

    Raises:
        Retry: it still shows some; it may be late.
        AskHuman: it has shown some for too long.
    """
    theirs = second_witness(step, client)
    if theirs:
        raise look_again(
            claim, f"their own list is empty, but the organisation's listing shows {len(theirs)} of their tokens"
        )
    return theirs is not None


def deletions_of(step: Step) -> dict[str, Deletion]:
    """By the listing's id, what this plan sent to delete and what was answered; a lost answer counts as sent."""
    rows = Evidence.objects.filter(step__plan=step.plan_id, request__startswith="DELETE /users/").order_by("at", "id")
    found: dict[str, Deletion] = {}
    for row in rows:
        listing_id = row.request.rpartition("/")[2]
        known = found.get(listing_id)
        if known is None or known.answer == NOT_FOUND:
            found[listing_id] = Deletion(row.at, row.answer or "no answer was recorded")
    return found
